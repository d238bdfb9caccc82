"""Reports → worksheet and zip → Moodle: every row fares as was forecast, and every page reaches its student."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from grader import worksheet
from grader.contract import Note, Status
from grader.exports.forecast import Fate
from tests.exports.exports_samples import report
from tests.exports.moodle_classes import BY_TEAM, exported, made_up
from tests.exports.moodle_importer import Refused, Site
from tests.exports.moodle_upload import uploaded
from tests.moodle.moodle_files import REAL, WORKSHEETS


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


def test_who_is_not_in_the_worksheet_reads_nothing_of_a_team_mate(tmp_path: Path) -> None:
    """Moodle gives a team's page to all of it, also where a worksheet has the row of one member alone."""
    text = (REAL / "c-team-worksheet-en.csv").read_text(encoding="utf-8")
    header, *rows = text.splitlines(keepends=True)
    trio = [row for row in rows if "Trio" in row]
    path = tmp_path / "one.csv"
    path.write_text(header + trio[0], encoding="utf-8")
    reports = made_up(REAL / "c-team-worksheet-en.csv", False)
    members = [one for one in reports if one.team == "team-31"]
    for moved in range(len(members)):
        told = [replace(one, score=9.99) if place == moved else one for place, one in enumerate(members)]
        done = exported(path, told, tmp_path / f"{moved}")
        assert not done.placed.attachments and {note.key for _, note in done.placed.left} == {"members_differ"}
    assert len(exported(path, members, tmp_path / "alike").placed.attachments) == 1


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


def test_a_teams_name_may_come_with_accents_apart(tmp_path: Path) -> None:
    path = REAL / "c-team-worksheet-en.csv"
    done = exported(path, [report("team-24", name=unicodedata.normalize("NFD", "Léquipe dAngelo"))], tmp_path)
    assert [line.row["team"] for line in done.forecast.lines if line.grade is Fate.TAKEN] == ["L'équipe d'Angelo"]


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
