"""The marking table: what is written, filled in and read back is the same; what is wrong with it is all named."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.contract import Manual
from grader.exports.marking import Entry, Mark, Member, cell, marking_csv, number, plain, read

PROOF, REMARK = Manual("proof", "2", 1.0, "Prove it."), Manual("remark", "10", 7.5, "Say why.")
QUESTIONS = (PROOF, REMARK)
ODD = st.sampled_from(
    ["=1+1", "'=1+1", "''@SUM", "a;=b", 'x,"y"', "-1 for the sign", "7,5", "\ufeff", "é\n王", "marked"]
)
texts = st.text(max_size=30) | ODD
marks = st.none() | st.floats(0, 1) | st.sampled_from([0.0, 0.25, 1.0, 1e-7])
pairs = st.tuples(marks, texts)


def alone(name, student="1", **known):
    return Entry(student, (Member(student, name, known),))


def rows(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def table(path, lines, delimiter=","):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    return path


def after(entries, changes):
    """The rows once the changes are recorded."""
    new = {(change.student_id, change.question): change for change in changes}

    def marked(member):
        found = dict(member.marks)
        for question in QUESTIONS:
            change = new.get((member.student_id, question.id))
            if change is not None:
                before = member.mark(question.id)
                points = before.points if change.points is None else change.points
                found[question.id] = Mark(points, before.comment if change.comment is None else change.comment)
        return replace(member, marks=found)

    return [replace(entry, members=tuple(map(marked, entry.members))) for entry in entries]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, pairs, pairs), min_size=1, max_size=4), st.booleans(), st.sampled_from(",;\t"))
def test_what_is_filled_in_is_read_and_stays(tmp_path, people, team, delimiter):
    """Any names, comments and marks: write, fill in, read, record, write again: nothing is new."""
    members = [Member(str(place), name) for place, (name, _, _) in enumerate(people)]
    entries = [Entry(f"team-{one.student_id}" if team else one.student_id, (one,), team) for one in members]
    lines = rows(marking_csv(entries, QUESTIONS))
    first = 3 if team else 2
    for line, (_, *filled) in zip(lines[1:], people, strict=True):
        line[first:] = [text for points, words in filled for text in ("" if points is None else number(points), words)]
    path = table(tmp_path / "marks.csv", lines, delimiter)
    found = read(path, entries, QUESTIONS)
    assert found.problems == ()
    wanted = {
        (str(place), question.id): (points, plain(words) or None)
        for place, (_, *filled) in enumerate(people)
        for question, (points, words) in zip(QUESTIONS, filled, strict=True)
        if points is not None or plain(words)
    }
    assert {(one.student_id, one.question): (one.points, one.comment) for one in found.changes} == wanted
    recorded = after(entries, found.changes)
    path.write_text(marking_csv(recorded, QUESTIONS), encoding="utf-8", newline="")
    again = read(path, recorded, QUESTIONS)
    assert (again.changes, again.problems) == ((), ())
    fresh = read(path, entries, QUESTIONS)  # into another gradebook
    assert {(one.student_id, one.question): (one.points, one.comment) for one in fresh.changes} == wanted


@given(texts)
def test_no_cell_is_a_formula_and_none_is_lost(text):
    written = cell(text)
    assert not written.startswith(("=", "+", "-", "@")) and "\n" not in written
    assert plain(written) == " ".join(text.split())


@pytest.mark.parametrize(
    ("typed", "points"),
    [("7,5", 7.5), ("7.5", 7.5), (" 7.50 ", 7.5), (".5", 0.5), ("1.", 1.0), ("0", 0.0), ("-0", 0.0), ("+2", 2.0)],
)
def test_a_mark_as_people_type_it(tmp_path, typed, points):
    lines = [["student_id", "name", "remark (of 7.5)", "remark comment"], ["1", "", typed, ""]]
    (change,) = read(table(tmp_path / "marks.csv", lines), [alone("A")], [REMARK]).changes
    assert (change.points, change.comment) == (points, None)


@pytest.mark.parametrize("typed", ["good", "1/2", "1e0", "nan", "inf", "1 2", "1.2.3", "0x1", "٣", "=1"])
def test_a_mark_that_is_no_number(tmp_path, typed):
    lines = [["student_id", "name", "remark (of 7.5)", "remark comment"], ["1", "", typed, "why"]]
    found = read(table(tmp_path / "marks.csv", lines), [alone("A")], [REMARK])
    assert found.changes == ()
    assert found.problems == (f"line 2 (1), remark: {typed!r} is no number; write points like 0.5, or nothing",)


def test_every_problem_is_named_with_its_line(tmp_path):
    entries = [alone("A", "1"), alone("B", "2"), alone("C", "3")]
    lines = rows(marking_csv(entries, QUESTIONS))
    lines[1][2:] = ["1.01", "", "-1", ""]
    lines[2][2:] = ["0.5", "two\nlines", "", ""]
    lines += [["2", "B", "1", "", "", ""], ["9", "Eve", "1", "", "", ""], ["3", "C", "1"]]
    found = read(table(tmp_path / "marks.csv", lines), entries, QUESTIONS)
    assert found.problems == (
        "line 2 (1), proof: 1.01 is above 1, which the question is worth",
        "line 2 (1), remark: -1 is below 0",
        "line 6 (2): this row is there twice, first in line 3",
        "line 7 (9): there is no student or team '9' to be marked",
        "line 8 (3): 3 cells where the first line has 6 titles",
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("proof (of 1)", "proof (of 2)", "the column 'proof (of 1)' is missing"),
        ("remark comment", "proof comment", "the column 'proof comment' is there twice"),
        ("student_id", "id", "the column 'student_id' is missing"),
        ("student_id,name", "name,student_id", "column 1 is 'name' and was 'student_id'"),
        ("remark comment", "remark comment,bonus", "the column 'bonus' is no question that a person marks"),
    ],
)
def test_another_first_line_is_refused(tmp_path, old, new, says):
    path = tmp_path / "marks.csv"
    text = marking_csv([alone("A", proof=Mark(1.0))], QUESTIONS)
    assert old in text
    path.write_text(text.replace(old, new))
    found = read(path, [alone("A")], QUESTIONS)
    assert found.changes == () and len(found.problems) == 1 and says in found.problems[0]


def test_a_team_is_one_row_and_each_member_gets_what_is_new_to_them(tmp_path):
    ada, bob = Member("1", "Ada"), Member("2", "Bob", {"proof": Mark(0.5, "so so")})
    team = Entry("team-7", (ada, bob), team=True)
    lines = rows(marking_csv([team, alone("=Cy", "3")], [PROOF]))
    assert lines[0] == ["student_id", "name", "members", "proof (of 1)", "proof comment"]
    assert lines[1] == ["team-7", "", "Ada (1); Bob (2)", "", ""]  # they differ: nothing stands there
    assert lines[2] == ["3", "'=Cy", "", "", ""]
    lines[1][3:] = ["0,5", "well"]
    path = table(tmp_path / "marks.csv", lines, ";")
    changes = read(path, [team, alone("=Cy", "3")], [PROOF]).changes
    assert [(one.student_id, one.points, one.comment) for one in changes] == [("1", 0.5, "well"), ("2", None, "well")]


@pytest.mark.parametrize("student", ["caf\udce9", "=1+1", "'=1+1", "a\nb", 'x,"y"', "é"])
def test_an_id_of_any_form_is_known_again(tmp_path, student):
    entry = alone("caf\udce9", student)
    lines = rows(marking_csv([entry], [PROOF]))
    lines[1][2] = "1"
    (change,) = read(table(tmp_path / "marks.csv", lines), [entry], [PROOF]).changes
    assert (change.student_id, change.points) == (student, 1.0)


def test_ids_that_are_written_alike_are_nobody_s(tmp_path):
    entries = [alone("A", "a\nb"), alone("B", "a b"), alone("C", "c")]
    lines = rows(marking_csv(entries, [PROOF]))
    for line in lines[1:]:
        line[2] = "1"
    found = read(table(tmp_path / "marks.csv", lines), entries, [PROOF])
    assert [one.student_id for one in found.changes] == ["c"] and len(found.problems) == 2


def test_an_empty_cell_takes_nothing_back(tmp_path):
    entry = alone("A", proof=Mark(0.5, "so so"))
    lines = rows(marking_csv([alone("A")], [PROOF]))
    path = table(tmp_path / "marks.csv", lines)
    assert read(path, [entry], [PROOF]).changes == ()
