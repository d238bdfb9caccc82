"""Reports → worksheet and zip → Moodle: every row fares as was forecast, and every page reaches its student."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import worksheet
from grader.contract import Note, Report, Status
from grader.errors import UserError
from grader.exports import comment as commenting
from grader.exports import feedback, forecast, matching, moodle
from grader.exports.comment import comment
from grader.exports.forecast import Fate
from tests.exports.exports_samples import report
from tests.exports.moodle_classes import BY_TEAM, REAL, WORKSHEETS, Written, exported, made_up, page, said
from tests.exports.moodle_importer import Refused, Site, php_write
from tests.exports.moodle_teams import teams


def uploaded(path: Path, done: Written, *, box: bool, west: bool = False) -> Site:
    """Upload what was exported as the worksheet's own teacher would, and hold it against the forecast."""
    site = Site.of(path, teams(path) if path in BY_TEAM else None)
    language = worksheet.read(path).language
    data = done.worksheet.read_bytes()
    before = {number: replace(one.record) if one.record else None for number, one in site.students.items()}
    counts = site.worksheet(data, language, box=box, west=west)
    assert counts == done.forecast.counts(box, west)
    sentence = "Updated {} grades and {} feedback instances." if language == "en" else "{} notes et {} instances de "
    assert sentence.format(*counts) in done.forecast.answer(box, west)
    attached = done.placed.attached()
    for line in done.forecast.lines:
        number = int(line.row.student_id)
        record, old = site.students[number].record, before[number]
        scored = line.report is not None and line.report.score is not None
        team = site.students[number].team
        assert line.report is None or line.report.student_id in (str(number), f"team-{team or 'default'}")
        assert (line.grade is not Fate.NONE) == scored
        if line.grade.happens(box, west):
            assert line.report is not None and line.report.score is not None and record is not None
            assert record.grade == expected(line.report.score, site), line
        else:
            assert (record.grade if record else -1.0) == (old.grade if old else -1.0), line
        if line.comment.happens(box, west):
            assert line.report is not None and record is not None
            assert record.comment == said(line.report, line.row.student_id in attached)
        else:
            assert (record.comment if record else "") == (old.comment if old else "")
        plain = line.grade is Fate.TAKEN and line.comment is Fate.TAKEN
        assert plain or line.reasons, f"{line} is not taken, and nobody is told why"
    reached: set[int] = set()
    for zipped, _ in done.zips:
        reached |= site.feedback(zipped.read_bytes())
    assert {str(number) for number in reached} == attached
    for entry in done.placed.attachments:
        for row in entry.rows:
            assert site.students[int(row.student_id)].files == {"feedback.html": page(entry.report, entry.team)}
    return site


def expected(score: float, site: Site) -> float:
    if site.scale:
        return 1.0 + (score >= 5) + (score >= 7) + (score >= 9)
    return score


@pytest.mark.parametrize("team_reports", [False, True], ids=["students", "teams"])
@pytest.mark.parametrize("path", WORKSHEETS, ids=lambda path: path.stem)
def test_every_real_worksheet(tmp_path: Path, path: Path, team_reports: bool) -> None:
    if team_reports and path not in BY_TEAM:
        team_reports = False
    reports = made_up(path, team_reports)
    done = exported(path, reports, tmp_path)
    assert done.worksheet == tmp_path / path.name
    for box in (False, True):
        for west in (False, True):
            uploaded(path, done, box=box, west=west)
    grades, comments = done.forecast.counts(box=True)
    assert grades > 10 and comments > 10, "the test would be of nothing"
    given, written = worksheet.read(path), worksheet.read(done.worksheet)
    changed = {given.columns["grade"], given.columns["comment"]}
    for before, after in zip(given.table, written.table, strict=True):
        assert [c for at, c in enumerate(before) if at not in changed] == [
            c for at, c in enumerate(after) if at not in changed
        ]
    assert {mode for file in tmp_path.iterdir() if (mode := file.stat().st_mode & 0o777)} == {0o600}


