"""Grading worksheets: the real ones of `real/` (its README says where they come from), and what people make of them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from grader import worksheet
from grader.errors import UserError
from tests.moodle.moodle_files import REAL, WORKSHEETS


@pytest.mark.parametrize("path", WORKSHEETS, ids=lambda path: path.stem)
def test_a_worksheet_is_written_back_byte_for_byte(path):
    read = worksheet.read(path)
    assert read.text().encode() == path.read_bytes()
    assert read.language == path.stem[-2:]
    assert all(row.student_id.isdigit() for row in read.rows)


def test_only_the_cells_that_were_filled_change(tmp_path):
    read = worksheet.read(REAL / "a-individual-worksheet-fr.csv")
    filled = read.filled({3: {"grade": "7.5", "comment": 'dit "non", <p>', "no such column": "x"}})
    (tmp_path / "again.csv").write_text(filled.text(), encoding="utf-8")
    again = worksheet.read(tmp_path / "again.csv")
    assert again.rows[3]["grade"] == "7.5" and again.rows[3]["comment"] == 'dit "non", <p>'
    assert [row.cells for place, row in enumerate(again.rows) if place != 3] == [
        row.cells for place, row in enumerate(read.rows) if place != 3
    ]


@pytest.mark.parametrize("encoding, delimiter", [("utf-16", "\t"), ("cp1252", ";"), ("utf-8", ";"), ("utf-8-sig", ",")])
def test_what_a_spreadsheet_saves_is_read(tmp_path, encoding, delimiter):
    text = (REAL / "f-scale-worksheet-fr.csv").read_text(encoding="utf-8-sig")
    header, row = text.splitlines()[:2]
    path = tmp_path / "saved.csv"
    path.write_bytes("\r\n".join([header, row]).replace(",", delimiter).encode(encoding, "replace"))
    read = worksheet.read(path)
    assert read.language == "fr" and read.has("scale") and read.delimiter == delimiter


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "empty"),
        ("name,points\nZoé,3\n", "no grading worksheet"),
        ("Identifier,Full name,Status\nParticipant 7,Zoé,x\n", "'Grade' is missing"),
        ("Identifier,Full name,Status,Grade\nParticipant 7,Zoé,x\n", "line 2 has 3 cells"),
        ("Identifier,Full name,Status,Grade\n148,Zoé,x,\n", "'148' is no participant's number"),
        ("Identifier,Status,Grade,Grade\nParticipant 7,x,,\n", "the column 'Grade' is there twice"),
        ("Identifier,Status,Grade\nParticipant 7,x,\nParticipant7,x,\n", "participant 7 is there twice"),
    ],
)
def test_what_is_no_worksheet_is_refused_in_one_line(tmp_path, text, says):
    path = tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=says) as refused:
        worksheet.read(path)
    assert "\n" not in str(refused.value) and "w.csv" in str(refused.value)


def test_a_folder_is_named_as_moodle_names_it():
    names = {
        "Maëlys O'Brien": "Maëlys OBrien",
        "Jean_Paul Le_Gall": "Jean Paul Le Gall",
        'Anne "Nan" Smith': "Anne Nan Smith",
        "Noé/Léo Ben:Ali": "NoéLéo BenAli",
        "Tom & Jerry ": "Tom  Jerry ",
        "Lou’ane": "Lou’ane",
    }
    assert {name: worksheet.folder_name(name) for name in names} == names


def test_titles_and_numbers_are_written_as_moodle_knows_them(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("IDENTIFIER,status,Department,grade \nParticipant7,x,Maths,\n,,,\n", encoding="utf-8")
    assert worksheet.read(path).text() == '\ufeffIdentifier,Status,Department,Grade\n"Participant 7",x,Maths,\n'
    path.write_text("identifiant,statut,note\nParticipant 7,x,\n", encoding="utf-8")
    assert worksheet.read(path).text() == "\ufeffIdentifiant,Statut,Note\nParticipant7,x,\n"


def test_a_cell_may_hold_a_long_text(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(f"Identifier,Status,Grade,Online text\nParticipant 7,x,,{'é' * 200_000}\n", encoding="utf-8")
    assert len(worksheet.read(path).rows[0]["text"]) == 200_000


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_when_it_was_handed_in_who_is_late_and_who_has_more_time(language):
    rows = {row["email"][:3]: row for row in worksheet.read(REAL / f"a-individual-worksheet-{language}.csv").rows}
    times = {one: worksheet.moment(row["handed_in"], language, PARIS) for one, row in rows.items()}
    assert times["s01"] == datetime(2026, 11, 23, 11, 51, tzinfo=PARIS)
    assert times["s13"] == datetime(2026, 11, 22, 23, 51, tzinfo=PARIS)
    assert [one for one, time in times.items() if time is None] == ["s43", "s44", "s45"]
    assert [one for one, row in rows.items() if worksheet.is_late(row, language)] == ["s05", "s12", "s18"]
    extended = {one: until for one, row in rows.items() if (until := worksheet.extension(row, language, PARIS))}
    assert {one: until.date().isoformat() for one, until in extended.items()} == {
        "s20": "2026-11-27",
        "s21": "2026-11-27",
    }


@pytest.mark.parametrize("text", ["", "-", "tomorrow", "Monday, 31 November 2026, 1:00 PM", "lundi 3 mars 2026, 11:51"])
def test_what_is_no_date_is_none(text):
    assert worksheet.moment(text, "en", PARIS) is None


@pytest.mark.parametrize(("text", "hour"), [("12:05 AM", 0), ("12:05 PM", 12), ("1:05 PM", 13), ("11:05 AM", 11)])
def test_noon_and_midnight(text, hour):
    assert worksheet.moment(f"Monday, 23 November 2026, {text}", "en", PARIS).hour == hour


def test_a_workflow_s_status_is_read_too():
    rows = {row["email"][:3]: row for row in worksheet.read(REAL / "e-workflow-worksheet-en.csv").rows}
    assert worksheet.is_late(rows["s05"], "en") and not worksheet.is_late(rows["s20"], "en")
    assert worksheet.extension(rows["s20"], "en", PARIS) is not None
