"""What may be kept of a class when its results are purged: numbers of groups, never of fewer than five people.

A smaller group is joined with a neighbour, or left out where that is not enough. Who has no score is left out
altogether where they are fewer than five: their number would follow from the others. Teams count by their members.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from grader.contract import Report, Status
from grader.pages import statistics

LEAST = 5


def kept(td: str, reports: Sequence[Report]) -> dict[str, Any]:
    """Plain values for JSON: `statuses`, `scores` and `checks`; each is empty where too few stand behind it.

    `scores` are of those who handed something in: mean, median, and a histogram in whole points [from, to), where the
    last group has `to` and what is above it, too. `checks` says by check which share of its points was got, by those
    whose code was checked.
    """
    values = statistics.scores(reports)
    scored = [report for report in reports if report.score is not None and report.status is not Status.ABSENT]
    rest = len(reports) - len(scored)
    counted = list(reports) if rest == 0 or rest >= LEAST else scored
    return {
        "td": td,
        "smallest_group": LEAST,
        "statuses": _statuses(counted),
        "scores": _scores(values, reports[0].out_of if reports else 10.0) if len(values) >= LEAST else {},
        "checks": {
            check.id: {"question": check.question, "points": check.max_points, "share": round(check.rate, 2)}
            for check in sorted(statistics.success(reports), key=lambda check: check.id)
            if check.students >= LEAST
        },
    }


def _statuses(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Counts by status, the rarest joined until there are enough of them."""
    counts = Counter(str(report.status) for report in reports)
    groups: list[tuple[list[str], int]] = [([name], counts[name]) for name in sorted(counts, key=lambda n: counts[n])]
    while len(groups) > 1 and groups[0][1] < LEAST:
        (names, few), (others, more) = groups[:2]
        groups = sorted([(names + others, few + more), *groups[2:]], key=lambda group: group[1])
    return [{"status": sorted(names), "students": count} for names, count in groups if count >= LEAST]


def _scores(values: Sequence[float], out_of: float) -> dict[str, Any]:
    top = math.ceil(out_of)
    groups: list[dict[str, int]] = []
    start = count = 0
    for low, number in enumerate(statistics.histogram(values, top, top)):
        count += number
        if count >= LEAST:
            groups.append({"from": start, "to": low + 1, "students": count})
            start, count = low + 1, 0
    if start < top:  # what is left joins the last group: there is one, since there are enough values
        groups[-1] = {"from": groups[-1]["from"], "to": top, "students": groups[-1]["students"] + count}
    return {
        "students": len(values),
        "mean": round(statistics.mean(values) or 0.0, 2),
        "median": round(statistics.median(values) or 0.0, 2),
        "histogram": groups,
    }
