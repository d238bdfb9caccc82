"""Questions and checks as pages show them: in words, with the points that people moved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.contract import NOISE, Assignment, Manual, Outcome, Report, Share, Status, Verdict
from grader.pages.released import NOTHING, Explained, Released
from grader.pages.render import Say


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check on the page."""

    id: str
    question: str
    outcome: Outcome
    sentence: str
    points: float
    max_points: float
    moved: float  # points that a person added or took
    message: str
    case: str  # the name of the case that the message is about
    public_case: bool  # whether it can be tried at home
    hint: str
    public: Share
    hidden: Share
    explained: Explained | None = None  # once solutions are out, of a check that failed
    dropped: bool = False  # voided: it counts for nothing


@dataclass(frozen=True, slots=True)
class ManualView:
    """A question that a person marks; `points` is None until one did."""

    id: str
    sentence: str
    points: float | None
    max_points: float
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its checks."""

    number: str
    points: float
    max_points: float
    checks: tuple[CheckView, ...]
    manual: tuple[ManualView, ...]

    @property
    def level(self) -> str:
        """How it went, as an outcome, for its icon."""
        if any(check.outcome is Outcome.GRADER_FAULT for check in self.checks):
            return "grader_fault"
        if not self.checks:
            return "manual"
        if self.points >= self.max_points - NOISE:
            return "pass"
        return "partial" if self.points > NOISE else "wrong"


def moved_by_hand(report: Report) -> dict[str, float]:
    """By check the points that people added to it or took; of what was voided for everybody, nothing."""
    given = report.given
    return {one.id: given[one.id] - one.points for one in report.verdicts if one.id in given}


def by_question(report: Report, assignment: Assignment, say: Say, released: Released = NOTHING) -> list[QuestionView]:
    """Checks by question, in the order in which the assignment asks."""
    sentences = {check.id: check.sentence for check in assignment.checks}
    moved, given, dropped = moved_by_hand(report), report.given, report.dropped
    # Of a file that holds nothing checks say nothing; people may have marked all the same.
    verdicts = () if report.status is Status.EMPTY else report.verdicts

    def view(verdict: Verdict) -> CheckView:
        message, hint = verdict.message, verdict.hint
        found = CheckView(
            id=verdict.id,
            question=verdict.question,
            outcome=verdict.outcome,
            sentence=sentences.get(verdict.id, verdict.id),
            points=verdict.points,
            max_points=verdict.max_points,
            moved=moved.get(verdict.id, 0.0),
            message=say(message.key, message.values, assignment.language),
            case=str(message.values.get("case", "")),
            public_case=bool(message.values.get("public")),
            hint=say(hint.key, hint.values, assignment.language) if hint else "",
            public=verdict.public,
            hidden=verdict.hidden,
            explained=released.checks.get(verdict.id),
            dropped=verdict.id in dropped,
        )
        return replace(found, message="", case="", hint="") if verdict.outcome is Outcome.PASS else found

    def mark(manual: Manual) -> ManualView:
        return ManualView(manual.id, manual.sentence, given.get(manual.id), manual.points, manual.id in dropped)

    views = []
    asked = [verdict.question for verdict in verdicts] + [manual.question for manual in assignment.manual]
    for number in sorted(dict.fromkeys(asked), key=question_order):
        checks = tuple(view(verdict) for verdict in verdicts if verdict.question == number)
        manuals = tuple(mark(manual) for manual in assignment.manual if manual.question == number)
        counting = [check for check in checks if not check.dropped]
        views.append(
            QuestionView(
                number,
                sum(c.points + c.moved for c in counting) + sum(m.points or 0.0 for m in manuals),
                sum(c.max_points for c in counting) + sum(m.max_points for m in manuals if not m.dropped),
                checks,
                manuals,
            )
        )
    return views


def question_order(number: str) -> list[tuple[int, int, str]]:
    """So that 2.10 comes after 2.9."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in number.split(".")]
