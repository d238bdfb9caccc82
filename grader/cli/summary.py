"""What `grade` says at the end: everybody's score, then who needs a person."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.cli.main import say
from grader.contract import Assignment, Report
from grader.exports.numbers import points
from grader.intake import file_name
from grader.pages import statistics

NAMES_WIDTH, QUESTION_WIDTH = 60, 8  # columns of a terminal
QUIET = ("picked", "declaration", "best_of", "best_of_at")  # notes that are no reason to look
SHOWN = 10  # names in a line


def table(console: Console, reports: Sequence[Report], assignment: Assignment) -> None:
    """One row a student, with the points of each question where the terminal is wide enough."""
    questions = list(dict.fromkeys(check.question for check in assignment.checks))
    if console.width < NAMES_WIDTH + QUESTION_WIDTH * len(questions):
        questions = []
    made = Table(title=f"{assignment.name}: {assignment.title}", title_justify="left")
    made.add_column("student", overflow="fold")
    made.add_column("name", overflow="fold")
    made.add_column("status", no_wrap=True)
    for question in questions:
        made.add_column(question, justify="right")
    made.add_column("score", justify="right", style="bold", no_wrap=True)
    for report in reports:
        cells = []
        for question in questions:
            verdicts = [verdict for verdict in report.verdicts if verdict.question == question]
            cells.append(f"{sum(verdict.points for verdict in verdicts):.4g}" if report.score is not None else "")
        score = f"{points(report.score)}/{report.out_of:g}" if report.score is not None else "-"
        name = report.name if report.name != report.student_id else ""
        status = ", ".join([report.status, *["late"] * report.late, *["draft"] * report.draft])
        made.add_row(_shown(report.student_id), _shown(name), status, *cells, score)
    console.print(made)


def needs_you(
    console: Console,
    reports: Sequence[Report],
    files: Mapping[str, Sequence[str]],
    picks: Mapping[str, str],
    interface: Sequence[str],
    out: Path,
) -> None:
    """Who a person should look at, why, and the command that settles it: the same list as on the class page.

    `files` are those that may be picked, by student.
    """
    found = statistics.needs(reports, interface, picks)
    if not found:
        return
    console.print(f"\n[bold]Needs you[/bold] ({len(found)})")
    for why, report in found:
        members = [one.student_id for one in reports if one.team == report.team] if report.team else []
        whose = f"{report.team} ({', '.join(members)})" if len(members) > 1 else report.student_id
        console.print(f"  {_shown(whose)}: {_shown(_reason(why, report, interface))}", soft_wrap=True)
        for line in _commands(report, files.get(report.student_id, ()), out):
            console.print(f"      {_shown(line)}", soft_wrap=True, highlight=False)


def _shown(text: str) -> str:
    return escape(visible(text))


def visible(text: str) -> str:
    """Text for a terminal: what would move the cursor or change colours is shown as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def _reason(why: str, report: Report, interface: Sequence[str]) -> str:
    """In one sentence."""
    if why == "zero":
        return "got 0 with code in the file."
    if why == "lost":
        blocks = statistics.lost(report, interface)
        names = ", ".join(dict.fromkeys(name for block in blocks for name in block["names"]))
        return f"lost {visible(names)[:100]}: {say('left_out', {'block': blocks[0]})}"
    alone = {"unrecognised": "nothing_recognised", "unscored": statistics.UNSCORED}.get(why)
    keys = (alone,) if alone else tuple(n.key for n in report.notes if n.key not in QUIET)
    said = " ".join(say(note.key, note.values) for note in report.notes if note.key in keys[:2])
    return said if alone else f"{why}: {said}"


def _commands(report: Report, files: Sequence[str], out: Path) -> list[str]:
    start = f"surdix pick {shlex.quote(str(out))} {shlex.quote(report.student_id)} "
    lines = [start + shlex.quote(file) for file in list(dict.fromkeys(files))[:6]]
    lines.append(f"look: {out / 'feedback' / (file_name(report.student_id) + '.html')}")
    return lines


def some(names: Sequence[str]) -> str:
    """Names in a line, as many as can be read."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
