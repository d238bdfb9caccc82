"""A class's reports in little memory: what the class's page and the summary of a run show of them.

A report is large because of its messages, and what a class is told is much alike. Of verdicts that no page or table
can tell apart one is kept for all who have it. Of whom a person should look at, messages stay as they are, since the
page quotes them; seconds stay for the slowest, which alone are listed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from grader.contract import Note, Report, Verdict
from grader.pages.findings import MOST_SLOW, SLOW
from grader.pages.statistics import alike, reason_to_look


class Condensed:
    """Reports as they pass by, each condensed."""

    def __init__(self, interface: Sequence[str] = (), picks: Mapping[str, str] | None = None) -> None:
        self.reports: list[Report] = []
        self._interface, self._picks = interface, picks
        self._verdicts: dict[object, Verdict] = {}
        self._notes: dict[str, tuple[Note, ...]] = {}
        self._slowest: dict[str, float] = {}  # by student, or team: seconds

    def passing(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The same reports, one by one: of each that was taken, what is needed is kept."""
        for report in reports:
            self.reports.append(self._condensed(report))
            yield report

    def _condensed(self, report: Report) -> Report:
        whole, slow = bool(reason_to_look(report, self._interface, self._picks)), self._is_slow(report)
        return replace(
            report,
            verdicts=tuple(self._shared(verdict, report, whole, slow) for verdict in report.verdicts),
            notes=self._notes.setdefault(repr(report.notes), report.notes),
            team=sys.intern(report.team),
            picked=sys.intern(report.picked),
            submission_id="",
            assignment_version=sys.intern(report.assignment_version),
            grader_version=sys.intern(report.grader_version),
            sandbox=sys.intern(report.sandbox),
        )

    def _shared(self, verdict: Verdict, report: Report, whole: bool, slow: bool) -> Verdict:
        said = _said(verdict.message, whole), None if verdict.hint is None else _said(verdict.hint, whole)
        seconds = verdict.seconds if slow else 0.0
        key = (report.status, verdict.id, verdict.points, verdict.max_points, verdict.outcome, *said, seconds)
        known = self._verdicts.get(key)
        if known is None:
            known = self._verdicts[key] = verdict if slow else replace(verdict, seconds=0.0)
        return known

    def _is_slow(self, report: Report) -> bool:
        """Is it among the slowest so far? Nothing else can be among them in the end. Of a team the first counts."""
        seconds, whose = sum(verdict.seconds for verdict in report.verdicts), report.owner
        if seconds < SLOW or whose in self._slowest:
            return False
        self._slowest[whose] = seconds
        if len(self._slowest) > MOST_SLOW:
            fastest = min(reversed(self._slowest), key=self._slowest.__getitem__)
            del self._slowest[fastest]
            return fastest != whose
        return True


def _said(note: Note, whole: bool) -> str:
    """The same for notes that nobody has to tell apart: those whose numbers alone differ, unless they are quoted."""
    if whole or "block" in note.values:
        return f"{note.key} {note.values!r}"
    return f"{alike(note)} {bool(note.values.get('follows'))} {note.values.get('mistake')}"