def test_the_two_teams_of_one_name(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-fr.csv"
    done = exported(path, made_up(path, True), tmp_path)
    named = {line.row.student_id: line.reasons[0] for line in done.forecast.lines if line.row["team"] == "Équipe 1"}
    assert len(named) == 6
    assert {note.key for note in named.values()} == {"two_teams"}
    assert all(note.values["ids"] == ["team-22", "team-27"] for note in named.values())
    assert done.forecast.no_row == () and done.forecast.findings
    with_roster = exported(path, made_up(path, False), tmp_path / "again")
    filled = {line.row.student_id for line in with_roster.forecast.lines if line.grade is Fate.TAKEN}
    assert set(named) <= filled
    entries = {entry.name.split("/")[0] for entry in with_roster.placed.attachments}
    assert {"Équipe 1_22_assignsubmission_file", "Équipe 1_27_assignsubmission_file"} <= entries


def test_who_is_in_no_team_gets_no_page(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-en.csv"
    for reports in (made_up(path, True), made_up(path, False)):
        done = exported(path, reports, tmp_path)
        lonely = {row.student_id for row, note in done.placed.left if note.key == "default_team"}
        assert len(lonely) == 10
        assert not lonely & done.placed.attached()
        assert all(line.grade is Fate.TAKEN for line in done.forecast.lines if line.row.student_id in lonely)


def test_a_team_of_unlike_results_gets_no_common_page(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-en.csv"
    reports = made_up(path, False)
    trio = [one for one in reports if one.team == "team-31"]
    other = [one for one in reports if one.team != "team-31"]
    mended = [replace(trio[0], score=9.99), *trio[1:]]
    done = exported(path, [*other, *mended], tmp_path)
    assert {note.key for row, note in done.placed.left if row["team"] == "Trio"} == {"members_differ"}
    uploaded(path, done, box=False)


def test_a_team_that_handed_nothing_in_gets_no_strangers_score(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-en.csv"
    done = exported(path, [report("team-34", name="NoSubmit"), report("team-31", name="Trio")], tmp_path)
    keys = {line.row["team"]: line.reasons[0].key for line in done.forecast.lines if line.grade is Fate.NONE}
    assert keys["NoSubmit"] == "nothing_handed_in" and keys["G14"] == "not_here" and "Trio" not in keys


def test_a_teams_number_may_be_a_students_too(tmp_path: Path) -> None:
    """Without a roster a team's folder is a name and a number, as a student's: 479 is Élodie, and here a team."""
    path = REAL / "c-team-worksheet-en.csv"
    trio, none = report("479", name="Trio", score=3.0), report("27", name="Équipe 1")
    done = exported(path, [trio, none, report("22", name="Équipe 1"), report("462", name="Zoé Ñúñez")], tmp_path)
    taken = {line.row["name"]: line for line in done.forecast.lines if line.grade is Fate.TAKEN}
    assert {line.row["team"] for name, line in taken.items() if name != "Zoé Ñúñez"} == {"Trio"}
    assert [entry.name.split("/")[0] for entry in done.placed.attachments] == ["Trio_479_assignsubmission_file"]
    elodie = next(line for line in done.forecast.lines if line.row.student_id == "479")
    assert elodie.reasons[0].key == "two_teams" and elodie.reasons[0].values["ids"] == ["team-22", "team-27"]
    assert not done.forecast.no_row


def test_a_students_number_may_be_their_teams_too(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-en.csv"
    done = exported(path, [report("464", name="Anne", team="team-464")], tmp_path)
    assert [line.row.student_id for line in done.forecast.lines if line.grade is Fate.TAKEN] == ["464"]


def test_who_is_absent_gets_no_page(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-en.csv"
    absent = report("478", status=Status.ABSENT, score=0.0, team="NoSubmit")
    done = exported(path, [absent], tmp_path)
    assert (done.forecast.counts(), done.zips, done.placed.left) == ((1, 1), (), ())
    record = uploaded(path, done, box=False).students[478].record
    assert record is not None and record.grade == 0.0 and "attached" not in record.comment


def test_one_name_with_two_times_is_left_alone(tmp_path: Path) -> None:
    """Only one of two teams of a name was graded: the times tell that there are two."""
    path = tmp_path / "in" / "w.csv"
    path.parent.mkdir()
    text = (REAL / "c-team-worksheet-en.csv").read_text(encoding="utf-8")
    lines = [
        line.replace("8:51 PM", "7:51 PM") if "Lucas Martin" in line or "Maximiliana" in line else line
        for line in text.splitlines(keepends=True)
    ]
    path.write_text("".join(lines), encoding="utf-8")
    done = exported(path, [report("team-22", name="Équipe 1")], tmp_path)
    keys = {line.reasons[0].key for line in done.forecast.lines if line.row["team"] == "Équipe 1"}
    assert keys == {"two_times"}


def test_already_graded_rows(tmp_path: Path) -> None:
    for language, fate in (("fr", Fate.BOX), ("en", Fate.ZONE)):
        path = REAL / f"i-already-graded-worksheet-{language}.csv"
        reports = [report(row.student_id, score=8.0) for row in worksheet.read(path).rows]
        done = exported(path, reports, tmp_path / language)
        by_email = {line.row["email"][:3]: line for line in done.forecast.lines}
        assert by_email["s01"].grade is by_email["s01"].comment is fate
        assert [note.key for note in by_email["s01"].reasons] == ["was", fate.value]
        assert by_email["s05"].grade is fate, "a comment without a grade makes a record, too"
        assert by_email["s07"].grade is Fate.SAME and by_email["s07"].comment is fate
        assert by_email["s08"].grade is by_email["s09"].grade is Fate.SKIPPED
        assert by_email["s08"].comment is Fate.TAKEN and by_email["s08"].reasons == (Note("locked"),)
        assert by_email["s10"] == replace(by_email["s10"], grade=Fate.TAKEN, comment=Fate.TAKEN, reasons=())
        assert done.forecast.needs_box and done.forecast.findings
        for box in (False, True):
            uploaded(path, done, box=box)


def small(path: Path, *rows: Sequence[str], header: Sequence[str] = (), language: str = "en") -> Path:
    """A worksheet of one's own, as Moodle would write it: rows of number, name, grade and comment."""
    titles = {
        "en": ("Identifier", "Full name", "Status", "Grade", "Maximum grade", "Grade can be changed"),
        "fr": ("Identifiant", "Nom complet", "Statut", "Note", "Note maximale", "La note peut être modifiée"),
    }[language]
    ends = {
        "en": ("Last modified (grade)", "Feedback comments"),
        "fr": ("Dernière modification (note)", "Feedback par commentaires"),
    }[language]
    path.parent.mkdir(exist_ok=True)
    lines = [list(header or (*titles, *ends)), *map(list, rows)]
    path.write_bytes(("\ufeff" + "".join(map(php_write, lines))).encode())
    return path


def row(number: int, name: str = "Ada", grade: str = "", most: str = "10.00", said: str = "") -> list[str]:
    return [f"Participant {number}", name, "Submitted for grading -  - ", grade, most, "Yes", "-", said]


@pytest.mark.parametrize(
    ("most", "score", "grade", "keys"),
    [
        ("5.00", 8.0, 4.0, ["scaled"]),
        ("20.00", 7.77, 15.54, ["scaled"]),
        ("5.00", 7.77, 3.89, ["scaled"]),  # 3.885, half up
        ("10.00", 7.77, 7.77, []),
        ("5.00", 10.5, -1.0, ["scaled"]),  # by a person; Moodle skips it
    ],
)
def test_another_maximum_is_met(tmp_path: Path, most: str, score: float, grade: float, keys: list[str]) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, most=most))
    done = exported(path, [report("7", score=score)], tmp_path, to_maximum=True)
    site = Site.of(path)
    assert site.worksheet(done.worksheet.read_bytes(), "en") == done.forecast.counts()
    record = site.students[7].record
    assert record is not None and record.grade == grade
    assert [note.key for note in done.forecast.notes] == keys
    assert [note.key for note in done.forecast.lines[0].reasons] == ["over"] * (grade < 0)
    assert done.forecast.findings == (grade < 0)


@pytest.mark.parametrize("most", ["20.00", "5.00", "7,50"])
def test_another_maximum_is_refused(tmp_path: Path, most: str) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, most=most), row(8, most=most))
    said = rf"w\.csv: grades there are out of {float(most.replace(',', '.')):g} .*--scale-to-maximum"
    with pytest.raises(UserError, match=said) as error:
        exported(path, [report("7", score=8.0)], tmp_path / "to")
    assert "\n" not in str(error.value) and not (tmp_path / "to").exists()
    nobody = exported(path, [report("7", score=None, status=Status.CRASHED)], tmp_path / "to")
    assert nobody.forecast.counts() == (0, 0), "where there is nothing to write there is nothing to refuse"


def test_a_row_without_a_score_stays_as_it_is(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, grade="4.00", said="seen"), row(8, grade="7,5"), row(9))
    done = exported(path, [report("7", score=None, status=Status.CRASHED), report("1")], tmp_path)
    rows = worksheet.read(done.worksheet).rows
    assert (rows[0]["grade"], rows[0]["comment"]) == ("4.00", "seen")
    assert rows[1]["grade"] == "7.5", "a spreadsheet's comma, which English Moodle reads as 7"
    assert [[note.key for note in line.reasons] for line in done.forecast.lines] == [
        ["crashed"],
        ["not_here", "comma"],
        ["not_here"],
    ]
    assert done.forecast.lines[1].reasons[1].values == {"was": "7,5", "now": "7.5"}
    assert [note.key for note in done.forecast.notes] == ["flattened"]
    assert [one.student_id for one in done.forecast.no_row] == ["1"] and done.forecast.findings


@pytest.mark.parametrize("grade", ["7,5", "1,000,000", "sept", " 7.5", ""])
def test_a_french_comma_and_what_is_no_number_stay(tmp_path: Path, grade: str) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, grade=grade), language="fr" if grade == "7,5" else "en")
    done = exported(path, [], tmp_path)
    assert worksheet.read(done.worksheet).rows[0]["grade"] == done.forecast.lines[0].cell == grade
    assert [note.key for note in done.forecast.lines[0].reasons] == ["not_here"]


