"""What goes into a gradebook comes out of it, and the latest counts."""

from __future__ import annotations

import math
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.contract import Answer, CheckRun, Note, Outcome, Policy, Report, Share, Status, Submission, Verdict
from grader.errors import GraderFault
from grader.gradebook import Gradebook, rounded, submission_id
from tests.gradebook.gradebook_samples import WHEN, record, report_of, run_of, seen, submission, verdict

text = st.text(st.characters(), max_size=20)  # lone surrogates, NUL and bidi characters too
number = st.floats(0, 10)
values = st.dictionaries(text, text | number | st.integers() | st.tuples(st.integers(), text), max_size=3)
notes = st.builds(Note, text, values)
shares = st.builds(Share, st.sampled_from(Outcome), st.integers(0, 9), st.integers(0, 9), st.floats(0, 1))
verdicts = st.builds(
    Verdict, text, text, number, number, st.sampled_from(Outcome), shares, shares, notes, st.none() | notes, number
)
submissions = st.builds(
    Submission,
    student_id=text.filter(bool),
    name=text,
    picked=text.filter(bool),
    source=st.binary(max_size=50),
    others=st.dictionaries(text, st.binary(max_size=50), max_size=3),
    notes=st.lists(notes, max_size=2).map(tuple),
    status=st.sampled_from(Status),
    candidates=st.lists(text, max_size=3).map(tuple),
    team=text,
)


@settings(max_examples=60, deadline=None)
@given(
    submissions,
    st.lists(verdicts, max_size=3, unique_by=lambda one: one.id),
    st.lists(notes, max_size=2),
    st.booleans(),
    st.none() | number,
)
def test_round_trip(
    handed_in: Submission, found: list[Verdict], told: list[Note], flag: bool, raw: float | None
) -> None:
    due = WHEN - timedelta(hours=1)
    handed_in = replace(handed_in, draft=not flag, handed_in_at=WHEN if flag else None, due=due)
    report = replace(
        report_of(handed_in, *found),
        raw_score=raw,
        status=handed_in.status,
        notes=tuple(told),
        late=flag,
        draft=not flag,
    )
    # A score is worked out of the points, whatever a report says; without raw points there is none.
    exact = None if raw is None else rounded(math.fsum(one.points for one in found))
    report = replace(report, score=exact, raw_score=exact if handed_in.status is Status.GRADED else raw)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gradebook.sqlite"
        with Gradebook.open(path, td="td1") as gradebook:
            record(gradebook, handed_in, report)
        with Gradebook.open(path, td="td1", create=False) as gradebook:
            kept = gradebook.report(handed_in.student_id)
            assert kept is not None and replace(kept, adjustments=()) == report
            late = flag and handed_in.status in (Status.GRADED, Status.EMPTY, Status.GRADER_FAULT)
            assert [(one["kind"], one["points"]) for one in kept.adjustments] == [("late", 0.0)] * late
            assert gradebook.reports() == [kept]
            assert gradebook.submission(handed_in.student_id) == handed_in


def test_a_run_comes_back_to_be_judged_again(gradebook: Gradebook) -> None:
    run = run_of()
    handed_in = submission()
    report = report_of(handed_in, verdict("mse", 1.0))
    record(gradebook, handed_in, report, run, cases={"mse": (("a",), ("b", "c"))})
    assert gradebook.run(report) == run
    assert gradebook.printed(report) == "printed"
    assert gradebook.run(report_of(submission("8"))) is None


def test_public_answers_come_back_for_a_page_and_no_hidden_one(gradebook: Gradebook) -> None:
    handed_in = submission()
    report = report_of(handed_in, verdict("mse", 1.0))
    record(gradebook, handed_in, report, run_of(), cases={"mse": (("a",), ("b", "c"))})
    assert gradebook.public_answers(report) == {"mse": {"a": Answer(value=b"answer")}}
    assert gradebook.public_answers(report_of(submission("8"))) == {}


def test_answers_that_were_judged_again_are_not_shown(gradebook: Gradebook) -> None:
    """What passed at first was answered by a process that had seen hidden inputs."""
    handed_in = submission()
    report = report_of(handed_in, verdict("mse", 1.0))
    record(gradebook, handed_in, report, run_of(), cases={"mse": (("a",), ("b", "c"))})
    (first,) = (one.seq for one in gradebook.history(handed_in.student_id))
    record(gradebook, handed_in, replace(report, assignment_version="a2"), judged_from=first)
    assert gradebook.run(report) is not None and gradebook.public_answers(report) == {}


def test_a_large_answer_is_not_kept_and_not_judged_again(gradebook: Gradebook, path: Path) -> None:
    handed_in = submission()
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)), run_of(bytes(65 << 10)))
    assert gradebook.run(gradebook.report("7")) is None
    assert path.stat().st_size < 300_000


