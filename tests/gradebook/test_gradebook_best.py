"""The best of a student's hand-ins: the earlier ones of an archive too, in whatever order they are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cli.main import say
from grader.contract import Policy, Status, Submission
from grader.gradebook import FRENCH, SENTENCES, Gradebook, rounded
from grader.gradebook.lateness import days_late
from tests.gradebook.gradebook_samples import WHEN, record, report_of, run_of, seen, submission, verdict

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEST = Policy(counts="best", late_per_day=1.0)


def tries(*texts: bytes, start: datetime | None = WHEN, **more: object) -> Submission:
    """One who handed these in, a day after the other, with the last one's due time the first one's."""
    times = [None if start is None else start + n * DAY for n in range(len(texts))]
    *earlier, last = [submission(source=text, handed_in_at=at) for text, at in zip(texts, times, strict=True)]
    return replace(last, earlier=tuple(earlier), due=WHEN, **more)


def grade(gradebook: Gradebook, handed_in: Submission, points: float, *, earlier: bool = False, **more: object) -> None:
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", points, 10.0), **more), earlier=earlier)


def rows(gradebook: Gradebook) -> int:
    return int(gradebook._connection.execute("SELECT count(*) FROM submissions").fetchone()[0])


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_last_stays_the_last_whatever_is_recorded_when(gradebook: Gradebook, order: Sequence[int]) -> None:
    last = tries(b"one", b"two", b"three")
    gradebook.keep(last)
    all_ = [*last.earlier, last]
    for place in order:
        assert (gradebook.report("7") is not None) == (2 in order[: order.index(place)])
        grade(gradebook, all_[place], (7.0, 9.0, 2.0)[place], earlier=place < 2)
    assert gradebook.submission("7").source == b"three"
    assert (gradebook.report("7").score, rows(gradebook)) == (2.0, 3)
    gradebook.set_policy(BEST)
    report = gradebook.report("7")
    assert (report.score, report.late) == (8.0, True), "9 a day late"
    assert gradebook.submission_of(report).source == b"two" and gradebook.submission("7").source == b"three"
    assert [step.what for step in gradebook.explained("7").steps if step.kind == "handed_in"] == [
        "td1.py (1)",
        "td1.py (2)",
        "td1.py (3)",
    ]
    assert {(s.kind, s.what) for s in gradebook.explained("7").steps if s.counts} == {
        ("handed_in", "td1.py (2)"),
        ("graded", "td1.py (2)"),
    }
    gradebook.set_policy(replace(BEST, late_per_day=3.0))
    assert gradebook.report("7").score == 7.0


def test_of_equals_the_last(gradebook: Gradebook) -> None:
    last = tries(b"one", b"two", b"three", start=None)
    gradebook.set_policy(BEST)
    gradebook.keep(last)
    for place in (1, 0):
        grade(gradebook, last.earlier[place], 5.0, earlier=True)
    grade(gradebook, last, 4.0)
    assert gradebook.submission_of(gradebook.report("7")).source == b"two"


def test_nothing_is_added_where_nothing_is_new(gradebook: Gradebook) -> None:
    gradebook.set_policy(BEST)
    last = tries(b"one", b"two", b"one", b"one", b"three")
    grade(gradebook, last, 1.0)
    for one in last.earlier[:2]:
        grade(gradebook, one, 2.0, earlier=True)
    for _ in range(2):
        assert rows(gradebook) == 3
        gradebook.keep(last)
        seen(gradebook, last)
        for one in last.earlier[:2]:
            gradebook.seen(one, "a1", "g1", earlier=True)
    named = replace(last, name="Ada", team="team-1", earlier=tuple(replace(o, name="Ada") for o in last.earlier))
    seen(gradebook, named)
    report = gradebook.report("7")
    assert (report.name, report.team, report.score) == ("Ada", "team-1", 2.0)
    assert gradebook.submission("7").source == b"three"


def test_the_same_files_again_later_are_not_late_before(gradebook: Gradebook) -> None:
    gradebook.set_policy(BEST)
    last = tries(b"good", b"bad", b"good")
    grade(gradebook, last, 8.0)
    grade(gradebook, last.earlier[1], 3.0, earlier=True)
    assert (gradebook.report("7").score, gradebook.report("7").late) == (8.0, False)
    gradebook.set_policy(replace(BEST, counts="last"))
    assert (gradebook.report("7").score, gradebook.report("7").late) == (6.0, True)


def test_the_same_files_again_in_a_later_archive(gradebook: Gradebook) -> None:
    """Where archives hold the last hand-in alone, as Moodle's do."""
    gradebook.set_policy(BEST)
    good = submission(source=b"good", handed_in_at=WHEN, due=WHEN)
    bad = submission(source=b"bad", handed_in_at=WHEN + DAY, due=WHEN)
    grade(gradebook, good, 8.0)
    grade(gradebook, bad, 3.0)
    seen(gradebook, replace(good, handed_in_at=WHEN + 2 * DAY))
    assert (gradebook.report("7").score, gradebook.report("7").late) == (8.0, False)


