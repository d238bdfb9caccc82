"""What people decided, applied on top of what the grader found.

Events are applied in the order in which they were made, each as an adjustment that says by how many points the score
moved, who moved it, when and why; so raw score plus adjustments is the score, and nothing is overwritten.

- `override` of a check gives that check X points, `override` of the whole gives the submission X points.
- `void` takes a check out of the game: all its points for everybody who was graded, since a question that turned out to
  be wrong should cost nobody anything. Who handed in nothing, or nothing of their own, gets nothing by it.
- `comment` is a sentence to the student: a note with the key `comment`.
- `pick` and `extension` change what is graded and what is late: the pipeline asks for them.

A submission without a score (unreadable, crashed, absent) has one as soon as a person gave it points; one with checks
that are the grader's fault, as soon as each of those was settled, or the whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from grader.contract import Note, Outcome, Report, Status
from grader.gradebook.events import Event
from grader.gradebook.score import rounded

COMMENT = "comment"  # the note's key
SENTENCES = {COMMENT: "{text}"}  # to be added to the runner's


def corrected(report: Report, events: Iterable[Event]) -> Report:
    """The report with a student's events applied, oldest first; the report itself where none changes it."""
    points = {verdict.id: verdict.points for verdict in report.verdicts}
    worth = {verdict.id: verdict.max_points for verdict in report.verdicts}
    at_fault = {verdict.id for verdict in report.verdicts if verdict.outcome is Outcome.GRADER_FAULT}
    adjustments = list(report.adjustments)
    notes = list(report.notes)
    looked_at = False  # by a person who gave points for the whole, or for a check that could not be run
    moved = [float(adjustment["points"]) for adjustment in adjustments]

    def exact() -> float:
        return math.fsum([*(verdict.points for verdict in report.verdicts), *moved])

    for event in events:
        if event.kind == COMMENT:
            notes.append(Note(COMMENT, {"text": event.why, "who": event.who, "at": event.at}))
            continue
        if event.kind == "override" and event.points is not None:
            difference = event.points - (points.get(event.check, 0.0) if event.check else exact())
            looked_at = looked_at or not event.check or not at_fault
            if event.check:
                points[event.check] = event.points
        elif event.kind == "void" and event.check in points and report.status in (Status.GRADED, Status.GRADER_FAULT):
            difference = worth[event.check] - points[event.check]
            points[event.check] = worth[event.check]
        else:
            continue
        at_fault.discard(event.check)
        moved.append(difference)
        adjustments.append(_adjustment(event, difference))

    if len(adjustments) == len(report.adjustments) and len(notes) == len(report.notes):
        return report
    settled = any(v.outcome is Outcome.GRADER_FAULT for v in report.verdicts) and not at_fault
    score = report.score
    if len(adjustments) > len(report.adjustments) and (score is not None or looked_at or settled):
        score = rounded(exact(), report.out_of)
    return replace(report, score=score, adjustments=tuple(adjustments), notes=tuple(notes))


def _adjustment(event: Event, points: float) -> Mapping[str, Any]:
    return {
        "kind": event.kind,
        "check": event.check,
        "points": points,
        "reason": event.why,
        "author": event.who,
        "time": event.at,
    }
