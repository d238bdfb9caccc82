"""Rosters, and what comes of a class's submissions and one: names, teams, times, drafts, the absent."""

import csv
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Enrolled, Status, Submission
from grader.errors import UserError
from grader.intake import enrol as enrolling
from grader.intake import roster
from grader.intake.moodle import parse
from tests.moodle.moodle_files import REAL

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def handed(zip_name):
    """A submission for each folder of one of Moodle's zips, with no file."""
    with zipfile.ZipFile(REAL / zip_name) as opened:
        folders = {name.partition("/")[0] for name in opened.namelist()}
    found = [parse(folder) for folder in sorted(folders)]
    return [Submission(one.student_id, one.name, "td2.py", one.name.encode()) for one in found]


def enrolled(*students, silent=()):
    return roster.Roster("roster.csv", {s.student_id: s for s in students}, frozenset(silent))


@pytest.mark.parametrize("letter", ["a-individual", "b-blind"])
def test_everybody_of_a_worksheet_has_a_result(letter):
    found = enrolling.enrol(handed(f"{letter}-folders.zip"), roster.read(REAL / f"{letter}-worksheet-fr.csv"))
    assert Counter(one.status for one in found.submissions) == {Status.GRADED: 42, Status.ABSENT: 3}
    assert found.warnings == ()
    names = {one.student_id: one.name for one in found.submissions}
    if letter == "a-individual":  # a roster's name is whole, a folder's has lost characters
        assert names["179"] == "Maëlys O'Brien" and names["147"] == "Jean_Paul Le_Gall"


def test_members_of_a_team_get_its_work_and_two_teams_of_one_name_get_none():
    plain = [one for one in handed("c-team-folders-fr.zip") if one.student_id != "team-default"]
    told = [replace(one, student_id=f"team-{one.student_id}", team=f"team-{one.student_id}") for one in plain]
    default = Submission("team-default", "Groupe par défaut", "td2.py", b"default", team="team-default")
    for these in ([*plain, default], [*told, default]):  # without the default team, a zip does not tell teams
        found = enrolling.enrol(these, roster.read(REAL / "c-team-worksheet-fr.csv"))
        by_id = {one.student_id: one for one in found.submissions}
        assert by_id["484"].team == "team-23" and by_id["484"].source == b"Les deep learners"
        assert by_id["484"].name == "Łukasz Wójcik" and by_id["460"].source == by_id["484"].source
        assert [one.student_id for one in found.submissions if one.source == b"default"] == sorted(
            ["480", "456", "469", "466", "474", "467", "452", "461", "476", "490"]
        )
        assert by_id["478"].status is Status.ABSENT  # of a team that handed in nothing
        (warning,) = found.warnings
        assert warning.key == "teams_of_one_name" and warning.values["teams"] == ["team-22", "team-27"]
        assert set(warning.values["students"]) == {"479", "462", "451", "482", "454", "468"}
        assert not set(warning.values["students"]) & set(by_id)
        assert {"team-22", "team-27"} <= set(by_id)


def test_a_csv_says_which_of_two_teams_of_one_name():
    submissions = [Submission("22", "Équipe 1", "td2.py", b"a"), Submission("27", "Équipe 1", "td2.py", b"b")]
    students = enrolled(Enrolled("1", "Zoé", team="team-22"), Enrolled("2", "Ada", team="team-27"))
    found = enrolling.enrol(submissions, students)
    assert [(one.student_id, one.team, one.source) for one in found.submissions] == [
        ("1", "team-22", b"a"),
        ("2", "team-27", b"b"),
    ]
    assert found.warnings == ()


def test_late_is_who_is_known_to_be():
    minute = timedelta(minutes=1)
    students = enrolled(
        Enrolled("late", due=NOON, handed_in_at=NOON + minute),
        Enrolled("just", due=NOON, handed_in_at=NOON),
        Enrolled("no due", handed_in_at=NOON + minute),
        Enrolled("no time", due=NOON),
        Enrolled("form", due=NOON),
    )
    submissions = [Submission(one, "") for one in students.students]
    submissions[-1] = replace(submissions[-1], handed_in_at=NOON + minute)
    found = enrolling.enrol(submissions, students)
    assert [one.student_id for one in found.submissions if one.late] == ["form", "late"]


def test_nothing_handed_in_is_dropped_and_contradictions_are_told():
    submissions = [Submission("1", "x"), Submission("2", "y"), Submission("9", "z")]
    found = enrolling.enrol(
        submissions, enrolled(Enrolled("1"), Enrolled("2"), Enrolled("3", draft=True), silent=["2"])
    )
    assert [one.student_id for one in found.submissions] == ["1", "2", "3", "9"]
    assert {note.key: note.values["students"] for note in found.warnings} == {
        "not_in_roster": ["9"],
        "roster_says_nothing": ["2"],
    }


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(
    st.dictionaries(texts.filter(bool), st.tuples(texts, texts, st.booleans(), st.none() | st.datetimes()), min_size=1)
)
def test_a_csv_is_read_as_it_was_written(tmp_path_factory, students):
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(roster.COLUMNS)
        for student_id, (name, team, draft, time) in students.items():
            at = time.replace(tzinfo=UTC).isoformat() if time else ""
            writer.writerow([student_id, name, "a@b", team, at, at, "yes" if draft else ""])
    found = roster.read(path).students
    assert found == {
        student_id: Enrolled(student_id, name, "a@b", team, *[time and time.replace(tzinfo=UTC)] * 2, draft=draft)
        for student_id, (name, team, draft, time) in students.items()
    }


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "this file is empty; a roster is"),
        ("name,team\nZoé,a\n", "no column student_id"),
        ("student_id,name,name\n1,a,b\n", "name is there twice"),
        ("student_id,name\n1,a\n1,b\n", "line 3: 1 is there already"),
        ("student_id,name\n,a\n", "line 2: no student_id"),
        ("student_id,deadline\n1,x\n", "the column 'deadline' means nothing here"),
        ('student_id,name\n1,"a\nb"\n\n,c\n', "line 5: no student_id"),
        ("student_id,due\n1,2026-11-23\n", "has no offset; write it like 2026-11-23T22:00:00"),
        ("student_id,due\n1,tomorrow\n", "line 2: due is 'tomorrow'; write it like"),
        ("student_id,due\n1,2026-11-23T12:00\n", "line 2: due '2026-11-23T12:00' has no offset"),
        ("student_id,draft\n1,perhaps\n", "line 2: draft is 'perhaps'"),
    ],
)
def test_a_bad_roster_is_told_in_one_line(tmp_path, text, says):
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=says) as refused:
        roster.read(path)
    assert "r.csv" in str(refused.value) and "\n" not in str(refused.value)


def test_columns_may_be_missing_and_lines_short(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("Student_ID;Name;team\r\nalice;Alice A.\r\nbob\r\n\r\n", encoding="cp1252")
    assert roster.read(path).students == {"alice": Enrolled("alice", "Alice A."), "bob": Enrolled("bob")}
