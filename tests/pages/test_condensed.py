"""A class's page says the same of condensed reports, which take little memory however many there are."""

import gc
from collections import deque
from dataclasses import replace

import pytest

from grader.contract import Outcome, Verdict
from grader.pages import findings, statistics
from grader.pages.classroom import parts, report
from grader.pages.condensed import Condensed
from tests.pages.pages_samples import assignment, class_of, say


def made(reports, picks=None):
    condensed = Condensed(assignment().interface, picks)
    assert list(condensed.passing(reports)) == reports
    return condensed.reports


def with_numbers(reports):
    """As real ones: no two messages have the same numbers, and no two checks took the same time."""
    return [
        replace(
            one,
            team=f"team-{place // 3}" if place % 4 == 0 else "",
            score=0.0 if one.score is not None and place % 9 == 0 else one.score,
            verdicts=tuple(
                replace(
                    verdict,
                    seconds=(place * 37 % 101 + index) / 30,
                    message=replace(verdict.message, values={**verdict.message.values, "error": place + index / 8}),
                )
                for index, verdict in enumerate(one.verdicts)
            ),
        )
        for place, one in enumerate(reports)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_page_is_the_same(seed):
    reports = sorted(with_numbers(class_of(120, seed)), key=lambda one: one.student_id)
    picks = {reports[9].student_id: reports[9].picked}
    condensed = made(reports, picks)
    options = {"picks": picks, "feedback_name": lambda student: f"page of {student}"}
    page = report(reports, assignment(), say, **options)
    assert (
        page
        == report(condensed, assignment(), say, **options)
        == "".join(parts(condensed, assignment(), say, **options))
    )
    assert findings.slowest(reports) and statistics.needs(reports, assignment().interface, picks)


def test_verdicts_are_shared_so_that_a_large_class_has_few():
    def distinct(count):
        reports = [one for one in with_numbers(class_of(count)) if not statistics.reason_to_look(one)]
        return len({id(verdict) for one in made(reports) for verdict in one.verdicts}), len(reports)

    (few, small), (many, large) = distinct(100), distinct(400)
    assert large > 3 * small and many - few < 8 * 40, (few, many)  # slow ones, whose seconds stay


def test_no_report_stays_as_it_was():
    def one_by_one():
        for place, one in enumerate(with_numbers(class_of(60))):
            yield replace(
                one, verdicts=tuple(replace(verdict, seconds=0.0625) for verdict in one.verdicts), name="Ana" * place
            )

    condensed = Condensed(assignment().interface)
    deque(condensed.passing(one_by_one()), maxlen=0)
    gc.collect()
    passed = [one for one in gc.get_objects() if isinstance(one, Verdict) and one.seconds == 0.0625]
    assert not passed and any(v.outcome is Outcome.WRONG for one in condensed.reports for v in one.verdicts)
