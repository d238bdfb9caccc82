"""Failing checks by what they fail for: what a student should look at first, and what may well pass with it.

Several checks fail for one reason where the same block was left out, the same name is missing, the same function is
still to be written, the same known mistake is in them, the same line raises, a question's code does not end, or one
builds on another that fails too (`Check.follows`). Code that is wrong comes before code that is not written yet, and of
each kind what comes first in the assignment: later questions build on earlier ones, and `check.py` at home shows the
same one first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.contract import NOISE, Check, Outcome, Verdict
from grader.pages.place import Place, place_of

PASSING = (Outcome.PASS, Outcome.GRADER_FAULT)  # outcomes that leave a student nothing to do
UNWRITTEN = ("not_written", "missing", "missing_all")  # keys of messages
ENDLESS = (Outcome.TIMEOUT, Outcome.MEMORY)  # what ends the same code for all checks of a question
EFFECTS = ("line", "endless")  # reasons that may be another mistake's effect, where the message says that it follows
Reason = tuple[str | Place, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """The ids of checks that fail together: the one to look at, those that say the same, those that may follow."""

    first: str
    same: tuple[str, ...]
    after: tuple[str, ...]
    lost: float  # points of all of them

    @property
    def checks(self) -> tuple[str, ...]:
        return (self.first, *self.same, *self.after)


def causes(
    verdicts: Sequence[Verdict],
    checks: Sequence[Check],
    moved: Mapping[str, float],
    dropped: Collection[str] = (),
) -> list[Cause]:
    """What to fix, first things first. `moved` are points that a person added to a check or took.

    A check whose points a person made up for is nothing to fix any more, nor is one of `dropped`, which was voided.
    """
    follows = {check.id: check.follows for check in checks}
    failing = {
        v.id: v for v in verdicts if v.outcome not in PASSING and v.id not in dropped and _lost(v, moved) > NOISE
    }
    reasons = {name: _reason(verdict) for name, verdict in failing.items()}

    def root(name: str) -> str:
        """The check that this one may follow from: along `follows` as far as they fail; of a circle, its first one."""
        path: list[str] = []
        while name not in path:
            path.append(name)
            theirs = [other for other in follows.get(name, ()) if other in failing]
            own = reasons[name] if reasons[name] not in [reasons[other] for other in theirs] else ()
            if not theirs or (own and not (own[0] in EFFECTS and failing[name].message.values.get("follows"))):
                return name  # it follows from nothing, or has a reason of its own
            name = theirs[0]
        circle = path[path.index(name) :]
        return next(one for one in failing if one in circle)

    groups: dict[Reason, list[str]] = {}
    for name in failing:
        top = root(name)
        groups.setdefault(reasons[top] or ("check", top), []).append(name)
    found = []
    for reason, names in groups.items():
        first = next((name for name in names if (reasons[name] or ("check", name)) == reason), names[0])
        same = tuple(name for name in names if name != first and reasons[name] == reason)
        after = tuple(name for name in names if name != first and name not in same)
        found.append(Cause(first, same, after, sum(_lost(failing[name], moved) for name in names)))
    order = list(failing)
    return sorted(found, key=lambda cause: (failing[cause.first].message.key in UNWRITTEN, order.index(cause.first)))


def _lost(verdict: Verdict, moved: Mapping[str, float]) -> float:
    return verdict.max_points - verdict.points - moved.get(verdict.id, 0.0)


def _reason(verdict: Verdict) -> Reason:
    """What tells that two checks fail for the same thing; empty where only the check itself is known."""
    key, values = verdict.message.key, verdict.message.values
    place = place_of(values)
    if place is not None and place.left_out:
        return ("block", place)
    if key == "not_written":
        return (key, str(values.get("what")))
    if key == "missing":
        return (key, str(values.get("name")))
    if verdict.hint is not None and "mistake" in verdict.hint.values:
        return ("mistake", str(verdict.hint.values["mistake"]))
    if place is not None:
        return ("line", place)
    if verdict.outcome in ENDLESS:
        return ("endless", verdict.question)
    return (key,) if key == "missing_all" else ()
