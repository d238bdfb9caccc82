"""What may be kept of a class when its results are purged: numbers of groups, never of fewer than five people.

Nor of fewer than five works: a team of five knows its own, and would be the group. A smaller group is joined with a
neighbour, or left out where that is not enough. All numbers are of those whose work was graded, or of those whose was
not, and never of some of both: nothing can be found by taking one number from another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from grader.contract import NOISE, Outcome, Report, Status
from grader.pages import statistics

LEAST = 5


def kept(td: str, reports: Sequence[Report]) -> dict[str, Any]:
    """Plain values for JSON: `statuses`, `scores` and `checks`; each is empty where too few stand behind it.

    `scores` are of those whose work was graded: mean, median (in halves, since it may be one person's), and a
    histogram in whole points [from, to), where the last group has `to` and what is above it, too. `checks` says by
    check which share of its points was got, in tenths; where fewer than five, but some, got points of it or lost
    points of it, the share would be their number, and the check is left out.
    """
    graded = [report for report in reports if report.status is Status.GRADED and report.score is not None]
    return {
        "td": td,
        "smallest_group": LEAST,
        "statuses": _statuses(reports),
        "scores": _scores(graded) if enough(graded) else {},
        "checks": {
            check.id: {"question": check.question, "points": check.max_points, "share": round(check.rate, 1)}
            for check in sorted(statistics.success(graded), key=lambda check: check.id)
            if not check.dropped and _of_many(graded, check.id)
        },
    }


def enough(reports: Sequence[Report]) -> bool:
    """Whether so many works, and so people, may be told of."""
    return len({report.owner for report in reports}) >= LEAST


def _of_many(reports: Sequence[Report], check: str) -> bool:
    got, lost, asked = [], [], []
    for report in reports:
        for verdict in report.verdicts:
            if verdict.id == check and verdict.outcome is not Outcome.GRADER_FAULT:
                asked.append(report)
                got += [report] if verdict.points > NOISE else []
                lost += [report] if verdict.points < verdict.max_points - NOISE else []
    return enough(asked) and (not got or enough(got)) and (not lost or enough(lost))


def _statuses(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Counts by status, of those that are not "graded" the rarest joined until there are enough of them."""
    by_status: dict[str, list[Report]] = {}
    for report in reports:
        by_status.setdefault(str(report.status), []).append(report)
    graded = by_status.pop(str(Status.GRADED), [])
    groups: list[tuple[list[str], list[Report]]] = [([name], of) for name, of in sorted(by_status.items())]
    groups.sort(key=lambda group: len(group[1]))
    while len(groups) > 1 and not enough(groups[0][1]):
        (names, few), (others, more) = groups[:2]
        groups = sorted([(names + others, few + more), *groups[2:]], key=lambda group: len(group[1]))
    groups.append(([str(Status.GRADED)], graded))
    return [{"status": sorted(names), "students": len(of)} for names, of in groups if enough(of)]


def _scores(reports: Sequence[Report]) -> dict[str, Any]:
    values = statistics.scores(reports)
    top = math.ceil(reports[0].out_of)
    bars: list[list[Report]] = [[] for _ in range(top)]
    for report, value in zip(reports, values, strict=True):
        bars[statistics.bar(value, top, top)].append(report)
    groups: list[dict[str, int]] = []
    start, within = 0, list[Report]()
    for low, bar in enumerate(bars):
        within += bar
        if enough(within):
            groups.append({"from": start, "to": low + 1, "students": len(within)})
            start, within = low + 1, []
    if start < top:  # what is left joins the last group: there is one, since there are enough reports
        groups[-1] = {"from": groups[-1]["from"], "to": top, "students": groups[-1]["students"] + len(within)}
    return {
        "students": len(values),
        "mean": round(statistics.mean(values) or 0.0, 2),
        "median": halves(statistics.median(values) or 0.0),
        "histogram": groups,
    }


def halves(score: float) -> float:
    """A score so rough that it is nobody's own."""
    return math.floor(2 * score + 0.5) / 2
