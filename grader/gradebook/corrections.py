"""What people decided, and the policy, applied on top of what the grader found.

Lateness comes first. Then events are applied in the order of their times, each as an adjustment that says by how many
points the exact total moved, who moved it, when and why; so the checks' points plus the adjustments are the exact
total, and the score is that total rounded once, within 0 and the policy's maximum. Nothing is overwritten.

- `override` of a check (or of a question that a person marks) gives it X points, `override` of the whole gives the
  submission X points.
- `mark` is one examiner's mark of a criterion at a defence, `adjust` what is added to a person's score, or taken,
  whatever the team has. Of each examiner the last counts, and of all of them the mean, told as one adjustment; an
  override of the criterion, or an `adjust` of no examiner's, that comes after them stands until one speaks anew.
- `void` takes a check out of the game, since a question that turned out to be wrong should cost nobody anything: `give`
  gives all its points to everybody who was graded, `drop` lets the other checks count for the whole; a bonus is left
  out, since the whole does not hold it. What an examiner says afterwards moves nothing. Who handed in nothing, or
  nothing of their own, gets nothing by it, but where people mark.
- `defence` says when a team is heard, and by whom: marks of anybody else do not count (any more).
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

from grader.contract import CHECKED, MARKED, Note, Outcome, Policy, Report, Status, Verdict
from grader.gradebook.defences import examiners
from grader.gradebook.events import DROP, JURY, LEAVE_OUT, Event
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
    left_out: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)  # by a void: what examiners say no longer moves it
    whole: float = 0.0  # what was added to or taken from the whole
    marks: dict[str, dict[str, float]] = field(default_factory=dict)  # by criterion and examiner
    person: dict[str, float] = field(default_factory=dict)  # by examiner: what they add to this person's score
    settled: float | None = None  # what counts in place of these

    @classmethod
    def of(cls, verdicts: Iterable[Verdict], out_of: float) -> Sum:
        verdicts = tuple(verdicts)
        return cls({v.id: v.points for v in verdicts}, {v.id: v.max_points for v in verdicts}, out_of)

    @property
    def exact(self) -> float:
        gone_too = self.dropped | self.left_out
        left = math.fsum(points for check, points in self.points.items() if check not in gone_too)
        gone = math.fsum(self.worth[check] for check in self.dropped)
        factor = self.out_of / (self.out_of - gone) if gone < self.out_of else 0.0
        person = self.settled
        if person is None:
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
            if event.check not in self.given:
                self.points[event.check] = mean(given.values())
        elif event.kind == "adjust" and event.value == JURY and event.points is not None:
            self.person[event.who], self.settled = event.points, None
        elif event.kind == "adjust":
            self.settled = event.points
        elif event.kind == "void":
            self.worth.setdefault(event.check, event.points or 0.0)
            if event.value == DROP:
                self.dropped.add(event.check)
            elif event.value == LEAVE_OUT:
                self.left_out.add(event.check)
            else:
                self.points[event.check] = self.worth[event.check]
                self.given.add(event.check)
        return self.exact - before


def corrected(
    report: Report, events: Iterable[Event], policy: Policy | None = None, late: Mapping[str, Any] | None = None
) -> Report:
    """The report with lateness and a student's events applied, oldest first; a score is rounded by the policy."""
    policy = policy or Policy()
    total = Sum.of(report.verdicts, report.out_of)
    at_fault = {verdict.id for verdict in report.verdicts if verdict.outcome is Outcome.GRADER_FAULT}
    graded = report.status in CHECKED
    adjustments: list[dict[str, Any]] = []
    marked: dict[str, int] = {}  # by criterion ("": the person) the place of its examiners' adjustment
    said: dict[str, dict[str, str]] = {}  # by criterion and examiner the last reason
    notes = list(report.notes)
    looked_at = False  # by a person who gave points for the whole, or for a check that could not be run
    events = tuple(events)
    heard_by = examiners(events)
    if late is not None and (graded or report.status is Status.EMPTY):
        total.whole += float(late["points"])
        adjustments.append(dict(late))
    for event in events:
        if event.kind in SAID:
            of = {"check": event.check} if event.check else {}
            notes.append(Note(event.kind, {"text": event.why, "who": event.who, "at": event.at, **of}))
        if event.kind not in MOVING or (event.kind == "void" and not _touches(event, report.status, total)):
            continue
        if event.kind == "override":
            looked_at = looked_at or not event.check or not at_fault
        examined = event.kind == "mark" or event.value == JURY
        if examined and heard_by is not None and event.who not in heard_by:
            continue
        made = _adjustment(event, total.apply(event), total)
        if examined:
            said.setdefault(event.check, {})[event.who] = event.why
        elif event.kind in ("override", "adjust"):
            marked.pop(event.check, None)
        if examined and event.check in marked:
            place = marked[event.check]
            adjustments[place] = _joined(adjustments[place], made, said[event.check])
        elif examined:
            marked[event.check] = len(adjustments)
            adjustments.append(_joined(None, made, said[event.check]))
        else:
            adjustments.append(made)
        at_fault.discard(event.check)

    settled = any(v.outcome is Outcome.GRADER_FAULT for v in report.verdicts) and not at_fault
    has_score = report.raw_score is not None or (bool(adjustments) and (looked_at or settled))
    score = rounded(total.exact, policy.maximum, policy.rounding) if has_score else None
    told = (one for one in adjustments if one["kind"] != "adjust" or one["points"] or one["reason"] != MARKED)
    return replace(report, score=score, adjustments=tuple(told), notes=tuple(notes))


def _touches(event: Event, status: Status, total: Sum) -> bool:
    """Whether a void is about something of this submission's: a check that was judged, a question that people mark."""
    if event.points is not None:  # of a question that people mark, which a file that holds nothing can have points of
        return status in (*CHECKED, Status.EMPTY)
    return status in CHECKED and event.check in total.worth


def _adjustment(event: Event, points: float, total: Sum) -> dict[str, Any]:
    """`points` is what moved in the exact total, `now` what the check has since, where it is about one that counts."""
    counts = event.check in total.points and event.check not in total.dropped | total.left_out
    now = {"now": total.points[event.check]} if counts else {}
    return {
        "kind": event.kind,
        "check": event.check,
        "points": points,
        "reason": event.why,
        "author": event.who,
        "time": event.at,
        **now,
        **({"value": event.value} if event.kind == "void" else {}),
    }


def _joined(before: Mapping[str, Any] | None, now: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """What several examiners gave, as one adjustment: students and people who add up see what counts."""
    reasons = [reason for reason in dict.fromkeys(said.values()) if reason != MARKED]
    return {
        **now,
        "points": (before["points"] if before else 0.0) + now["points"],
        "author": ", ".join(said),
        "reason": "; ".join(reasons) or MARKED,
    }