def test_an_absent_student_with_a_score_by_policy(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7), row(8))
    reports = [report("7", score=0.0, status=Status.ABSENT), report("8", score=None, status=Status.ABSENT)]
    done = exported(path, reports, tmp_path)
    assert [(one.cell, one.grade) for one in done.forecast.lines] == [("0", Fate.TAKEN), ("", Fate.NONE)]
    assert done.forecast.answer() == "Updated 1 grades and 1 feedback instances."
    assert not done.forecast.findings


def test_an_export_that_was_uploaded_before_changes_nothing(tmp_path: Path) -> None:
    one = report("7", score=7.5)
    path = small(tmp_path / "in" / "w.csv", row(7, grade="7.50", said=re.sub("<[^>]+>", "   ", said(one, True))))
    done = exported(path, [one], tmp_path)
    assert (done.forecast.lines[0].grade, done.forecast.lines[0].comment) == (Fate.SAME, Fate.SAME)
    other = exported(path, [report("7", score=7.5, late=True)], tmp_path)
    assert (other.forecast.lines[0].grade, other.forecast.lines[0].comment) == (Fate.SAME, Fate.TAKEN)


def test_drafts_are_told(tmp_path: Path) -> None:
    drafted = row(8)
    drafted[2] = "Draft (not submitted) -  - "
    path = small(tmp_path / "in" / "w.csv", row(7), drafted, row(9))
    done = exported(path, [report("7", draft=True), report("8"), report("9")], tmp_path)
    assert [[note.key for note in line.reasons] for line in done.forecast.lines] == [["draft"], ["draft"], []]
    assert done.forecast.counts() == (3, 3)


