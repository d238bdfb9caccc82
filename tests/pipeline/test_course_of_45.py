"""A course of 45 through a whole term: two TDs, the project, and all that people decide about them.

The students are those of a real Moodle's worksheet. At the end every score is worked out anew from the gradebook's file
alone, by other code (`recomputed`), and `history` adds up to it to the last hundredth.
"""

import csv
import re
import unicodedata
import zipfile
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from grader import worksheet
from grader.cli import appeal, decide, defences, grade, mark, purge, release  # noqa: F401  (each adds its command)
from grader.cli.main import cli
from grader.errors import UserError
from tests.cli.conftest import GOOD, SCALE, class_folder, course, surdix  # noqa: F401  (fixtures)
from tests.cli.project import add_project
from tests.moodle.moodle_files import REAL
from tests.pipeline import recomputed

SHEET = "moodle45-a-individual-worksheet-fr.csv"
WRONG = GOOD.replace("2 *", "3 *")
ANSWERS = ((GOOD + SCALE, 9.0), (GOOD, 5.0), (WRONG + SCALE, 7.5), ("def double(x):\n    raise ValueError(x)\n", 0.0))
DUE = "2020-11-23T22:00:00+01:00"
LATE, EXTENDED, ABSENT = ("23", "10", "44"), ("42", "4"), ("7", "13", "41")
EXAMINERS = ("Marie Curie", "Alan Turing", "Ada Lovelace")


