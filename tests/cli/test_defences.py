"""`surdix defences`: slots, sheets, and what examiners give, read back."""

import csv

import pytest

from tests.cli.conftest import GOOD
from tests.cli.project import add_project
from tests.cli.test_bad_usage import one_line

SITTINGS = (
    "start,end,room,examiners\n"
    "2027-01-14T09:00+01:00,2027-01-14T10:00+01:00,B12,Marie Curie; Alan Turing\n"
    "2027-01-14T09:00+01:00,2027-01-14T09:30+01:00,B14,Ada Lovelace\n"
)


@pytest.fixture
def defences(surdix, course):
    return lambda *arguments: surdix("defences", *arguments, "--course", course.folder)


@pytest.fixture
def graded(surdix, course, class_folder, tmp_path):
    """Teams 7 (Ada and Bo) and 10 (Cy, whose work is wrong), Dee alone, and Eve, who handed in nothing."""
    add_project(course)
    folder = class_folder()
    for name, text in (("team-7", GOOD), ("team-10", GOOD.replace("2 *", "3 *")), ("4", GOOD)):
        (folder / name).mkdir(parents=True)
        (folder / name / "project.py").write_text(text)
    roster, out = tmp_path / "roster.csv", tmp_path / "out"
    roster.write_text("student_id,name,team\n1,Ada,team-7\n2,Bo,team-7\n3,Cy,team-10\n4,Dee,\n5,Eve,\n")
    done = surdix("grade", "project", folder, "--out", out, "--roster", roster)
    assert done.status == 0, done.err
    assert (
        "Not marked yet: report of 3, talk of 3, understanding of 3 of 3" in done.out and "surdix defences" in done.out
    )
    return out


