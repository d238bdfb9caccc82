"""The policy: lateness, rounding, best-of, what absence gives; and decisions in any order."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.contract import Policy, Status, Submission
from grader.gradebook import Event, Gradebook, corrected, rounded
from grader.gradebook.lateness import days_late, penalty
from tests.gradebook.gradebook_samples import WHEN, record, report_of, seen, submission, verdict

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("after", "grace", "days"),
    [
        (timedelta(0), 0, 0),
        (timedelta(seconds=1), 0, 1),
        (DAY, 0, 1),
        (DAY + timedelta(seconds=1), 0, 2),
        (timedelta(minutes=15), 15, 0),
        (timedelta(minutes=15, seconds=1), 15, 1),
        (-HOUR, 0, 0),
    ],
)
def test_each_day_begun_after_the_grace_counts(after: timedelta, grace: float, days: int) -> None:
    assert days_late(WHEN + after, WHEN, Policy(grace_minutes=grace)) == days


def test_an_unknown_time_costs_nothing() -> None:
    policy = Policy(late_per_day=1)
    assert days_late(None, WHEN, policy) == days_late(WHEN, None, policy) == 0
    assert penalty(None, WHEN, policy) is None and penalty(WHEN + DAY, None, policy) is None


def late(gradebook: Gradebook, after: timedelta, *points: float, **policy: Any) -> Any:
    """The report of one who handed in so late, with these points."""
    gradebook.set_policy(Policy(**policy))
    handed_in = submission(handed_in_at=WHEN + after, due=WHEN)
    record(gradebook, handed_in, report_of(handed_in, *(verdict(f"c{n}", p, 5.0) for n, p in enumerate(points))))
    return gradebook.report("7")


def test_lateness_has_a_cap_and_is_told_in_one_adjustment(gradebook: Gradebook) -> None:
    report = late(gradebook, 3 * DAY - HOUR, 5.0, 4.0, late_per_day=1.5, late_cap=4.0)
    assert (report.raw_score, report.score, report.late) == (9.0, 5.0, True)
    (adjustment,) = report.adjustments
    assert (adjustment["kind"], adjustment["points"], adjustment["author"]) == ("late", -4.0, "policy")
    assert (
        adjustment["reason"].startswith("late by 2 d 23 h, 3 days begun after 2026-03-01 12:00")
        and "at most 4" in adjustment["reason"]
    )


def test_lateness_that_costs_nothing_is_told_all_the_same(gradebook: Gradebook) -> None:
    report = late(gradebook, DAY + 10 * HOUR, 5.0)
    (adjustment,) = report.adjustments
    assert (report.score, adjustment["points"]) == (5.0, 0.0)
    assert adjustment["reason"] == "late by 1 d 10 h, 2 days begun after 2026-03-01 12:00+00:00: it costs no points"
    assert [one["reason"][:14] for one in late(gradebook, timedelta(seconds=5), 5.0).adjustments] == ["late by 1 min,"]


def test_no_penalty_leads_below_0(gradebook: Gradebook) -> None:
    assert late(gradebook, 9 * DAY, 2.0, late_per_day=5.0).score == 0.0


def test_an_extension_forgives_and_an_earlier_one_takes_nothing(gradebook: Gradebook) -> None:
    assert late(gradebook, DAY, 5.0, late_per_day=1.0).score == 4.0
    gradebook.event("extension", "7", value=(WHEN - DAY).isoformat(), who="me", why="a slip")
    assert gradebook.report("7").score == 4.0
    gradebook.event("extension", "7", value=(WHEN + DAY).isoformat(), who="me", why="ill")
    report = gradebook.report("7")
    assert (report.score, report.late, report.adjustments) == (5.0, False, ())


def test_an_extension_of_a_team_is_each_member_s(gradebook: Gradebook) -> None:
    gradebook.set_policy(Policy(late_per_day=1.0))
    for student in ("7", "8"):
        member = submission(student, team="team-3", handed_in_at=WHEN + HOUR, due=WHEN)
        record(gradebook, member, report_of(member, verdict("mse", 2.0)))
    gradebook.event("extension", "team-3", value=(WHEN + DAY).isoformat(), who="me", why="a fire")
    assert [report.score for report in gradebook.reports()] == [2.0, 2.0]


@pytest.mark.parametrize(
    ("points", "step", "most", "score"),
    [
        (7.124, 0.01, 10.0, 7.12),
        (7.125, 0.01, 10.0, 7.13),
        (7.124, 0.25, 10.0, 7.0),
        (7.125, 0.25, 10.0, 7.25),
        (7.75, 0.5, 10.0, 8.0),
        (0.1 + 0.2, 0.1, 10.0, 0.3),
        (11.3, 0.25, 11.0, 11.0),
        (11.3, 0.5, 12.0, 11.5),
        (-1.0, 0.5, 10.0, 0.0),
    ],
)
def test_rounding_is_half_up_to_the_policy_s_step(points: float, step: float, most: float, score: float) -> None:
    assert rounded(points, most, step) == score


def test_a_bonus_leads_to_the_maximum_and_no_further(gradebook: Gradebook) -> None:
    report = late(gradebook, timedelta(0), 5.0, 5.0, 1.5, maximum=11.0)
    assert report.score == 11.0
    gradebook.set_policy(Policy())
    assert gradebook.report("7").score == 10.0


def test_the_best_counts_and_of_equals_the_last(gradebook: Gradebook) -> None:
    tries = [submission(source=text, handed_in_at=WHEN) for text in (b"one", b"two", b"three", b"four")]
    for one, points in zip(tries, (3.0, 5.0, 5.0, 1.0), strict=True):
        record(gradebook, one, report_of(one, verdict("mse", points, 6.0)))
    assert gradebook.report("7").score == 1.0
    gradebook.set_policy(Policy(counts="best"))
    report = gradebook.report("7")
    assert (report.score, report.submission_id) == (5.0, report_of(tries[2]).submission_id)
    seen(gradebook, tries[0])  # handed in again: still not the best
    assert gradebook.report("7").score == 5.0
    gradebook.set_policy(Policy())
    assert gradebook.report("7").score == 3.0


def test_the_best_is_found_after_lateness(gradebook: Gradebook) -> None:
    gradebook.set_policy(Policy(counts="best", late_per_day=4.0))
    early, better = submission(source=b"e", handed_in_at=WHEN, due=WHEN), submission(source=b"b", due=WHEN)
    better = replace(better, handed_in_at=WHEN + DAY)
    record(gradebook, early, report_of(early, verdict("mse", 4.0, 6.0)))
    record(gradebook, better, report_of(better, verdict("mse", 6.0, 6.0)))
    assert gradebook.report("7").score == 4.0 and not gradebook.report("7").late


def test_what_absence_gives(gradebook: Gradebook) -> None:
    nothing = Submission("7", "Ada L.", status=Status.ABSENT)
    record(gradebook, nothing, report_of(nothing, status=Status.ABSENT))
    assert gradebook.report("7").score is None
    gradebook.set_policy(Policy(absent="zero"))
    assert (gradebook.report("7").raw_score, gradebook.report("7").score) == (0.0, 0.0)


def test_the_same_policy_twice_is_one_row(gradebook: Gradebook) -> None:
    for policy in (Policy(), Policy(), Policy(rounding=0.5), Policy(rounding=0.5)):
        gradebook.set_policy(policy)
    assert gradebook._connection.execute("SELECT count(*) FROM policies").fetchone()[0] == 2
    assert gradebook.policy == Policy(rounding=0.5)


# --- decisions in any order -------------------------------------------------------------------------------------------

CHECKS = {"a": 4.0, "b": 3.0, "c": 3.0}


def decision(kind: str, check: str, points: float, minutes: int) -> Event:
    at = (WHEN + timedelta(minutes=minutes)).isoformat()
    if kind == "extension":
        return Event(kind, "7", "", None, (WHEN + timedelta(hours=points * 10)).isoformat(), "me", at, "why")
    if kind in ("give", "drop"):
        return Event("void", "", check, None, kind, "me", at, "why")
    if kind in ("Curie", "Turing"):
        return Event("mark", "7", "talk", min(points, 2.0), "", kind, at, "marked")
    if kind == "adjust":
        return Event("adjust", "7", "", points - 5.0, "jury" if points > 3 else "", "Curie", at, "why")
    if kind == "defence":
        jury = "Turing" if points > 5 else "Curie; Turing"
        return Event("defence", "7", "", None, f"{at} | 20 | B | {jury}", "me", at, "")
    whole = kind == "whole"
    return Event(
        "override", "7", "" if whole else check, points if whole else min(points, CHECKS[check]), "", "me", at, "why"
    )


decisions = st.lists(
    st.builds(
        decision,
        st.sampled_from(["extension", "give", "drop", "whole", "override", "Curie", "Turing", "adjust", "defence"]),
        st.sampled_from(sorted(CHECKS)),
        st.floats(0, 10),
        st.integers(0, 10_000),
    ),
    max_size=8,
    unique_by=lambda event: event.at,
)
raw = st.fixed_dictionaries({check: st.floats(0, worth) for check, worth in CHECKS.items()})
whens = st.integers(0, 100).map(lambda hours: WHEN + timedelta(hours=hours))


@settings(max_examples=60, deadline=None)
@given(decisions, st.randoms(use_true_random=False), raw, raw, whens, st.sampled_from([0.01, 0.25, 0.5]))
def test_any_order_of_decisions_and_regrades_ends_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[Event],
    rng: Any,
    first: dict[str, float],
    then: dict[str, float],
    when: datetime,
    step: float,
) -> None:
    policy = Policy(late_per_day=0.7, late_cap=3.0, rounding=step)
    handed_in = submission(handed_in_at=when, due=WHEN)
    reports = [
        report_of(handed_in, *(verdict(check, points, CHECKS[check]) for check, points in found.items()))
        for found in (first, then)
    ]
    scores = []
    for shuffled in (False, True):
        order = sorted(made, key=lambda event: event.at)
        if shuffled:
            rng.shuffle(order)
        regraded = rng.randint(0, len(order))
        path = tmp_path_factory.mktemp("order") / "gradebook.sqlite"
        with Gradebook.open(path, td="td1") as gradebook:
            gradebook.set_policy(policy)
            record(gradebook, handed_in, reports[0])
            for place, event in enumerate(order):
                if place == regraded:
                    record(gradebook, handed_in, reports[1])
                gradebook.event(
                    event.kind,
                    event.student_id,
                    check=event.check,
                    points=event.points,
                    value=event.value,
                    who=event.who,
                    why=event.why,
                    at=datetime.fromisoformat(event.at),
                )
            if regraded == len(order):
                record(gradebook, handed_in, reports[1])
            report = gradebook.report("7")
        assert 0 <= report.score <= policy.maximum
        assert math.isclose(report.score, round(report.score / step) * step, abs_tol=1e-9)
        exact = math.fsum([*then.values(), *(a["points"] for a in report.adjustments)])
        assert report.score == rounded(exact, policy.maximum, step)
        scores.append(report.score)
    assert scores[0] == scores[1]


def test_a_dropped_check_lets_the_rest_count_for_all(gradebook: Gradebook) -> None:
    handed_in = submission()
    record(gradebook, handed_in, report_of(handed_in, verdict("a", 2.0, 4.0), verdict("b", 6.0, 6.0)))
    gradebook.event("void", check="a", value="drop", who="me", why="wrong question")
    report = gradebook.report("7")
    assert (report.raw_score, report.score) == (8.0, 10.0)
    assert report.adjustments[0]["points"] == pytest.approx(2.0)
    gradebook.event("override", "7", check="a", points=4.0, who="me", why="too late to matter")
    assert gradebook.report("7").score == 10.0


def test_dropping_everything_is_no_division_by_0() -> None:
    handed_in = submission()
    report = report_of(handed_in, verdict("a", 2.0, 10.0))
    event = Event("void", "", "a", None, "drop", "me", WHEN.isoformat(), "why")
    assert corrected(report, [event]).score == 0.0