def test_a_submission_that_has_much_to_say_of_every_case_is_recorded(gradebook: Gradebook) -> None:
    told = {
        "error": "\N{MUSICAL SYMBOL G CLEF}" * 500,
        "trace": [{"text": "\N{MUSICAL SYMBOL G CLEF}" * 200, "line": 1}] * 30,
    }
    handed_in, failed = submission(), Answer(Outcome.ERROR, key="error", values=told)
    run = replace(run_of(), checks={"mse": CheckRun((failed,) * 60, (failed,) * 60)})
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 0.0)), run)
    assert gradebook.run(gradebook.report("7")) == run


def test_answers_that_many_give_are_kept_once(gradebook: Gradebook, path: Path) -> None:
    for number in range(30):
        handed_in = submission(str(number), b"# %d" % number)
        record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)), run_of(bytes(60 << 10)))
    assert gradebook.run(gradebook.report("29")) == run_of(bytes(60 << 10))
    gradebook.close()
    assert path.stat().st_size < 400_000


def test_an_older_sqlite_takes_fewer_values_at_once(gradebook: Gradebook) -> None:
    gradebook._connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    handed_in = submission("7")
    record(gradebook, handed_in, report_of(handed_in, *(verdict(f"check{n}", 0.1) for n in range(100))))
    assert len(gradebook.report("7").verdicts) == 100


def test_what_is_written_together_is_there_or_not_at_all(gradebook: Gradebook) -> None:
    one, other = submission("7"), submission("8")
    with pytest.raises(KeyboardInterrupt), gradebook.together():
        record(gradebook, one, report_of(one, verdict("mse", 1.0)))
        raise KeyboardInterrupt
    assert gradebook.reports() == []
    with gradebook.together():
        record(gradebook, one, report_of(one, verdict("mse", 1.0)))
        record(gradebook, other, report_of(other, verdict("mse", 2.0)))
    assert [report.score for report in gradebook.reports()] == [1.0, 2.0]
    record(gradebook, one, report_of(one, verdict("mse", 1.5)))  # again each by itself
    assert gradebook.report("7").score == 1.5


def test_the_latest_grading_of_the_latest_submission_counts(gradebook: Gradebook) -> None:
    first, second = submission(source=b"first"), submission(source=b"second")
    record(gradebook, first, report_of(first, verdict("mse", 1.0)))
    record(gradebook, second, report_of(second, verdict("mse", 2.0)))
    assert gradebook.report("7").score == 2.0
    # An earlier file graded again does not count, unless it is what the student has now.
    seen(gradebook, first)
    assert gradebook.report("7").score == 1.0
    record(gradebook, first, report_of(first, verdict("mse", 1.5)))
    assert gradebook.report("7").score == 1.5
    assert [past.score for past in gradebook.history("7")] == [1.0, 2.0, 1.5]
    assert [past.counts for past in gradebook.history("7")] == [False, False, True]


def test_nothing_is_added_where_nothing_is_new(gradebook: Gradebook) -> None:
    handed_in = submission(handed_in_at=WHEN)
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)))
    count = "SELECT count(*) FROM submissions"
    for _ in range(2):
        seen(gradebook, handed_in)
        assert gradebook._connection.execute(count).fetchone()[0] == 1
    seen(gradebook, replace(handed_in, name="Ada Lovelace", team="team-3", due=WHEN - timedelta(hours=1)))
    report = gradebook.report("7")
    assert (report.name, report.team, report.late, report.score) == ("Ada Lovelace", "team-3", True, 1.0)


def test_lateness_found_out_later_changes_the_score(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 2.0))
    gradebook.set_policy(Policy(late_per_day=0.75))
    seen(gradebook, submission(handed_in_at=WHEN, due=WHEN - timedelta(hours=1)))
    assert gradebook.report("7").late
    assert (gradebook.report("7").raw_score, gradebook.report("7").score) == (2.0, 1.25)


def test_earlier_submissions_are_kept_and_the_last_counts(gradebook: Gradebook) -> None:
    first, second = submission(source=b"first"), submission(source=b"second")
    last = submission(source=b"last", earlier=(first, second))
    record(gradebook, last, report_of(last, verdict("mse", 2.0)))
    kept = "SELECT content FROM submissions JOIN submission_files ON submission = seq JOIN files USING (sha256)"
    assert [row[0] for row in gradebook._connection.execute(kept)] == [b"first", b"second", b"last"]
    seen(gradebook, last)
    assert len(gradebook._connection.execute(kept).fetchall()) == 3
    # One more turns up in an older archive: it is kept, and does not count.
    seen(gradebook, replace(last, earlier=(submission(source=b"zeroth"), first, second)))
    assert gradebook.submission("7").source == b"last" and gradebook.report("7").score == 2.0
    assert b"zeroth" in [row[0] for row in gradebook._connection.execute(kept)]