@pytest.fixture
def planned(defences, graded, tmp_path):
    """With slots of 20 minutes."""
    (tmp_path / "juries.csv").write_text(SITTINGS)
    done = defences(graded, "--juries", tmp_path / "juries.csv")
    assert done.status == 0, done.err
    assert "3 of 3 slots are new" in done.out
    return graded


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def fill(path, **rows):
    """Fill in cells of rows by their id, from the fifth on."""
    lines = table(path)
    for line in lines[1:]:
        line[4:] = rows.get(f"id_{line[2].replace('-', '_')}", line[4:])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def scores(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


def test_each_team_gets_a_slot_and_each_examiner_a_sheet(defences, planned):
    assert table(planned / "defences" / "slots.csv") == [
        ["team", "start", "minutes", "room", "examiners", "members"],
        ["4", "2027-01-14T09:00:00+01:00", "20", "B12", "Marie Curie; Alan Turing", "Dee"],
        ["team-7", "2027-01-14T09:00:00+01:00", "20", "B14", "Ada Lovelace", "Ada, Bo"],
        ["team-10", "2027-01-14T09:20:00+01:00", "20", "B12", "Marie Curie; Alan Turing", "Cy"],
    ]
    criteria = ["talk (of 3)", "talk comment", "understanding (of 3)", "understanding comment"]
    assert table(planned / "defences" / "Ada Lovelace.csv") == [
        ["examiner", "when", "id", "name", *criteria, "adjustment", "reason"],
        ["Ada Lovelace", "2027-01-14 09:00+01:00", "team-7", "Ada, Bo", *[""] * 6],
        ["Ada Lovelace", "", "1", "Ada", *[""] * 6],
        ["Ada Lovelace", "", "2", "Bo", *[""] * 6],
    ]
    assert [row[2] for row in table(planned / "defences" / "Marie Curie.csv")[1:]] == ["4", "team-10", "3"]
    assert (planned / "defences" / "slots.csv").stat().st_mode & 0o777 == 0o600
    page = (planned / "feedback" / "2.html").read_text()
    assert "2027-01-14, 09:00" in page and "B14" in page and "Lovelace" not in page
    assert "Defence" not in (planned / "feedback" / "5.html").read_text()
    done = defences(planned)
    assert done.out.splitlines()[:2] == ["3 slots", "Ada Lovelace: 0 of 1 marked; not yet: team-7"]


def test_examiners_marks_their_mean_and_a_person_s_adjustment(defences, surdix, planned):
    folder = planned / "defences"
    fill(folder / "Marie Curie.csv", id_4=["3", "Clear", "2", "", "", ""], id_team_10=["1,5", "", "1", "", "", ""])
    fill(folder / "Alan Turing.csv", id_4=["2", "", "2", "", "+0.25", "Wrote it all alone"])
    fill(folder / "Ada Lovelace.csv", id_team_7=["3", "", "3", "", "", ""], id_2=["", "", "", "", "-1", "Was silent"])
    sheets = sorted(path for path in folder.glob("*.csv") if path.name != "slots.csv")
    done = defences(planned, *(part for path in sheets for part in ("--read", path)))
    assert done.status == 0, done.err
    assert "Recorded: 8 marks, 2 adjustments, 0 comments without a new mark." in done.out
    assert scores(planned) == {"1": "8", "2": "7", "3": "2.5", "4": "6.75", "5": ""}
    assert "Ada Lovelace: 1 of 1 marked\n" in done.out and "Alan Turing: 1 of 2 marked; not yet: team-10" in done.out
    told = surdix(
        "grade", "project", planned.parent / "class", "--out", planned, "--roster", planned.parent / "roster.csv"
    )
    assert "Not marked yet: report of 3, talk of 1, understanding of 1 of 3" in told.out
    assert "Was silent" in (planned / "feedback" / "2.html").read_text()
    assert "Was silent" not in (planned / "feedback" / "1.html").read_text()

    done = defences(planned, "--read", folder / "Alan Turing.csv")  # a second time: nothing is new
    assert "Recorded: 0 marks, 0 adjustments, 0 comments" in done.out and "No score moves." in done.out
    assert "Alan Turing: 1 of 2 marked; not yet: team-10" in defences(planned).out
    fill(folder / "Alan Turing.csv", id_4=["2", "Too fast", "2", "", "0", "Not alone after all"])
    done = defences(planned, "--read", folder / "Alan Turing.csv")
    assert "Recorded: 0 marks, 1 adjustment, 1 comment" in done.out and "4 Dee: 6.75 -> 6.5" in done.out
    out = surdix("history", planned, "4").out
    assert "mark talk by Alan Turing, Marie Curie" in out and "Not alone after all" in " ".join(out.split())
    assert "defence" in out and "B12" in out


def test_all_that_is_wrong_with_a_sheet_is_said_and_nothing_recorded(defences, planned):
    sheet = planned / "defences" / "Ada Lovelace.csv"
    before = sheet.read_text()
    fill(
        sheet,
        id_team_7=["3.5", "", "x", "", "1", "here?"],
        id_1=["2", "", "", "", "11", "great"],
        id_2=[*[""] * 4, "-1", ""],
    )
    done = defences(planned, "--read", sheet)
    assert done.status == 2
    where = f"{sheet}: line 2 (team-7, Ada Lovelace)"
    assert f"{where}, talk: 3.5 is above 3, which the question is worth\n" in done.err
    assert f"{where}, understanding: 'x' is no number" in done.err
    assert f"{where}, adjustment: it is of a person; write it in the row of a member" in done.err
    assert "line 3 (1, Ada Lovelace), talk: it is the team's, in the row of team-7" in done.err
    assert "line 3 (1, Ada Lovelace), adjustment: 11 is not within -10 and 10" in done.err
    assert "line 4 (2, Ada Lovelace), adjustment: say why it is -1" in done.err
    assert "6 problems, see above; nothing was recorded" in done.err
    assert scores(planned) == {"1": "2", "2": "2", "3": "0", "4": "2", "5": ""}
    for old, new, words in (
        ("Ada Lovelace,,1", "Ada Lovelace,,9", "line 3 (9, Ada Lovelace): Ada Lovelace examines no team, or member of"),
        ("Ada Lovelace,,1", "Alan Turing,,1", "Alan Turing examines no team"),
        ("Ada Lovelace,,2,", "Ada Lovelace,,1,", "line 4 (1, Ada Lovelace): this row is there twice, first in line 3"),
        ("reason", "why", "the column 'reason' is missing; write the sheets with"),
    ):
        assert old in before
        sheet.write_text(before.replace(old, new))
        one_line(defences(planned, "--read", sheet), words, "nothing was recorded")


def test_a_sheet_that_nobody_has_read_is_not_written_over(defences, planned, tmp_path):
    sheet = planned / "defences" / "Ada Lovelace.csv"
    fill(sheet, id_team_7=["3", "", "3", "", "", ""])
    one_line(defences(planned, "--juries", tmp_path / "juries.csv"), "Ada Lovelace.csv", "read it first")
    assert defences(planned, "--read", sheet).status == 0
    done = defences(planned, "--juries", tmp_path / "juries.csv")
    assert done.status == 0 and "0 of 3 slots are new" in done.out, done.err
    assert table(sheet)[1][4:7] == ["3", "", "3"]  # what is known is written in


def test_what_was_given_stays_with_who_was_heard_whatever_the_team_is_called(defences, surdix, planned, tmp_path):
    folder = planned / "defences"
    fill(folder / "Ada Lovelace.csv", id_team_7=["3", "", "2", "", "", ""], id_1=["", "", "", "", "0.5", "led it"])
    assert defences(planned, "--read", folder / "Ada Lovelace.csv").status == 0
    before = scores(planned)
    roster = tmp_path / "roster.csv"
    roster.write_text("student_id,name,team\n1,Ada,team-10\n2,Bo,team-7\n3,Cy,team-10\n4,Dee,\n5,Eve,\n")
    done = surdix("grade", "project", tmp_path / "class", "--out", planned, "--roster", roster)
    assert done.status == 0, done.err
    assert float(scores(planned)["1"]) == float(before["1"]) - 2  # team-10's file gives nothing
    assert scores(planned)["2"] == before["2"]
    done = defences(planned, "--juries", tmp_path / "juries.csv")  # an untouched sheet keeps nobody from it
    assert done.status == 0 and "0 of 3 slots are new" in done.out, done.err


def test_a_sheet_is_written_anew_once_it_was_read_from_elsewhere(defences, planned, tmp_path):
    sheet, mailed = planned / "defences" / "Ada Lovelace.csv", tmp_path / "mailed.csv"
    for talk in ("3", "1"):
        mailed.write_bytes(sheet.read_bytes())
        fill(mailed, id_team_7=[talk, "", "3", "", "", ""])
        assert defences(planned, "--read", mailed).status == 0
        assert table(sheet)[1][4] == talk
    assert defences(planned, "--juries", tmp_path / "juries.csv").status == 0
    assert scores(planned)["1"] == "6"
    fill(sheet, id_team_7=["2", "", "3", "", "", ""])  # and one that is being filled in is left alone
    mailed.write_bytes((planned / "defences" / "Marie Curie.csv").read_bytes())
    fill(mailed, id_4=["1", "", "1", "", "", ""])
    assert defences(planned, "--read", mailed).status == 0
    assert table(sheet)[1][4] == "2"


def test_slots_are_changed_by_hand(defences, planned, tmp_path):
    slots = tmp_path / "slots.csv"
    text = (planned / "defences" / "slots.csv").read_text(encoding="utf-8-sig")
    moved = text.replace(
        "2027-01-14T09:00:00+01:00,20,B14,Ada Lovelace", "2027-01-15T09:00:00+01:00,30,B14,Alan Turing"
    )
    slots.write_text(moved)
    done = defences(planned, "--slots", slots)
    assert done.status == 0 and "1 of 3 slots are new" in done.out, done.err
    assert not (planned / "defences" / "Ada Lovelace.csv").exists()
    assert [row[2] for row in table(planned / "defences" / "Alan Turing.csv")[1:]] == [
        "4",
        "team-10",
        "3",
        "team-7",
        "1",
        "2",
    ]
    for old, new, words in (
        (
            "team-7,2027-01-14T09:00:00",
            "team-7,2027-01-14T09:00:00+01:00,20,B12,X,\n4,2027-01-15T09:00:00",
            "4 has a slot alr",
        ),
        ("team-7,", "team-8,", "there is no team or student 'team-8'"),
        ("09:20:00+01:00", "09:20:00", "start '2027-01-14T09:20:00' has no offset"),
        (
            "09:20:00+01:00",
            "09:10:00+01:00",
            "Marie Curie is in two defences at 2027-01-14T09:10+01:00 (4 and team-10)",
        ),
        ("B14,Ada Lovelace", "B12,Ada Lovelace", "room B12 is in two defences"),
        (",20,B14", ",soon,B14", "minutes is 'soon'"),
        ("B14,Ada Lovelace", "B14,", "no examiner"),
        ("examiners", "jury", "the column examiners must be there once"),
    ):
        assert old in text
        slots.write_text(text.replace(old, new, 1))
        one_line(defences(planned, "--slots", slots), words)


def test_what_cannot_be_planned(defences, graded, surdix, class_folder, course, tmp_path):
    juries = tmp_path / "juries.csv"
    for text, words in (
        (SITTINGS.replace("+01:00", ""), "line 2: start '2027-01-14T09:00' has no offset"),
        (
            SITTINGS.replace("10:00+01:00", "08:00+01:00"),
            "line 2: it ends at 2027-01-14T08:00+01:00, which is not after",
        ),
        (SITTINGS.replace("Ada Lovelace", "Alan Turing"), "Alan Turing is in two defences at 2027-01-14T09:00+01:00"),
        (SITTINGS.split("\n")[0] + "\n", "no jury sits"),
        (SITTINGS.replace("Alan Turing", "Marie Curie"), "line 2: Marie Curie is named twice"),
        (SITTINGS.replace("B14", "B|14"), "line 3: 'B|14' may hold neither | nor a control character"),
        (
            SITTINGS.replace("Ada Lovelace", "ALAN TURING"),
            "the sheets of Alan Turing and ALAN TURING would be one file",
        ),
        (SITTINGS.replace("Ada Lovelace", "Slots"), "the sheets of Slots and the list of slots would be one file"),
    ):
        juries.write_text(text)
        one_line(defences(graded, "--juries", juries), words)
    juries.write_text(SITTINGS)
    one_line(
        defences(graded, "--juries", juries, "--minutes", 40), "3 teams wait for a slot, and there are 1 places of 40"
    )
    assert not (graded / "defences").exists()
    one_line(defences(graded, "--juries", juries, "--read", juries), "say one of --juries, --slots and --read")
    plain = tmp_path / "plain"
    assert surdix("grade", "tdm", class_folder(alice=GOOD), "--out", plain).status == 0
    one_line(defences(plain, "--juries", juries), "tdm: no question is marked at a defence")


def test_purge_takes_slots_and_sheets(surdix, planned):
    assert surdix("purge", planned, "--yes").status == 0
    assert sorted(path.name for path in planned.iterdir()) == ["statistics.json"]