@pytest.fixture
def term(surdix, course, tmp_path, monkeypatch):  # noqa: F811
    """The course with its project, its class list, and a way to decide: every command says what it did, or exits 2."""
    monkeypatch.setenv("SURDIX_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "300")
    add_project(course)
    students = tmp_path / "class.csv"  # five years ago, so that all dates have passed
    students.write_bytes((REAL / SHEET).read_bytes().replace(b"novembre 2026", b"novembre 2020"))
    sheet = worksheet.read(students)

    def decided(command, *arguments, status=0, **options):
        if command not in ("history", "purge"):
            arguments = (*arguments, "--course", course.folder)
        done = CliRunner().invoke(cli, [command, *map(str, arguments)], **options)
        if isinstance(done.exception, UserError):
            assert status == 2, done.exception
            return str(done.exception)
        assert (done.exit_code, done.exception) == (status, None), done.output
        return done.output

    def graded(td, archive, out, roster, *options):
        done = surdix("grade", td, archive, "--out", out, "--roster", roster, "--jobs", 2, *options)
        assert done.status == 0, done.err
        return done

    ids = [row.student_id for row in sheet.rows]
    assert len(ids) == 45
    names = {row.student_id: row["name"] for row in sheet.rows}
    return SimpleNamespace(
        roster=students, sheet=sheet, ids=ids, names=names, decided=decided, graded=graded, course=course, tmp=tmp_path
    )


def test_every_score_of_a_term_is_explained_and_can_be_worked_out_again(term):
    first, second, project = (term.tmp / name for name in ("td1", "td2", "project"))
    the_first_td(term, first)
    the_second_td(term, second)
    the_project(term, project)
    for out in (first, second, project):
        is_explained(term, out)
        if out != first:
            term.decided("release", out, "--yes")
    purged(term, first, second, project)


def the_first_td(term, out):
    """Late files, extensions, a voided check, overrides, an appeal, and a release that has to wait."""
    policy(term, "tdm", late_per_day=1, late_cap=3, grace_minutes=60, absent="zero")
    owed = handed_in(term, term.tmp / "td1.zip")
    term.graded("tdm", term.tmp / "td1.zip", out, term.roster, "--due", DUE)
    points = {**owed, **dict.fromkeys(ABSENT, 0.0)}
    for one in LATE:  # a day and 52 minutes after it was due: the grace leaves one day
        points[one] -= 1.0
    assert scores(out) == {one: max(0.0, exact) for one, exact in points.items()}
    assert any(points[one] > 0 for one in EXTENDED)  # and nothing was taken from them

    term.decided("extend", out, LATE[0], "--until", "2020-11-25T00:00:00+01:00", "--why", "ill")
    points[LATE[0]] += 1.0
    term.decided("void", out, "keeps_signs", "--give", "--why", "zeros have no sign")
    for one in owed:
        points[one] += 2.0 if owed[one] == 0.0 else 0.0  # all others had them
    assert scores(out) == {one: max(0.0, exact) for one, exact in points.items()}

    table = term.tmp / "marks.csv"
    term.decided("mark", out, "--csv", table)
    filled(
        table,
        lambda place, row: {"proof (of 1)": str(place % 5 / 4), "proof comment": "p. 2" if place % 7 == 0 else ""},
    )
    term.decided("mark", out, "--read", table, "--who", "Emmy Noether")
    best, worst = (one for one in term.ids if owed.get(one) == 9.0), (one for one in term.ids if owed.get(one) == 0.0)
    chosen, poor = next(best), next(worst)
    term.decided("override", out, chosen, "--check", "doubles", "--points", 2.5, "--why", "a slip in the sheet")
    term.decided("override", out, poor, "--points", 4, "--why", "the idea was right")
    assert scores(out)[poor] == 4.0
    asks = next(one for one in term.ids if owed.get(one) == 5.0)
    before = scores(out)[asks]
    term.decided("appeal", out, asks, "--request", "My Scale is in the other file.")
    term.decided("appeal", out, asks, "--answer", "So it is.", "--check", "scale_backward", "--points", 4)
    assert scores(out)[asks] == before + 4.0
    page = (out / "feedback" / f"{asks}.html").read_text()
    assert "My Scale is in the other file." in page and "So it is." in page
    too_many = term.decided("override", out, chosen, "--points", 11, "--why", "more", status=2)
    assert "points must be from 0 to 10, not 11" in too_many

    term.decided("extend", out, EXTENDED[1], "--until", "2999-01-01T00:00:00+01:00", "--why", "in hospital")
    assert "may hand in until 2999-01-01" in term.decided("release", out, status=2)
    term.decided("extend", out, EXTENDED[1], "--until", "2020-12-01T00:00:00+01:00", "--why", "is back")
    assert "Solutions are out" in term.decided("release", out)
    assert "np.multiply" in (out / "feedback" / f"{poor}.html").read_text()


def the_second_td(term, out):
    """The best of two hand-ins counts, lateness included; points above 10, and quarters."""
    policy(term, "tdm", late_per_day=2, late_cap=10, counts="best", rounding=0.25, maximum=11)
    checks = term.course.td / "checks.py"
    checks.write_text(
        checks.read_text() + '\n@manual("2", points=1, bonus=True)\ndef more():\n    """Say what else is linear."""\n'
    )
    early, late = term.tmp / "early.csv", term.tmp / "late.csv"
    owed = handed_in(term, term.tmp / "early.zip")
    term.graded("tdm", term.tmp / "early.zip", out, listed(term, early, "2021-01-10T12:00:00+01:00"))
    again = handed_in(term, term.tmp / "late.zip", shift=1)
    term.graded("tdm", term.tmp / "late.zip", out, listed(term, late, "2021-01-11T12:00:00+01:00"))
    assert scores(out) == {**{one: max(owed[one], again[one] - 2.0) for one in owed}, **dict.fromkeys(ABSENT)}
    table = term.tmp / "more.csv"
    term.decided("mark", out, "--csv", table)
    filled(table, lambda place, row: {"proof (of 1)": "1", "more (of 1)": "0,6" if place % 2 else "1"})
    term.decided("mark", out, "--read", table)
    assert max(score for score in scores(out).values() if score is not None) == 11.0
    term.decided("void", out, "doubles", "--drop", "--why", "it was in the lecture's notes")
    term.decided("comment", out, term.ids[0], "Well argued.")


def the_project(term, out):
    """Fifteen teams of three, two juries, a person's adjustment; one team handed in nothing."""
    teams = {one: f"team-{place // 3 + 1}" for place, one in enumerate(sorted(term.ids, key=int))}
    archive, roster = term.tmp / "project.zip", term.tmp / "teams.csv"
    with zipfile.ZipFile(archive, "w") as new:
        for number in range(1, 15):
            new.writestr(f"team-{number}/project.py", GOOD if number % 3 else WRONG)
    lines = [[one, term.names[one], teams[one]] for one in term.ids]
    write_csv(roster, [["student_id", "name", "team"], *lines])
    in_two = term.tmp / "in_two.csv"
    write_csv(in_two, [["student_id", "name", "team"], *lines, [lines[0][0], "", "team-99"]])
    refused = CliRunner().invoke(
        cli,
        list(map(str, ["grade", "project", archive, "--out", out, "--roster", in_two, "--course", term.course.folder])),
    )
    assert f"{lines[0][0]} is in two teams, {lines[0][2]} and team-99" in str(refused.exception)
    term.graded("project", archive, out, roster)

    juries = term.tmp / "juries.csv"
    write_csv(
        juries,
        [
            ["start", "end", "room", "examiners"],
            ["2027-01-14T09:00+01:00", "2027-01-14T12:00+01:00", "B12", "Marie Curie; Alan Turing"],
            ["2027-01-14T09:00+01:00", "2027-01-14T12:00+01:00", "B14", "Ada Lovelace"],
        ],
    )
    assert "14 of 14 slots are new" in term.decided("defences", out, "--juries", juries)
    sheets = [out / "defences" / f"{name}.csv" for name in EXAMINERS]
    silent = sorted(one for one in term.ids if teams[one] == "team-2")[0]
    for number, sheet in enumerate(sheets):

        def of_jury(place, row, number=number):
            if row["id"] == silent:
                return {"adjustment": "-0.75" if number else "-1", "reason": "did not know their code"}
            return (
                {"talk (of 3)": str((place + number) % 4), "talk comment": "clear", "understanding (of 3)": "2,5"}
                if row["when"]
                else {}
            )

        filled(sheet, of_jury)
    said = term.decided("defences", out, *(part for sheet in sheets for part in ("--read", sheet)))
    assert re.search(r"[1-9]\d* marks, [12] adjustments?", said), said
    table = term.tmp / "reports.csv"
    term.decided("mark", out, "--csv", table)
    filled(table, lambda place, row: {"report (of 2)": "1.5"})
    assert "All is marked." in term.decided("mark", out, "--read", table)
    term.decided("adjust", out, next(one for one in term.ids if teams[one] == "team-3"), "--by", 0.5, "--why", "led it")
    found = scores(out)
    for team in sorted(set(teams.values())):
        theirs = {found[one] for one in term.ids if teams[one] == team}
        assert len(theirs) == (2 if team in ("team-2", "team-3") else 1), team
    assert {found[one] for one in term.ids if teams[one] == "team-15"} == {None}


def policy(term, td, **keys):
    toml = term.course.folder / "assignments" / td / "assignment.toml"
    text = toml.read_text().partition("[policy]")[0]
    lines = [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in keys.items()]
    toml.write_text(text + "[policy]\n" + "\n".join(lines) + "\n")


def handed_in(term, archive, shift=0):
    """An archive as Moodle gives it, of all who handed in; student → the points of the checks."""
    owed = {}
    with zipfile.ZipFile(archive, "w") as new:
        for place, row in enumerate(row for row in term.sheet.rows if row.student_id not in ABSENT):
            text, owed[row.student_id] = ANSWERS[(place + shift) % len(ANSWERS)]
            folder = f"{worksheet.folder_name(row['name'])}_{row.student_id}_assignsubmission_file"
            new.writestr(f"{folder}/tdm.py", text)
    return owed


def listed(term, path, at):
    """A roster of a time, noon of a day, for all who handed in; due at that noon of the tenth."""
    rows = [[one, term.names[one], "" if one in ABSENT else at, "2021-01-10T12:00:00+01:00"] for one in term.ids]
    write_csv(path, [["student_id", "name", "handed_in_at", "due"], *rows])
    return path


def write_csv(path, lines):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def filled(path, cells):
    """Fill in a table: `cells` gives, of a row's place and its cells by title, the new ones by title."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        titles, *lines = csv.reader(file)
    rows = [dict(zip(titles, line, strict=True)) for line in lines]
    for place, row in enumerate(rows):
        row.update(cells(place, row))
    assert all(list(row) == titles for row in rows)
    write_csv(path, [titles, *(row.values() for row in rows)])


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: float(row["score"]) if row["score"] else None for row in csv.DictReader(file)}


def is_explained(term, out):
    """What `history` adds up ends in the score, and so does the gradebook's file read by other code."""
    found = scores(out)
    again = recomputed.scores(out / "gradebook.sqlite")
    assert {one: again[one] for one in found} == found and set(found) == set(term.ids)
    for one, score in found.items():
        told = term.decided("history", out, one)
        if score is None:
            assert "There is no score." in told
            continue
        numbers = re.findall(r"^│ (.+?) +│ +([+-]?[0-9.]+) │$", told.partition("The score")[2], re.MULTILINE)
        *parts, (last, total) = numbers
        assert last == "score" and float(total) == score, told
        assert sum(float(points) for _, points in parts) == pytest.approx(score, abs=1e-5), told


def purged(term, *folders):
    """Nothing of a person stays."""
    for out in folders:
        assert "files removed" in term.decided("purge", out, "--yes")
        (kept,) = out.iterdir()
        text = unicodedata.normalize("NFC", kept.read_text())
        assert kept.name == "statistics.json" and not any(name in text for name in (*term.names.values(), *EXAMINERS))
