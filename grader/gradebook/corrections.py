"""What people decided, and the policy, applied on top of what the grader found.

Lateness comes first. Then events are applied in the order of their times, each as an adjustment that says by how many
points the exact total moved, who moved it, when and why; so the checks' points plus the adjustments are the exact
total, and the score is that total rounded once, within 0 and the policy's maximum. Nothing is overwritten.

- `override` of a check (or of a question that a person marks) gives it X points, `override` of the whole gives the
  submission X points.
- `mark` is one examiner's mark of a criterion at a defence, `adjust` what one examiner adds to a person's score, or
  takes from it, whatever the team has. Of each examiner the last counts, and of all of them the mean; an override of a
  criterion that comes after them stands until one of them marks it anew.
- `void` takes a check out of the game, since a question that turned out to be wrong should cost nobody anything: `give`
  gives all its points to everybody who was graded, `drop` lets the other checks count for the whole. Who handed in
  nothing, or nothing of their own, gets nothing by it.
- `comment` is a sentence to the student; `appeal` and `answer` are a student's request and what was said to it. An
  answer that moves the score comes with an override.
- `release` lets pages show solutions; it is for everybody.
- `pick` and `extension` change what is graded and who is late.

A submission without a score (unreadable, crashed, absent) has one as soon as a person gave it points; one with checks
that are the grader's fault, as soon as each of those was settled, or the whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from statistics import fmean as mean
from typing import Any

from grader.contract import Note, Outcome, Policy, Report, Status, Verdict
from grader.gradebook.events import DROP, Event
from grader.gradebook.score import rounded

SAID = ("comment", "appeal", "answer")  # events that are words: notes' keys, too
MOVING = ("override", "mark", "adjust", "void")


@dataclass(slots=True)
class Sum:
    """A submission's points while decisions are applied."""

    points: dict[str, float]  # by check, and by question that a person marks
    worth: dict[str, float]
    out_of: float
    dropped: set[str] = field(default_factory=set)
    whole: float = 0.0  # what was added to or taken from the whole
    marks: dict[str, dict[str, float]] = field(default_factory=dict)  # by criterion and examiner
    person: dict[str, float] = field(default_factory=dict)  # by examiner: what they add to this person's score

    @classmethod
    def of(cls, verdicts: Iterable[Verdict], out_of: float) -> Sum:
        verdicts = tuple(verdicts)
        return cls({v.id: v.points for v in verdicts}, {v.id: v.max_points for v in verdicts}, out_of)

    @property
    def exact(self) -> float:
        left = math.fsum(points for check, points in self.points.items() if check not in self.dropped)
        gone = math.fsum(self.worth[check] for check in self.dropped)
        factor = self.out_of / (self.out_of - gone) if gone < self.out_of else 0.0
        person = mean(self.person.values()) if self.person else 0.0
        return left * factor + self.whole + person

    def apply(self, event: Event) -> float:
        """By how much an event moves the exact total."""
        before = self.exact
        if event.kind == "override" and event.points is not None:
            if event.check:
                self.points[event.check] = event.points
            else:
                self.whole += event.points - before
        elif event.kind == "mark" and event.points is not None:
            given = self.marks.setdefault(event.check, {})
            given[event.who] = event.points
            self.points[event.check] = mean(given.values())
        elif event.kind == "adjust" and event.points is not None:
            self.person[event.who] = event.points
        elif event.kind == "void":
            self.worth.setdefault(event.check, event.points or 0.0)
            if event.value == DROP:
                self.dropped.add(event.check)
            else:
                self.points[event.check] = self.worth[event.check]
        return self.exact - before


def corrected(
    report: Report, events: Iterable[Event], policy: Policy | None = None, late: Mapping[str, Any] | None = None
) -> Report:
    """The report with lateness and a student's events applied, oldest first; a score is rounded by the policy."""
    policy = policy or Policy()
    total = Sum.of(report.verdicts, report.out_of)
    at_fault = {verdict.id for verdict in report.verdicts if verdict.outcome is Outcome.GRADER_FAULT}
    graded = report.status in (Status.GRADED, Status.GRADER_FAULT)
    adjustments: list[Mapping[str, Any]] = []
    notes = list(report.notes)
    looked_at = False  # by a person who gave points for the whole, or for a check that could not be run
    if late is not None and graded:
        total.whole += float(late["points"])
        adjustments.append(late)
    for event in events:
        if event.kind in SAID:
            notes.append(Note(event.kind, {"text": event.why, "who": event.who, "at": event.at}))
        known = event.check in total.worth or event.points is not None
        if event.kind not in MOVING or (event.kind == "void" and not (graded and known)):
            continue
        if event.kind == "override":
            looked_at = looked_at or not event.check or not at_fault
        adjustments.append(_adjustment(event, total.apply(event)))
        at_fault.discard(event.check)

    settled = any(v.outcome is Outcome.GRADER_FAULT for v in report.verdicts) and not at_fault
    has_score = report.raw_score is not None or (bool(adjustments) and (looked_at or settled))
    score = rounded(total.exact, policy.maximum, policy.rounding) if has_score else None
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