def test_a_time_that_is_told_later_is_no_other_hand_in(gradebook: Gradebook) -> None:
    gradebook.set_policy(BEST)
    grade(gradebook, submission(source=b"one"), 8.0)  # no roster yet
    last = tries(b"one", b"two", start=WHEN + HOUR)
    grade(gradebook, last, 1.0)
    gradebook.seen(last.earlier[0], "a1", "g1", earlier=True)
    assert gradebook.report("7").score == 7.0


def test_a_time_that_an_archive_does_not_tell_stays_known(gradebook: Gradebook) -> None:
    gradebook.set_policy(BEST)
    grade(gradebook, submission(source=b"one", handed_in_at=WHEN + HOUR, due=WHEN), 8.0)
    for _ in range(2):
        last = tries(b"one", b"two", start=None)
        grade(gradebook, last, 1.0)
        gradebook.seen(last.earlier[0], "a1", "g1", earlier=True)
        assert gradebook.report("7").score == 7.0


def test_the_due_time_known_last_and_an_extension_are_of_all(gradebook: Gradebook) -> None:
    gradebook.set_policy(BEST)
    last = tries(b"one", b"two", start=WHEN + HOUR)
    grade(gradebook, last, 5.0)
    grade(gradebook, last.earlier[0], 5.5, earlier=True)
    assert gradebook.report("7").score == 4.5
    seen(gradebook, replace(last, due=WHEN + HOUR))
    assert gradebook.report("7").score == 5.5
    gradebook.event("extension", "7", value=(WHEN + 9 * DAY).isoformat(), who="me", why="ill")
    assert gradebook.report("7").score == 5.5 and gradebook.due_times() == {"7": WHEN + 9 * DAY}


@pytest.mark.parametrize("status", [Status.UNREADABLE, Status.CRASHED, Status.GRADER_FAULT])
def test_a_last_one_without_a_score_is_told(gradebook: Gradebook, status: Status) -> None:
    gradebook.set_policy(BEST)
    last = tries(b"one", b"two")
    record(gradebook, last, report_of(last, status=status))
    assert gradebook.report("7").score is None
    grade(gradebook, last.earlier[0], 6.0, earlier=True)
    report = gradebook.report("7")
    assert (report.status, report.score) == (Status.GRADED, 6.0)
    assert report.notes[0].key == "last_unscored" and report.notes[0].values == {"why": str(status)}
    assert "why_" not in say(report.notes[0].key, report.notes[0].values)
    gradebook.event("override", "7", points=7.0, who="me", why="read it")
    assert gradebook.report("7").score == 7.0 and "last_unscored" not in {n.key for n in gradebook.report("7").notes}


@pytest.mark.parametrize("status", [Status.EMPTY, Status.UNREADABLE, Status.CRASHED, Status.GRADER_FAULT])
def test_an_earlier_one_that_was_nothing_does_no_harm(gradebook: Gradebook, status: Status) -> None:
    gradebook.set_policy(BEST)
    last = tries(b"one", b"two", start=WHEN - 3 * DAY)
    raw = 0.0 if status is Status.EMPTY else None
    record(gradebook, last.earlier[0], report_of(last.earlier[0], status=status, score=raw), earlier=True)
    assert gradebook.reports() == [] and gradebook.explained("7") is None and gradebook.due_times() == {}
    grade(gradebook, last, 6.0)
    assert gradebook.report("7").score == 6.0