def test_a_teams_name_may_come_with_accents_apart(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-en.csv"
    done = exported(path, [report("team-24", name=unicodedata.normalize("NFD", "Léquipe dAngelo"))], tmp_path)
    assert [line.row["team"] for line in done.forecast.lines if line.grade is Fate.TAKEN] == ["L'équipe d'Angelo"]


def test_a_worksheet_that_moodle_refuses_as_a_whole(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", ["Participant 7", "x", ""], header=["Identifier", "Status", "Grade"])
    with pytest.raises(UserError, match="'Last modified \\(grade\\)' is missing"):
        exported(path, [report("7")], tmp_path)


def test_what_a_spreadsheet_saved_is_written_in_moodles_form(tmp_path: Path) -> None:
    path = tmp_path / "in" / "w.csv"
    path.parent.mkdir()
    text = (REAL / "a-individual-worksheet-fr.csv").read_text(encoding="utf-8-sig")
    path.write_bytes("\r\n".join(text.replace(";", " ").replace(",", ";").splitlines()).encode("utf-8"))
    with pytest.raises(Refused):
        Site.of(REAL / "a-individual-worksheet-fr.csv").worksheet(path.read_bytes(), "fr")
    done = exported(path, made_up(path, False), tmp_path)
    assert "spreadsheet" in [note.key for note in done.forecast.notes]
    site = Site.of(REAL / "a-individual-worksheet-fr.csv")
    assert site.worksheet(done.worksheet.read_bytes(), "fr") == done.forecast.counts()


def test_comments_that_moodle_does_not_look_at(tmp_path: Path) -> None:
    titles = ["Identifier", "Status", "Grade", "Last modified (grade)"]
    cells = ["Participant 7", "Submitted for grading", "", "-"]
    for header, line, key in (
        (["Feedback comments", *titles], ["", *cells], "comment_first"),
        (titles, cells, "no_comments"),
    ):
        path = small(tmp_path / key / "w.csv", line, header=header)
        done = exported(path, [report("7")], tmp_path)
        assert key in [note.key for note in done.forecast.notes]
        path_of_state = small(tmp_path / "state" / "w.csv", row(7))
        assert Site.of(path_of_state).worksheet(done.worksheet.read_bytes(), "en") == done.forecast.counts() == (1, 0)


def test_a_cell_of_moodles_own_that_it_cannot_read_back(tmp_path: Path) -> None:
    path = small(tmp_path / "in" / "w.csv", row(7, name="C:\\"), row(8))
    done = exported(path, [report("7"), report("8")], tmp_path)
    assert done.forecast.notes == (Note("backslash", {"row": 2, "column": "Full name"}),)
    assert done.forecast.findings, "there is a cell to empty before the upload"
    with pytest.raises((Refused, AssertionError)):
        site = Site.of(small(tmp_path / "state" / "w.csv", row(7), row(8)))
        assert site.worksheet(done.worksheet.read_bytes(), "en") == done.forecast.counts()


def test_zips_are_split_between_pages(tmp_path: Path) -> None:
    path = REAL / "a-individual-worksheet-en.csv"
    reports = made_up(path, False)
    whole = exported(path, reports, tmp_path)
    assert [file.name for file, _ in whole.zips] == ["feedback.zip"]
    size = whole.zips[0][0].stat().st_size
    done = exported(path, reports, tmp_path, max_mb=size / 3 / 2**20)
    names = [file.name for file, _ in done.zips]
    assert names == [f"feedback-{place}.zip" for place in range(1, len(names) + 1)] and len(names) in (3, 4, 5)
    assert all(file.stat().st_size <= size / 3 for file, _ in done.zips)
    assert sum(count for _, count in done.zips) == whole.zips[0][1]
    assert not (tmp_path / "feedback.zip").exists(), "nobody uploads an older one by mistake"
    uploaded(path, done, box=False)
    tiny = exported(path, reports, tmp_path, max_mb=1e-9)
    assert len(tiny.zips) == whole.zips[0][1], "a page is never split"


def test_the_same_export_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-fr.csv"
    one, two = (exported(path, made_up(path, False), tmp_path / name) for name in ("1", "2"))
    assert one.zips[0][0].read_bytes() == two.zips[0][0].read_bytes()
    assert one.worksheet.read_bytes() == two.worksheet.read_bytes()


# Would a wrong exporter be seen?


def unescaped(text: str, limit: int) -> str:
    return text.replace("differs", 'it says \\"no\\"')


def no_number(owner: str, number: str) -> str:
    return f"{owner}_n{number}_assignsubmission_file/feedback.html"


FILLED = worksheet.Worksheet.filled


def with_commas(self: worksheet.Worksheet, cells: dict[int, dict[str, str]]) -> worksheet.Worksheet:
    return FILLED(self, {place: {k: v.replace(".", ",") for k, v in those.items()} for place, those in cells.items()})


def next_row(sheet: worksheet.Worksheet, reports: Sequence[Report]) -> matching.Matched:
    found = matching.match(sheet, reports)
    return replace(found, reports=(*found.reports[1:], found.reports[0]))


MUTANTS: list[tuple[str, Any, str, Callable[..., Any]]] = [
    ("a comma", worksheet.Worksheet, "filled", with_commas),
    ("a backslash", commenting, "shown", unescaped),
    ("no number", feedback, "_path", no_number),
    ("next row", moodle, "match", next_row),
    ("no box", forecast, "locked", lambda row, language: False),
    ("same", forecast, "_same", lambda old, new: False),
]


@pytest.mark.parametrize(("what", "module", "name", "wrong"), MUTANTS, ids=[mutant[0] for mutant in MUTANTS])
def test_a_wrong_exporter_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, module: Any, name: str, wrong: Callable[..., Any]
) -> None:
    path = REAL / "i-already-graded-worksheet-en.csv"
    reports = [report(one.student_id, score=7.5) for one in worksheet.read(path).rows]
    reports[1] = replace(reports[1], score=6.25)
    uploaded(path, exported(path, reports, tmp_path), box=True)
    monkeypatch.setattr(module, name, wrong)
    with pytest.raises((AssertionError, Refused)):
        uploaded(path, exported(path, reports, tmp_path), box=True)


# Anything that people may be called or say

printable = st.characters(exclude_categories=["Cc", "Cs"])
names = st.text(printable, max_size=40) | st.sampled_from(["=1+1", "O'Brien", 'a, "b"', "_148_", "@SUM", "王 小明"])
messages = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.lists(
    st.sampled_from(["\\", '"', "\n", "'", "=1+1", "</p>", "<script>", ",", ";", '\\"', "&amp;", "`x`", "\x1b[2J"])
).map("".join)
scores = st.floats(0, 10).map(lambda value: round(value, 2))


CODE = re.compile("`([^`]+)`")


@dataclass(frozen=True)
class Person:
    name: str
    message: str
    score: float


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(st.builds(Person, names, messages, scores), min_size=1, max_size=5),
    language=st.sampled_from(["en", "fr"]),
)
def test_any_name_any_text_any_score(tmp_path: Path, people: list[Person], language: str) -> None:
    # A backslash in a name is Moodle's own trouble, which the forecast tells of.
    people = [replace(person, name=person.name.replace("\\", "/")) for person in people]
    rows = [row(number, person.name) for number, person in enumerate(people, 1)]
    path = small(tmp_path / "in" / "w.csv", *rows, language=language)
    reports = []
    for number, person in enumerate(people, 1):
        one = report(str(number), name=person.name, score=person.score)
        verdict = replace(one.verdicts[0], message=Note("said", {"text": person.message}))
        reports.append(replace(one, verdicts=(verdict,)))

    def spoken(key: str, values: Any, language: str = "en") -> str:
        return str(values.get("text", key))

    done = exported(
        path,
        reports,
        tmp_path / "out",
        comment=lambda one, attached: comment(one, None, spoken, language, attached=attached),
        page=lambda one, team: one.name.encode(),
    )
    site = Site.of(path)
    assert site.worksheet(done.worksheet.read_bytes(), language) == (len(people), len(people)) == done.forecast.counts()
    assert len(site.feedback(done.zips[0][0].read_bytes())) == len(people)
    for number, person in enumerate(people, 1):
        student = site.students[number]
        assert student.record is not None and student.record.grade == person.score
        said = student.record.comment
        assert said.startswith("<p>") and "\n" not in said and "\\" not in said and "<script" not in said
        shown = html.unescape(re.sub(r"<[^>]+>", "", said))
        plain = " ".join(commenting.UNSEEN.sub(" ", person.message).split())
        assert CODE.sub(r"\1", plain) in shown
        assert student.files == {"feedback.html": person.name.encode()}