def test_a_pick_of_one_member_is_the_team_s(gradebook: Gradebook) -> None:
    for student in ("7", "8"):
        member = submission(student, team="team-3")
        record(gradebook, member, report_of(member, verdict("mse", 1.0)))
    gradebook.pick("7", "a.py", "me")
    gradebook.pick("8", "b.py", "me")
    assert gradebook.picks() == {"team-3": "b.py"}
    # A member who goes to another team takes no pick along.
    elsewhere = submission("7", team="team-4")
    record(gradebook, elsewhere, report_of(elsewhere, verdict("mse", 1.0)))
    assert gradebook.picks() == {"team-3": "b.py"}


def test_a_td_that_was_changed_and_put_back_counts_as_it_was_graded_then(gradebook: Gradebook) -> None:
    handed_in = submission()
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 2.0)))
    record(gradebook, handed_in, replace(report_of(handed_in, verdict("mse", 1.0)), assignment_version="a2"))
    assert gradebook.report("7").score == 1.0
    seen(gradebook, handed_in)
    assert (gradebook.report("7").score, gradebook.report("7").assignment_version) == (2.0, "a1")
    rows = "SELECT count(*) FROM submissions"
    before = gradebook._connection.execute(rows).fetchone()[0]
    seen(gradebook, handed_in)
    assert gradebook._connection.execute(rows).fetchone()[0] == before
    seen(gradebook, handed_in, version="a2")
    assert gradebook.report("7").score == 1.0
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.5)))  # afresh
    assert gradebook.report("7").score == 1.5


def test_who_is_absent_this_time_keeps_the_results(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    before = graded(verdict("mse", 1.0))
    nothing = Submission("7", "Ada L.", status=Status.ABSENT)
    record(gradebook, nothing, report_of(nothing, status=Status.ABSENT))
    assert gradebook.report("7") == before
    seen(gradebook, nothing)
    assert gradebook.report("7") == before


def test_absent_students_have_a_report_until_they_hand_in(gradebook: Gradebook) -> None:
    nothing = Submission("7", "Ada L.", status=Status.ABSENT)
    record(gradebook, nothing, report_of(nothing, status=Status.ABSENT))
    assert gradebook.report("7").status is Status.ABSENT
    record(gradebook, submission(), report_of(submission(), verdict("mse", 1.0)))
    assert gradebook.report("7").score == 1.0


@pytest.mark.parametrize(
    ("status", "outcome", "done"),
    [
        (Status.GRADED, Outcome.WRONG, True),
        (Status.EMPTY, Outcome.MISSING, True),
        (Status.CRASHED, Outcome.CRASHED, False),
        (Status.GRADER_FAULT, Outcome.WRONG, False),
        (Status.GRADED, Outcome.GRADER_FAULT, False),
    ],
)
def test_what_is_done_is_not_graded_again(
    gradebook: Gradebook, graded: Callable[..., Report], status: Status, outcome: Outcome, done: bool
) -> None:
    key = submission_id(submission(), "td1")
    assert not gradebook.graded(key, "a1", "g1")
    graded(verdict("mse", 1.0, outcome=outcome), status=status)
    assert gradebook.graded(key, "a1", "g1") is done
    assert not gradebook.graded(key, "a2", "g1")
    assert not gradebook.graded(key, "a1", "g2")


def test_a_submission_is_recorded_whole_or_not_at_all(gradebook: Gradebook) -> None:
    handed_in = submission()
    bad = replace(verdict("mse", 1.0), points=float("nan"))
    with pytest.raises(GraderFault):
        record(gradebook, handed_in, report_of(handed_in, bad, score=1.0), run_of())
    assert gradebook.reports() == []
    assert gradebook.submission("7") is None
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)))  # and the next one can be


def test_the_same_file_is_kept_once(gradebook: Gradebook) -> None:
    for student in ("1", "2", "3"):
        handed_in = submission(student, others={"data.csv": b"1,2"})
        record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)))
    assert gradebook._connection.execute("SELECT count(*) FROM files").fetchone()[0] == 2


@pytest.mark.parametrize("statement", ["UPDATE verdicts SET points = 10", "DELETE FROM gradings"])
def test_rows_are_never_replaced(gradebook: Gradebook, graded: Callable[..., Report], statement: str) -> None:
    graded(verdict("mse", 1.0))
    with pytest.raises(sqlite3.IntegrityError, match="added, never replaced"):
        gradebook._connection.execute(statement)


def test_what_makes_a_submission_another() -> None:
    base = submission(others={"a": b"1"})
    others = [
        replace(base, student_id="8"),
        replace(base, picked="td1.ipynb"),
        replace(base, source=b"x = 2\n"),
        replace(base, others={"a": b"2"}),
        replace(base, others={"b": b"1"}),
        replace(base, others={}),
        replace(base, status=Status.UNREADABLE, candidates=("a", "b")),
        replace(base, status=Status.UNREADABLE, candidates=("a", "c")),
    ]
    digests = {submission_id(s, "td1") for s in [base, *others]} | {submission_id(base, "td2")}
    assert len(digests) == len(others) + 2
    assert submission_id(replace(base, name="Ada", team="team-1"), "td1") == submission_id(base, "td1")
