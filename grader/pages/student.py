"""A student's feedback page: their score, what each check found, and what to think about next.

It holds nothing of anybody else, no expected value, and no teacher's name but where a teacher wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from grader.contract import Assignment, Manual, Outcome, Report, Share, Slot, Status, Verdict
from grader.pages.released import NOTHING, Explained, Released
from grader.pages.render import Say, render
from grader.pages.text import LINES, NOTES, lines, who

COMMENT = "comment"  # the key of a note that a teacher wrote
PICKED = "picked"  # the key of intake's note that says which file counts, and why
DECLARATION = "declaration"  # of its note on tools and partners
REQUEST, ANSWER = "appeal", "answer"  # keys of what a student asked, and of what was said to it
APART = (COMMENT, DECLARATION, REQUEST, ANSWER)  # notes that stand in a place of their own
MOST_FILES = 300  # or cells
DECIDED = (Status.EMPTY, Status.ABSENT)  # without a person; of the others a score says that a person has looked
CHECKED = (Status.GRADED, Status.GRADER_FAULT)  # statuses whose verdicts say something


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check on the page."""

    id: str
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
        if self.points >= self.max_points - 1e-9:
            return "pass"
        return "partial" if self.points > 1e-9 else "wrong"


def feedback(
    report: Report,
    assignment: Assignment,
    say: Say,
    source: Sequence[tuple[str, str]] | None = None,
    printed: str = "",
    *,
    shown_as: str = "",
    released: Released = NOTHING,
    defence: Slot | None = None,
) -> str:
    """The page as HTML that needs nothing else.

    `source` is the student's code, as (label, text) pairs: a file, or a notebook's cells; `printed` is what it printed
    while it was loaded. `say` puts messages into the assignment's language. `shown_as` is whose page it says it is,
    in place of the student: then requests and answers, which are one person's, are left out. `released` is what may be
    seen of the solutions: nothing, until they are out. `defence` is when and where the student, or their team, is
    heard; the page does not say by whom.
    """
    language = assignment.language
    views = questions(report, assignment, say, released) if report.status in (*CHECKED, Status.EMPTY) else []
    return render(
        "feedback.html",
        language,
        assignment=assignment,
        report=report,
        who=shown_as or who(report),
        notice=report.status is not Status.GRADED and (report.score is None or report.status in DECIDED),
        questions=views,
        provisional=any(m.points is None and not m.dropped for view in views for m in view.manual),
        told=any(note.key == PICKED for note in report.notes),
        notes=[say(n.key, n.values, language) for n in report.notes if n.key not in APART][:NOTES],
        declared=declared(report),
        defence=when_and_where(defence, assignment.timezone) if defence else None,
        comments=[dict(note.values) for note in report.notes if note.key == COMMENT],
        asked=() if shown_as else _asked(report, assignment.timezone),
        solutions=[(name, lines(code)[0]) for name, code in released.solutions.items()],
        files=_files(source or ()),
        printed=lines(printed) if printed.strip() else None,
    )


def when_and_where(slot: Slot, timezone: str) -> dict[str, str]:
    """The `day` and the `time` in the course's time, and the `room`."""
    start = slot.start.astimezone(ZoneInfo(timezone))
    return {"day": start.date().isoformat(), "time": f"{start:%H:%M}", "room": slot.room}


def _asked(report: Report, timezone: str) -> list[dict[str, str]]:
    """Requests and answers, in their order, each with its `kind`, its `text` and the `day` in the course's time."""
    return [
        {
            "kind": "answer" if note.key == ANSWER else "request",
            "text": str(note.values.get("text", "")),
            "day": datetime.fromisoformat(note.values["at"]).astimezone(ZoneInfo(timezone)).date().isoformat(),
        }
        for note in report.notes
        if note.key in (REQUEST, ANSWER)
    ]


def declared(report: Report) -> dict[str, str] | None:
    """What a student says about `tools` and `partners`; None where they say nothing."""
    note = next((note for note in report.notes if note.key == DECLARATION), None)
    return {name: str(note.values.get(name, "")) for name in ("tools", "partners")} if note else None


def _files(source: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Files (or cells) with their lines, as many as a page can hold."""
    files, room = [], LINES
    for label, text in source:
        if text.strip():
            shown, hidden = lines(text, room)
            room -= len(shown)
            files.append({"label": label, "lines": shown, "hidden": hidden})
    return files[:MOST_FILES]


def questions(report: Report, assignment: Assignment, say: Say, released: Released = NOTHING) -> list[QuestionView]:
    """Checks by question, in the order in which the assignment asks."""
    sentences = {check.id: check.sentence for check in assignment.checks}
    given, dropped = report.given, report.dropped

    def view(verdict: Verdict) -> CheckView:
        passes = verdict.outcome is Outcome.PASS
        return CheckView(
            verdict.id,
            verdict.outcome,
            sentences.get(verdict.id, verdict.id),
            verdict.points,
            verdict.max_points,
            given.get(verdict.id, verdict.points) - verdict.points,
            "" if passes else say(verdict.message.key, verdict.message.values, assignment.language),
            "" if passes else str(verdict.message.values.get("case", "")),
            bool(verdict.message.values.get("public")),
            "" if passes or not verdict.hint else say(verdict.hint.key, verdict.hint.values, assignment.language),
            verdict.public,
            verdict.hidden,
            released.checks.get(verdict.id),
            verdict.id in dropped,
        )

    def mark(manual: Manual) -> ManualView:
        return ManualView(manual.id, manual.sentence, given.get(manual.id), manual.points, manual.id in dropped)

    views = []
    verdicts = report.verdicts if report.status in CHECKED else ()  # else they say nothing, and people may have marked
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
