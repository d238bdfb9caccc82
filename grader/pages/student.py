"""A student's feedback page: their score, what each check found, and what to think about next.

It holds nothing of anybody else, no expected value, and no teacher's name but where a teacher wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from grader.contract import CHECKED, Assignment, Outcome, Report, Slot, Status
from grader.pages.causes import UNWRITTEN, Cause, causes
from grader.pages.checks import by_question, moved_by_hand
from grader.pages.listing import Listing, around, definition
from grader.pages.place import place_of
from grader.pages.released import NOTHING, Released
from grader.pages.render import Say, render
from grader.pages.shown import Shown, shown
from grader.pages.text import LINES, NOTES, lines, who
from grader.pages.tried import Tried
from grader.pages.words import words

COMMENT = "comment"  # the key of a note that a teacher wrote
PICKED = "picked"  # the key of intake's note that says which file counts, and why
DECLARATION = "declaration"  # of its note on tools and partners
REQUEST, ANSWER = "appeal", "answer"  # keys of what a student asked, and of what was said to it
APART = (COMMENT, DECLARATION, REQUEST, ANSWER)  # notes that stand in a place of their own
LEFT_OUT = "left_out"  # of the grader's, that a part of the file did not count
MOST_FILES = 300  # or cells
DECIDED = (Status.EMPTY, Status.ABSENT)  # without a person; of the others a score says that a person has looked


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is shown of a check that fails: the student's own lines that its message is about, and a public case."""

    listing: Listing | None
    case: Shown | None


@dataclass(frozen=True, slots=True)
class Before:
    """What the same files were worth when they were graded before; `at` is aware."""

    at: datetime
    points: float


def feedback(
    report: Report,
    assignment: Assignment,
    say: Say,
    source: Sequence[tuple[str, str]] | None = None,
    printed: str = "",
    *,
    shown_as: str = "",
    released: Released = NOTHING,
    tried: Mapping[str, Tried] = MappingProxyType({}),
    before: Sequence[Before] = (),
    defence: Slot | None = None,
) -> str:
    """The page as HTML that needs nothing else.

    `source` is the student's code, as (label, text) pairs: a file, or a notebook's cells; `printed` is what it printed
    while it was loaded. `say` puts messages into the assignment's language. `shown_as` is whose page it says it is,
    in place of the student: then requests and answers, which are one person's, are left out. `released` is what may be
    seen of the solutions: nothing, until they are out. `tried` has, by check, a public case that failed. `defence` is
    when and where the student, or their team, is heard; the page does not say by whom. `before` are gradings that do
    not count any more.
    """
    language, checked = assignment.language, report.status in CHECKED
    found = causes(report.verdicts, assignment.checks, moved_by_hand(report), report.dropped) if checked else []
    questions = by_question(report, assignment, say, released) if checked or report.status is Status.EMPTY else []
    return render(
        "feedback.html",
        language,
        assignment=assignment,
        report=report,
        who=shown_as or who(report),
        notice=report.status is not Status.GRADED and (report.score is None or report.status in DECIDED),
        questions=questions,
        provisional=any(m.points is None and not m.dropped for question in questions for m in question.manual),
        causes=found,
        perfect=checked and all(v.outcome is Outcome.PASS for v in report.verdicts) and bool(report.verdicts),
        views={check.id: check for question in questions for check in question.checks},
        places={name: number for number, name in enumerate((n for cause in found for n in cause.checks), 1)},
        evidence=_evidence(report, found, source or (), tried, language),
        left_out=any(note.key == LEFT_OUT for note in report.notes),
        free=any(one.get("kind") == "late" and not one.get("points") for one in report.adjustments),
        told=any(note.key == PICKED for note in report.notes),
        notes=[say(n.key, n.values, language) for n in report.notes if n.key not in APART][:NOTES],
        declared=declared(report),
        before=[(_day(one.at, assignment.timezone), one.points) for one in before],
        defence=when_and_where(defence, assignment.timezone) if defence else None,
        comments=[dict(note.values) for note in report.notes if note.key == COMMENT],
        requests=() if shown_as else _requests(report, assignment.timezone),
        solutions=[(name, lines(code)[0]) for name, code in released.solutions.items()],
        files=_files(source or ()),
        printed=lines(printed) if printed.strip() else None,
    )


def _evidence(
    report: Report,
    found: Sequence[Cause],
    source: Sequence[tuple[str, str]],
    tried: Mapping[str, Tried],
    language: str,
) -> dict[str, Evidence]:
    """By check; of several that fail for the same reason the first alone has it, and what is not written has none."""
    verdicts, w = {verdict.id: verdict for verdict in report.verdicts}, words(language)
    shown_in_full = {
        name: verdicts[name]
        for cause in found
        for name in (cause.first, *cause.after)
        if verdicts[name].message.key not in UNWRITTEN
    }
    evidence = {}
    for name, verdict in shown_in_full.items():
        place = place_of(verdict.message.values)
        own = around(source, place.label or report.picked, place.line) if place else None
        if place is None and name in tried:
            own = definition(source, tried[name].case.calls)
        ran = name in tried and verdict.outcome is not Outcome.MISSING
        evidence[name] = Evidence(own, shown(tried[name], verdict.message, w) if ran else None)
    return evidence


def when_and_where(slot: Slot, timezone: str) -> dict[str, str]:
    """The `day` and the `time` in the course's time, and the `room`."""
    start = slot.start.astimezone(ZoneInfo(timezone))
    return {"day": start.date().isoformat(), "time": f"{start:%H:%M}", "room": slot.room}


def _day(at: datetime, timezone: str) -> str:
    return at.astimezone(ZoneInfo(timezone)).date().isoformat()


def _requests(report: Report, timezone: str) -> list[dict[str, str]]:
    """Requests and answers, in their order, each with its `kind`, its `text` and the `day` in the course's time."""
    return [
        {
            "kind": "answer" if note.key == ANSWER else "request",
            "text": str(note.values.get("text", "")),
            "day": _day(datetime.fromisoformat(note.values["at"]), timezone),
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
