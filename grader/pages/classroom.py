"""The class's page: how it went, who needs a person, what was hard. It is the teacher's, and names every student.

It has one script, which sorts and searches the table of all students; without it the page lacks nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from grader.contract import CHECKED, NOISE, Assignment, Manual, Outcome, Report, Status
from grader.pages import class_words, findings, items, plots, render, statistics, text
from grader.pages.checks import question_order
from grader.pages.render import Say, script
from grader.pages.student import APART, declared

HARDEST = 3  # checks that are named first
MOST_NOTES = 3  # of a student, in the list of those who need a person
BEST = ("best_of", "best_of_at")  # notes that are no reason to look


def report(
    reports: Sequence[Report],
    assignment: Assignment,
    say: Say,
    *,
    picks: Mapping[str, str] | None = None,
    feedback_name: Callable[[str], str] | None = None,
) -> str:
    """The page as HTML that needs nothing else; see `parts`."""
    return "".join(parts(reports, assignment, say, picks=picks, feedback_name=feedback_name))


def parts(
    reports: Sequence[Report],
    assignment: Assignment,
    say: Say,
    *,
    picks: Mapping[str, str] | None = None,
    feedback_name: Callable[[str], str] | None = None,
) -> Iterator[str]:
    """The page piece by piece, as HTML that needs nothing else.

    `picks` are the files that a person picked, by student. With `feedback_name`, a student's id to their page's file
    name without its ending (`grader.intake.names.file_name`), names link to the pages in `feedback/`.
    """
    language = assignment.language
    reports = sorted(reports, key=lambda report: report.student_id)
    scores = statistics.scores(reports)
    asked = {v.question for r in reports for v in r.verdicts} | {m.question for m in assignment.manual}
    numbers = sorted(asked, key=question_order)

    def link(student_id: str) -> str:
        if feedback_name is None:
            return ""
        name = feedback_name(student_id)
        try:
            return f"feedback/{quote(name.encode('utf-8', 'surrogateescape'))}.html"
        except UnicodeEncodeError:  # no file can have this name
            return ""

    by_hand = {manual.id: manual for manual in assignment.manual}
    wanted = assignment.assistants != "allowed"

    def found(report: Report) -> list[str]:
        """What the page says about someone who needs a person: their notes, or what the checks met."""
        notes = [say(note.key, note.values, language) for note in report.notes if note.key not in (*APART, *BEST)]
        if not notes:
            bad = [v for v in report.verdicts if v.outcome is Outcome.GRADER_FAULT] or list(report.verdicts)
            messages = [say(v.message.key, v.message.values, language) for v in bad if v.outcome is not Outcome.PASS]
            notes = [text for text, _ in Counter(messages).most_common()] if report.status in CHECKED else []
        return notes[:MOST_NOTES]

    discriminations = items.discrimination(reports)
    checks = [
        {**_check(check, assignment, say), "discrimination": discriminations.get(check.id)}
        for check in statistics.success(reports)
    ]
    told = {check["check"].id: check for check in checks}
    questions = {check["check"].id: check["check"].question for check in checks}
    return render.parts(
        "report.html",
        language,
        class_words.LANGUAGES,
        script=script("report.js"),
        assignment=assignment,
        count=len(reports),
        statuses=[(status, n) for status in Status if (n := sum(report.status is status for report in reports))],
        scored=len(scores),
        empty=sum(report.status is Status.EMPTY and report.score is not None for report in reports),
        mean=statistics.mean(scores),
        median=statistics.median(scores),
        plot=plots.plot(_groups(scores, assignment.out_of), statistics.quartiles(scores), max(scores, default=0.0)),
        needs=[
            {"why": why, "report": r, "found": found(r)}
            for why, r in statistics.needs(reports, assignment.interface, picks)
        ],
        checks=checks,
        hardest=[told[check.id] for check in statistics.hardest([c["check"] for c in checks], HARDEST)],
        works=len(items.works(reports)),
        least=items.LEAST,
        decimals=text.decimals(language),
        mistakes=[
            {
                "text": say(mistake.note.key, mistake.note.values, language),
                "mistake": mistake.known,
                "checks": mistake.checks,
                "questions": sorted({questions.get(check, "") for check in mistake.checks}, key=question_order),
                "students": mistake.students,
            }
            for mistake in findings.mistakes(reports)[: findings.MOST]
        ],
        broken=findings.broken(reports),
        slowest=findings.slowest(reports),
        left_out=findings.left_out(reports),
        absent=findings.absent(reports),
        numbers=numbers,
        rows=(
            {
                "report": r,
                "cells": _cells(r, numbers, by_hand),
                "declared": declared(r),
                "changed": _changed(r, by_hand),
            }
            for r in reports
        ),
        link=link,
        declarations=wanted or any(declared(r) for r in reports),
        wanted=wanted,
        unsafe=any(report.sandbox == "none" for report in reports),
    )


def _check(check: statistics.Success, assignment: Assignment, say: Say) -> dict[str, Any]:
    sentences = {declared.id: declared.sentence for declared in assignment.checks}
    message, times = "", 0
    if check.message is not None:
        _, note, times = check.message
        message = say(note.key, note.values, assignment.language)
    sentence = sentences.get(check.id, check.id)
    return {"check": check, "sentence": sentence, "message": message, "times": times}


def _cells(report: Report, numbers: Sequence[str], by_hand: Mapping[str, Manual]) -> list[dict[str, Any] | None]:
    """Points by question, after what people decided; None where there is nothing to show.

    What a person marks is in it once it is marked.
    """
    given, dropped = report.given, report.dropped
    checked = report.status in CHECKED
    cells: list[dict[str, Any] | None] = []
    for number in numbers:
        verdicts = [v for v in report.verdicts if checked and v.question == number and v.id not in dropped]
        marked = [m for m in by_hand.values() if m.question == number and m.id in given]
        if any(v.outcome is Outcome.GRADER_FAULT and v.id not in given for v in verdicts):
            cells.append({"points": None, "level": "grader_fault"})
            continue
        if not verdicts and not marked:
            cells.append(None)
            continue
        points = sum(given.get(v.id, v.points) for v in verdicts) + sum(given[m.id] for m in marked)
        most = sum(v.max_points for v in verdicts) + sum(m.points for m in marked)
        level = "full" if points >= most - NOISE else "some" if points > NOISE else "zero"
        cells.append({"points": points, "level": level})
    return cells


def _changed(report: Report, by_hand: Mapping[str, Manual]) -> bool:
    """Whether the score is another one than that of the checks, and of what a person marks."""
    moved = sum(float(one.get("points") or 0.0) for one in report.adjustments if one.get("check") not in by_hand)
    return abs(moved) > NOISE and report.score != report.raw_score


def _groups(scores: Sequence[float], out_of: float) -> list[tuple[float, float, int]]:
    """A histogram's bars as numbers: from, to, how many."""
    counts = statistics.histogram(scores, out_of)
    width = out_of / len(counts)
    return [(width * index, width * (index + 1), count) for index, count in enumerate(counts)]
