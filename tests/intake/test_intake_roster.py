"""Rosters, and what comes of a class's submissions and one: names, teams, times, drafts, the absent."""

import csv
import unicodedata
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
from grader.intake.pick import Handed
from tests.moodle.moodle_files import REAL

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def handed(zip_name):
    """A submission for each folder of one of Moodle's zips, with no file."""
    with zipfile.ZipFile(REAL / zip_name) as opened:
        folders = {name.partition("/")[0] for name in opened.namelist()}
    found = [parse(folder) for folder in sorted(folders)]
    return [Submission(one.student_id, one.name, "td2.py", one.name.encode()) for one in found]


def enrolled(*students, silent=()):
    known = {one.student_id: one for one in students}
    return roster.Roster("roster.csv", known, frozenset(known), frozenset(silent))


def enrol(submissions, students):
    """As `take` does it: teams are told first, then everybody's submission."""
    told = [enrolling.named(Handed(one.student_id, one.name, (), team=one.team), students) for one in submissions]
    pairs = zip(submissions, told, strict=True)
    return enrolling.enrol([replace(one, student_id=t.student_id, team=t.team) for one, t in pairs], students)


@pytest.mark.parametrize("letter", ["a-individual", "b-blind"])
def test_everybody_of_a_worksheet_has_a_result(letter):
    found, warnings = enrol(handed(f"{letter}-folders.zip"), roster.read(REAL / f"{letter}-worksheet-fr.csv"))
    assert Counter(one.status for one in found) == {Status.GRADED: 42, Status.ABSENT: 3}
    assert warnings == ()
    names = {one.student_id: one.name for one in found}
    if letter == "a-individual":  # a roster's name is whole, a folder's has lost characters
        assert names["179"] == "Maëlys O'Brien" and names["147"] == "Jean_Paul Le_Gall"


def test_members_of_a_team_get_its_work_and_two_teams_of_one_name_get_none():
    plain = [one for one in handed("c-team-folders-fr.zip") if one.student_id != "team-default"]
    told = [replace(one, student_id=f"team-{one.student_id}", team=f"team-{one.student_id}") for one in plain]
    default = Submission("team-default", "Groupe par défaut", "td2.py", b"default", team="team-default")
    for these in ([*plain, default], [*told, default]):  # without the default team, a zip does not tell teams
        found, warnings = enrol(these, roster.read(REAL / "c-team-worksheet-fr.csv"))
        by_id = {one.student_id: one for one in found}
        assert by_id["484"].team == "team-23" and by_id["484"].source == b"Les deep learners"
        assert by_id["484"].name == "Łukasz Wójcik" and by_id["460"].source == by_id["484"].source
        assert [one.student_id for one in found if one.source == b"default"] == sorted(
            ["480", "456", "469", "466", "474", "467", "452", "461", "476", "490"]
        )
        assert by_id["478"].status is Status.ABSENT  # of a team that handed in nothing
        (warning,) = warnings
        assert warning.key == "teams_of_one_name" and warning.values["teams"] == ["team-22", "team-27"]
        assert set(warning.values["students"]) == {"479", "462", "451", "482", "454", "468"}
        assert not set(warning.values["students"]) & set(by_id)
        assert {"team-22", "team-27"} <= set(by_id)


def test_a_csv_says_which_of_two_teams_of_one_name():
    submissions = [Submission("22", "Équipe 1", "td2.py", b"a"), Submission("27", "Équipe 1", "td2.py", b"b")]
    students = enrolled(Enrolled("1", "Zoé", team="team-22"), Enrolled("2", "Ada", team="team-27"))
    found, warnings = enrol(submissions, students)
    assert [(one.student_id, one.team, one.source) for one in found] == [
        ("1", "team-22", b"a"),
        ("2", "team-27", b"b"),
    ]
    assert warnings == ()


def test_times_are_the_roster_s_else_the_platform_s():
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
    found, _ = enrol(submissions, students)
    known = {one.student_id: (one.handed_in_at, one.due) for one in found}
    assert known == {
        "late": (NOON + minute, NOON),
        "just": (NOON, NOON),
        "no due": (NOON + minute, None),
        "no time": (None, NOON),
        "form": (NOON + minute, NOON),  # the platform's time, where the roster has none
    }


