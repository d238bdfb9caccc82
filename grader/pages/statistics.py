"""What a class's reports say together: pure functions from reports to numbers."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.contract import CHECKED, NOISE, Note, Outcome, Report, Status, Verdict


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
        counts[bar(value, out_of, bins)] += 1
    return counts


def bar(value: float, out_of: float, bins: int = 10) -> int:
    """The index of the interval that a value lies in; what a bonus lifts above `out_of` is in the last one."""
    return min(bins - 1, int(value / out_of * bins + NOISE))


@dataclass(frozen=True, slots=True)
class Success:
    """How one check went in a class."""

    id: str
    question: str
    max_points: float
    students: int  # whose code was checked; our faults do not count
    unwritten: int  # how many of them have not written it
    full: int  # how many of them got all points
    rate: float  # share of the points that they got, 0 to 1
    tried: float | None  # the same share of those who have written it; None where nobody has
    outcomes: Mapping[Outcome, int]
    message: tuple[str, Note, int] | None  # the most frequent one among those who failed: id, note, how many works
    dropped: bool = False  # voided: it counts for nothing, nor among what was hard


def success(reports: Sequence[Report]) -> list[Success]:
    """Every check, hardest first, and at the end those that were voided.

    Those who handed in no work say nothing about a check: graded submissions alone count.
    """
    found = {}
    graded = [report for report in reports if report.status in CHECKED]
    dropped = voided(graded)
    for check_id in dict.fromkeys(verdict.id for report in graded for verdict in report.verdicts):
        judged = [
            (report.owner, verdict)
            for report in graded
            for verdict in report.verdicts
            if verdict.id == check_id and verdict.outcome is not Outcome.GRADER_FAULT
        ]
        if not judged:
            continue
        verdicts = [verdict for _, verdict in judged]
        rates = [_rate(verdict) for verdict in verdicts]
        tried = [_rate(verdict) for verdict in verdicts if verdict.outcome is not Outcome.MISSING]
        found[check_id] = Success(
            check_id,
            verdicts[0].question,
            verdicts[0].max_points,
            len(verdicts),
            len(verdicts) - len(tried),
            sum(rate >= 1 - NOISE for rate in rates),
            statistics.fmean(rates),
            statistics.fmean(tried) if tried else None,
            dict(Counter(verdict.outcome for verdict in verdicts).most_common()),
            _commonest([(owner, v.hint or v.message) for owner, v in judged if v.outcome is not Outcome.PASS]),
            check_id in dropped,
        )
    return sorted(found.values(), key=lambda check: (check.dropped, check.rate))


def voided(reports: Sequence[Report]) -> frozenset[str]:
    """The checks that were voided for everybody."""
    return frozenset[str]().union(*(report.dropped for report in reports if report.adjustments))


def hardest(checks: Sequence[Success], most: int) -> list[Success]:
    """What was not understood by those who tried: of each question its hardest check, by their share of the points.

    What many have not reached need not be hard.
    """
    found: dict[str, Success] = {}
    tried = [check for check in checks if not check.dropped and check.tried is not None and check.tried < 1 - NOISE]
    for check in sorted(tried, key=lambda check: check.tried or 0.0):
        found.setdefault(check.question, check)
    return list(found.values())[:most]


def _rate(verdict: Verdict) -> float:
    return verdict.points / verdict.max_points if verdict.max_points else 0.0


def _commonest(notes: Sequence[tuple[str, Note]]) -> tuple[str, Note, int] | None:
    """The note that comes up in most works (`notes` are with whose they are): two at least.

    Told apart by its key and what it names; one that measures is of its one work alone.
    """
    groups: dict[str, tuple[Note, set[str]]] = {}
    for owner, note in notes:
        if not measured(note):
            groups.setdefault(alike(note), (note, set()))[1].add(owner)
    key, (note, owners) = max(groups.items(), key=lambda item: len(item[1][1]), default=("", (Note(""), set())))
    return (key, note, len(owners)) if len(owners) > 1 else None


def measured(note: Note) -> bool:
    """Whether it tells numbers of an answer: others of the same kind of answer have others, and another mistake."""
    return any(isinstance(value, float | complex) for name, value in note.values.items() if name not in LIMITS)


def alike(note: Note) -> str:
    """The same for notes that say the same of something; of those that measure it, whatever the numbers in them."""
    exact = not measured(note)
    return (
        note.key + "/" + "/".join(str(v) for v in note.values.values() if isinstance(v, str) or (exact and _whole(v)))
    )


def _whole(value: Any) -> bool:
    """A whole number, or a shape: what the sandbox says where is a list of other things."""
    return isinstance(value, int) or (isinstance(value, list | tuple) and all(isinstance(one, int) for one in value))


LIMITS = ("seconds", "none", "full")  # values that the check sets, whatever the answer was
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
