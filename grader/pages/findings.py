"""What went wrong in a class, and with whom: mistakes that several made, failing and slow code, who is absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.contract import Note, Outcome, Report, Status, Verdict
from grader.pages.statistics import alike, measured
from grader.pages.student import LEFT_OUT

MOST = 10  # mistakes that a page names
MOST_SLOW, SLOW = 10, 1.0  # how many are listed; seconds from which on a submission is slow
BROKEN = (Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED, Outcome.FORBIDDEN, Outcome.ERROR)
SAID = (Outcome.PARTIAL, Outcome.WRONG, Outcome.ERROR)  # outcomes whose message says what is wrong


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong in the same way in several works."""

    checks: tuple[str, ...]  # that show it, by id
    note: Note  # the known mistake's hint, or what the first of them was told
    known: str  # the TD's name for it; "" for one that it does not know
    students: tuple[Report, ...]


def mistakes(reports: Sequence[Report]) -> list[Mistake]:
    """All mistakes that two works have at least, a team's work being one; those of the most students come first.

    A known mistake is one and the same in all checks that show it; any other is told apart by its check and by what is
    said. What follows from an earlier mistake is none, nor is a function that was not written or did not end, nor an
    answer that is told by how far off it is: of others the same words mean another mistake. A voided check shows none.
    """
    groups: dict[tuple[str, str], tuple[Note, dict[str, None], list[Report]]] = {}
    for report in reports:
        if report.status is not Status.GRADED:
            continue
        dropped = report.dropped
        for verdict in report.verdicts:
            if verdict.id in dropped or (verdict.hint is None and not _says(verdict)):
                continue
            note = verdict.hint or verdict.message
            key = ("" if verdict.hint else verdict.id, alike(note))
            _, checks, students = groups.setdefault(key, (note, {}, []))
            checks[verdict.id] = None
            if not students or students[-1] is not report:
                students.append(report)
    found = [
        Mistake(
            tuple(checks),
            note,
            "" if key[0] else str(note.values.get("mistake", "")),
            students=tuple(students),
        )
        for key, (note, checks, students) in groups.items()
        if len({student.owner for student in students}) > 1
    ]
    return sorted(found, key=lambda mistake: -len(mistake.students))


def _says(verdict: Verdict) -> bool:
    """Whether its message alone says what is wrong, and does so where it began."""
    message = verdict.message
    return verdict.outcome in SAID and not message.values.get("follows") and not measured(message)


def broken(reports: Sequence[Report]) -> list[tuple[Outcome, list[Report]]]:
    """Whose code failed rather than answered, by how it did: in some check at least."""
    return [
        (outcome, students)
        for outcome in BROKEN
        if (
            students := [
                report
                for report in reports
                if report.status is Status.GRADED and any(v.outcome is outcome for v in report.verdicts)
            ]
        )
    ]


def left_out(reports: Sequence[Report]) -> list[Report]:
    """Of whose files parts were left out: they may have killed Python, or have kept it waiting, as it was loaded."""
    return [report for report in reports if any(note.key == LEFT_OUT for note in report.notes)]


@dataclass(frozen=True, slots=True)
class Slow:
    """A submission that took long."""

    report: Report
    seconds: float  # of all its checks
    check: str  # the slowest one's id
    check_seconds: float


def slowest(reports: Sequence[Report], most: int = MOST_SLOW) -> list[Slow]:
    """The submissions whose checks took longest together, a team's once; none that took less than a second."""
    found: dict[str, Slow] = {}
    for report in reports:
        if report.verdicts:
            worst = max(report.verdicts, key=lambda verdict: verdict.seconds)
            total = sum(verdict.seconds for verdict in report.verdicts)
            if total >= SLOW:
                found.setdefault(report.owner, Slow(report, total, worst.id, worst.seconds))
    return sorted(found.values(), key=lambda slow: -slow.seconds)[:most]


def absent(reports: Sequence[Report]) -> list[Report]:
    """Who handed in nothing."""
    return [report for report in reports if report.status is Status.ABSENT]