def test_nothing_handed_in_is_dropped_and_contradictions_are_told():
    submissions = [Submission("1", "x"), Submission("2", "y"), Submission("9", "z")]
    students = enrolled(Enrolled("1"), Enrolled("2"), Enrolled("3", draft=True), silent=["2"])
    found, warnings = enrol(submissions, students)
    assert [one.student_id for one in found] == ["1", "2", "3", "9"]
    assert {note.key: note.values["students"] for note in warnings} == {
        "not_in_roster": ["9"],
        "roster_says_nothing": ["2"],
    }


def test_accents_may_have_come_apart_when_an_archive_was_unpacked():
    apart = unicodedata.normalize("NFD", "Léquipe dAngelo")
    found, warnings = enrol([Submission("24", apart, source=b"x")], enrolled(Enrolled("1", team="L'équipe d'Angelo")))
    assert [(one.student_id, one.source) for one in found] == [("1", b"x")] and warnings == ()


def sheet(tmp_path, *rows):
    """A worksheet of teams: number, name, team, time of the submission ("-": none)."""
    path = tmp_path / "Grades.csv"
    lines = ["Identifier,Full name,Status,Group,Grade,Last modified (submission)"]
    for number, name, team, time in rows:
        lines.append(f"Participant {number},{name},{'No submission' if time == '-' else 'Submitted'},{team},,{time}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return roster.read(path)


def test_a_team_s_number_that_is_a_student_s_too_makes_nobody_the_other(tmp_path):
    """The name does not match (the group was renamed), and participant 22 is in another team than team 22."""
    students = sheet(tmp_path, (22, "Ana", "Beta", "Monday"), (23, "Bo", "Alpha 2", "Monday"))
    found, warnings = enrol([Submission("22", "Alpha", source=b"x")], students)
    assert [(one.student_id, one.team) for one in found] == [("team-22", "team-22")]
    assert {note.key: note.values["students"] for note in warnings} == {
        "not_in_roster": ["team-22"],
        "not_in_archive": ["22", "23"],
    }


@pytest.mark.parametrize("time", ["-", "Tuesday"])
def test_a_name_that_two_teams_must_have_gives_no_result_though_one_of_them_is_not_here(tmp_path, time):
    rows = [(1, "Ana", "Alpha", "Monday"), (2, "Bo", "Alpha", time), (3, "Cy", "Beta", "Monday")]
    students = sheet(tmp_path, *rows)
    found, warnings = enrol([Submission("7", "Alpha", source=b"x"), Submission("8", "Beta", source=b"y")], students)
    assert [(one.student_id, one.source) for one in found] == [("3", b"y"), ("team-7", b"x")]
    assert [(note.key, note.values["students"]) for note in warnings] == [("team_name_shared", ["1", "2"])]


def test_who_handed_in_by_the_worksheet_is_not_absent_because_the_archive_is_of_a_group(tmp_path):
    students = sheet(tmp_path, (1, "Ana", "Alpha", "Monday"), (2, "Bo", "Beta", "Monday"), (3, "Cy", "Gamma", "-"))
    found, warnings = enrol([Submission("7", "Alpha")], students)
    assert [(one.student_id, one.status) for one in found] == [("1", Status.GRADED), ("3", Status.ABSENT)]
    assert [(note.key, note.values["students"]) for note in warnings] == [("not_in_archive", ["2"])]


def test_a_team_without_a_name_is_not_everybody_s_who_has_none():
    found, _ = enrol([Submission("team-7", "_", team="team-7")], enrolled(Enrolled("1", "Ana"), Enrolled("2", "Bo")))
    assert [(one.student_id, one.status) for one in found if one.team == ""] == [
        ("1", Status.ABSENT),
        ("2", Status.ABSENT),
    ]


def test_what_a_team_handed_in_before_is_each_member_s():
    team = Submission("7", "Duo", earlier=(Submission("7", "Duo", source=b"first"),), source=b"last")
    found, _ = enrol([team], enrolled(Enrolled("1", "Ada", team="team-7"), Enrolled("2", "Bob", team="team-7")))
    given = [enrolling.as_given(team, one) for one in found]
    assert [(one.student_id, one.earlier[0].student_id, one.earlier[0].name) for one in given] == [
        ("1", "1", "Ada"),
        ("2", "2", "Bob"),
    ]


def test_a_roster_adds_to_what_an_archive_says_and_does_not_replace_it():
    says = (Enrolled("1", "Ana S.", team="team-9", handed_in_at=NOON), Enrolled("2", "Ben", team="team-9"))
    known = roster.merged(enrolled(Enrolled("1", "Ana Silva", due=NOON - timedelta(hours=1))), "x.zip", says)
    assert known.teams == {"team-9"} and known.listed == {"1"}
    found, warnings = enrol([Submission("team-9", "Ana, Ben", team="team-9", source=b"x")], known)
    assert [(one.student_id, one.name, one.handed_in_at, one.source) for one in found] == [
        ("1", "Ana Silva", NOON, b"x"),
        ("2", "Ben", None, b"x"),
    ]
    assert [(note.key, note.values["students"]) for note in warnings] == [("not_in_roster", ["2"])]
    alone = roster.merged(None, "x.zip", says)
    assert alone.file == "x.zip" and alone.listed is None and roster.merged(None, "x.zip", ()) is None


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


TIMES = st.datetimes(datetime(1900, 1, 1), datetime(8999, 12, 31))


@given(
    st.dictionaries(
        texts.filter(bool),
        st.tuples(texts, texts, st.booleans(), st.none() | TIMES),
        min_size=1,
    )
)
def test_a_csv_is_read_as_it_was_written(tmp_path_factory, students):
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(roster.COLUMNS)
        for student_id, (name, team, draft, time) in students.items():
            at = time.replace(tzinfo=UTC).isoformat() if time else ""
            writer.writerow([student_id, name, "a@b", team and f"team {team}", at, at, "yes" if draft else ""])
    found = roster.read(path).students
    assert found == {
        student_id: Enrolled(
            student_id, name, team and f"team {team}", *[time and time.replace(tzinfo=UTC)] * 2, draft=draft
        )
        for student_id, (name, team, draft, time) in students.items()
    }


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "this file is empty; a roster is"),
        ("name,team\nZoé,a\n", "no column student_id"),
        ("student_id,name,name\n1,a,b\n", "name is there twice"),
        ("student_id,name\n1,a\n1,b\n", "line 3: 1 is there already"),
        ("student_id,team\n1,a\n2,a\n1,b\n", "line 4: 1 is in two teams, a and b; keep one"),
        ("student_id,name\n,a\n", "line 2: no student_id"),
        ("student_id,deadline\n1,x\n", "the column 'deadline' means nothing here"),
        ('student_id,name\n1,"a\nb"\n\n,c\n', "line 5: no student_id"),
        ("student_id,due\n1,2026-11-23\n", "has no offset; write it like 2026-11-23T22:00:00"),
        ("student_id,due\n1,tomorrow\n", "line 2: due is 'tomorrow'; write it like"),
        ("student_id,due\n1,2026-11-23T12:00\n", "line 2: due '2026-11-23T12:00' has no offset"),
        ("student_id,draft\n1,perhaps\n", "line 2: draft is 'perhaps'"),
        ("student_id,name,team\n1,Durand, Di,team-2\n", "line 2: more cells than titles; put quotes"),
        ('student_id,name\n1,"Ada\n2,Bob\n3,Cy\n', "line 2: not a csv file"),
        ("student_id,team\n1,\n4,1\n", "'1' is a student and a team; write Moodle's teams as team-NUMBER"),
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


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_date_that_does_not_fit_every_zone_is_none(tmp_path, year):
    students = sheet(tmp_path, (1, "Ana", "", f'"Monday, 1 January {year}, 12:00 AM"'))
    assert students.students["1"].handed_in_at is None