@pytest.mark.parametrize(("start", "key"), [(WHEN, "best_of_at"), (None, "best_of")])
def test_notes_say_which_counts(gradebook: Gradebook, start: datetime | None, key: str) -> None:
    last = tries(b"one", b"two", start=start)
    grade(gradebook, last, 1.0)
    grade(gradebook, last.earlier[0], 2.0, earlier=True)
    gradebook.set_policy(Policy())
    assert not gradebook.report("7").notes
    gradebook.set_policy(Policy(counts="best"))
    assert gradebook.report("7").notes[-1].key == key
    assert SENTENCES.keys() == FRENCH.keys()


def test_what_was_printed_and_run_is_of_what_counts(gradebook: Gradebook) -> None:
    gradebook.set_policy(BEST)
    last = tries(b"one", b"two")
    record(gradebook, last, report_of(last, verdict("mse", 1.0, 10.0)), run_of(b"last"))
    best = last.earlier[0]
    run = replace(run_of(b"best"), printed="of the best")
    record(gradebook, best, report_of(best, verdict("mse", 9.0, 10.0)), run, earlier=True)
    report = gradebook.report("7")
    assert gradebook.run(report).checks["mse"].public[0].value == b"best"
    assert gradebook.printed(report) == "of the best"
    assert [past.counts for past in gradebook.history("7")] == [False, True]
    assert [(kept.submission.source, kept.earlier) for kept in gradebook.to_judge_again()] == [
        (b"one", True),
        (b"two", False),
    ]


def test_a_td_that_was_changed_and_put_back_counts_as_it_was_graded_then(gradebook: Gradebook) -> None:
    gradebook.set_policy(BEST)
    last = tries(b"one", b"two", b"one")
    for version, points in (("a1", 8.0), ("a2", 4.0)):
        for one, got in ((last, points), (last.earlier[1], points / 2)):
            report = replace(report_of(one, verdict("mse", got, 10.0)), assignment_version=version)
            record(gradebook, one, report, earlier=one is not last)
    for version, score in (("a1", 8.0), ("a2", 4.0), ("a2", 4.0)):
        seen(gradebook, last, version)
        gradebook.seen(last.earlier[1], version, "g1", earlier=True)
        assert (gradebook.report("7").score, gradebook.report("7").assignment_version) == (score, version)
        assert gradebook.submission("7").source == b"one"


# Each: which file, how many hours after the due time (None: unknown), how many points that file gets.
TEXTS = (b"a", b"b", b"c")
handed = st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(-60, 60)), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    handed,
    st.fixed_dictionaries({text: st.floats(0, 10) if text == b"a" else st.none() | st.floats(0, 10) for text in TEXTS}),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_the_best_is_the_most_that_any_of_them_gets_alone(
    tmp_path_factory: pytest.TempPathFactory,
    given_in: list[tuple[bytes, int]],
    points: dict[bytes, float | None],
    timed: bool,
    at_once: bool,
    rng: object,
) -> None:
    policy = Policy(counts="best", late_per_day=0.7, late_cap=3.0, rounding=0.25)
    given_in = sorted(given_in, key=lambda one: one[1])
    times = [WHEN + hours * HOUR if timed else None for _, hours in given_in]
    all_ = [submission(source=text, handed_in_at=at) for (text, _), at in zip(given_in, times, strict=True)]
    alone = [
        rounded(points[one.source] - min(3.0, 0.7 * days_late(one.handed_in_at, WHEN, policy)), 10.0, 0.25)
        for one in all_
        if points[one.source] is not None
    ]
    with Gradebook.open(tmp_path_factory.mktemp("best") / "gradebook.sqlite", td="td1") as gradebook:
        gradebook.set_policy(policy)
        for count in [len(all_)] if at_once else range(1, len(all_) + 1):  # one archive, or one after each hand-in
            last = replace(all_[count - 1], earlier=tuple(all_[: count - 1]), due=WHEN)
            gradebook.keep(last)
            todo = [(last, False), *((one, True) for one in last.earlier if one.source != last.source)]
            rng.shuffle(todo)  # type: ignore[attr-defined]
            for one, earlier in todo:
                got = points[one.source]
                if gradebook.graded(report_of(one).submission_id, "a1", "g1"):
                    gradebook.seen(one, "a1", "g1", earlier=earlier)
                elif got is None:
                    record(gradebook, one, report_of(one, status=Status.UNREADABLE), earlier=earlier)
                else:
                    grade(gradebook, one, got, earlier=earlier)
            assert gradebook.submission("7").source == last.source
        report = gradebook.report("7")
        assert report.score == (max(alone) if alone else None)
