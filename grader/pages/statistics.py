"""What a class's reports say together: pure functions from reports to numbers."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.contract import CHECKED, NOISE, Note, Outcome, Report, Status


def scores(reports: Sequence[Report]) -> list[float]:
    """The scores that there are, of those who handed something in."""
    return [report.score for report in reports if report.score is not None and report.status is not Status.ABSENT]


def mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def quartiles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """A quarter of the values lies below the first, half below the second; between two values, it is interpolated."""
    if len(values) < 2:
        return None
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def histogram(values: Sequence[float], out_of: float, bins: int = 10) -> list[int]:
    """How many values lie in each of `bins` equal intervals [a, b) of [0, out_of]; the last one holds out_of too."""
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(value / out_of * bins + NOISE))] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Success:
    """How one check went in a class."""

    id: str
    question: str
    max_points: float
    students: int  # whose code was checked; our faults do not count
    full: int  # how many of them got all points
    rate: float  # share of the points that they got, 0 to 1
    outcomes: Mapping[Outcome, int]
    message: tuple[str, Note, int] | None  # the most frequent one among those who failed: id, note, how often


def success(reports: Sequence[Report]) -> list[Success]:
    """Every check, hardest first.

    Those who handed in no work say nothing about a check: graded submissions alone count.
    """
    found = {}
    graded = [report for report in reports if report.status in CHECKED]
    for check_id in dict.fromkeys(verdict.id for report in graded for verdict in report.verdicts):
        verdicts = [v for r in graded for v in r.verdicts if v.id == check_id and v.outcome is not Outcome.GRADER_FAULT]
        if not verdicts:
            continue
        worth = verdicts[0].max_points
        rates = [verdict.points / verdict.max_points if verdict.max_points else 0.0 for verdict in verdicts]
        found[check_id] = Success(
            check_id,
            verdicts[0].question,
            worth,
            len(verdicts),
            sum(rate >= 1 - NOISE for rate in rates),
            statistics.fmean(rates),
            dict(Counter(verdict.outcome for verdict in verdicts).most_common()),
            _commonest([v.hint or v.message for v in verdicts if v.outcome is not Outcome.PASS]),
        )
    return sorted(found.values(), key=lambda check: check.rate)


def _commonest(notes: Sequence[Note]) -> tuple[str, Note, int] | None:
    """The note that comes up most, told apart by its key and what it names: twice at least."""
    keys = [alike(note) for note in notes]
    for key, times in Counter(keys).most_common(1):
        if times > 1:
            return key, notes[keys.index(key)], times
    return None


def alike(note: Note) -> str:
    """The same for notes that say the same of something, whatever the numbers in them."""
    return note.key + "/" + "/".join(v for v in note.values.values() if isinstance(v, str))


UNSCORED = "last_unscored"  # the gradebook's note that an earlier hand-in counts, since the last one has no score
NEEDS = (Status.GRADER_FAULT, Status.UNREADABLE, Status.CRASHED)


def needs(
    reports: Sequence[Report], interface: Sequence[str] = (), picks: Mapping[str, str] | None = None
) -> list[tuple[str, Report]]:
    """Whom a person should look at, and why, most urgent first: one list for the terminal and for the page.

    Why is a status, "unscored" (the last hand-in has no score, and an earlier one counts), "unrecognised" (nothing that
    was asked for is in the file), "zero" (code that scored nothing), "empty", or "lost" (a block that defines a name of
    `interface`, or one that a check missed, was left out). Whoever was given points by a person was looked at, and so
    was a file that a person picked (`picks`, by student).
    """
    found = []
    teams = set()  # one of a team is enough: they have one work
    for report in reports:
        if report.team in teams:
            continue
        if why := reason_to_look(report, interface, picks):
            found.append((why, report))
        if report.team and found and found[-1][1] is report:
            teams.add(report.team)
    order = [*map(str, NEEDS), "unscored", "unrecognised", "zero", "empty", "lost"]
    return sorted(found, key=lambda item: (order.index(item[0]), item[1].student_id))


def reason_to_look(report: Report, interface: Sequence[str] = (), picks: Mapping[str, str] | None = None) -> str:
    """Why a person should look at this report, as `needs` says it; "" where there is no reason."""
    if report.score is None and report.status is not Status.ABSENT:
        return str(report.status) if report.status in NEEDS else str(Status.GRADER_FAULT)
    if any(note.key == UNSCORED for note in report.notes):
        return "unscored"
    settled = any(adjustment.get("kind") == "override" for adjustment in report.adjustments)
    picked = (picks or {}).get(report.owner)
    settled = settled or (bool(report.picked) and picked == report.picked)
    return "" if settled else _doubt(report, interface)


def unscored(reports: Sequence[Report]) -> set[Status]:
    """What became of last hand-ins that have no score, where an earlier one counts."""
    return {Status(note.values["why"]) for report in reports for note in report.notes if note.key == UNSCORED}


def _doubt(report: Report, interface: Sequence[str]) -> str:
    if report.status is Status.EMPTY:
        return "empty"
    if report.status is not Status.GRADED:
        return ""
    if any(note.key == "nothing_recognised" for note in report.notes):
        return "unrecognised"
    if report.score == 0:
        return "zero"
    return "lost" if lost(report, interface) else ""


def lost(report: Report, interface: Sequence[str]) -> list[Mapping[str, Any]]:
    """Blocks left out that would have defined what was asked for, or what a check found missing."""
    missed = [v.message.values.get("block") for v in report.verdicts if v.outcome is not Outcome.PASS]
    blocks = [note.values["block"] for note in report.notes if note.key == "left_out"]
    return [b for b in blocks if set(b.get("names") or ()) & set(interface) or (b in missed and b.get("names"))]
