"""What `grade` says at the end: everybody's score, how scores are spread, then who needs a person.

On a terminal that is a table and bars; else plain lines, with a tab between a student's columns.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.cli.main import say
from grader.cli.progress import is_terminal
from grader.contract import Assignment, Report
from grader.exports.numbers import points
from grader.intake import file_name
from grader.ours import FEEDBACK
from grader.pages import statistics

NAMES_WIDTH, QUESTION_WIDTH, BAR_WIDTH = 60, 8, 30  # columns of a terminal
QUIET = ("picked", "declaration", "best_of", "best_of_at")  # notes that are no reason to look
SHOWN = 10  # names in a line


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody whom a person should look at, why, and what settles it."""

    report: Report
    members: tuple[str, ...]  # of a team: all of them, by their ids
    why: str  # a key of `statistics.needs`
    text: str  # in a sentence
    commands: tuple[str, ...]  # to give as they are
    page: Path


def table(console: Console, reports: Sequence[Report], assignment: Assignment) -> None:
    """One row a student, with the points of each question where the terminal is wide enough."""
    if not is_terminal(console):
        _lines(console, reports, assignment)
        return
    worth: dict[str, float] = {}
    for check in assignment.checks:
        worth[check.question] = worth.get(check.question, 0.0) + check.points
    questions = list(worth)
    if console.width < NAMES_WIDTH + QUESTION_WIDTH * len(questions):
        questions = []
    made = Table(title=f"{assignment.name}: {assignment.title}", title_justify="left")
    made.add_column("student", overflow="fold")
    made.add_column("name", overflow="fold")
    made.add_column("status", no_wrap=True)
    for question in questions:
        made.add_column(f"{question} /{points(worth[question])}", justify="right")
    made.add_column("score", justify="right", style="bold", no_wrap=True)
    for report in reports:
        cells = []
        for question in questions:
            verdicts = [verdict for verdict in report.verdicts if verdict.question == question]
            cells.append(f"{sum(verdict.points for verdict in verdicts):.2f}" if report.score is not None else "")
        student, name, status, score = _cells(report)
        made.add_row(escape(student), escape(name), status, *cells, score)
    console.print(made)


def _lines(console: Console, reports: Sequence[Report], assignment: Assignment) -> None:
    _plain(console, f"{assignment.name}: {assignment.title}")
    for report in reports:
        _plain(console, "\t".join(_cells(report)))


def _plain(console: Console, line: str) -> None:
    """A line as it is: no markup, no colour, no wrapping, and tabs that stay tabs."""
    console.file.write(f"{line}\n")


def _cells(report: Report) -> tuple[str, str, str, str]:
    """Who, their name, the status and the score of a row."""
    score = f"{points(report.score)}/{report.out_of:g}" if report.score is not None else "-"
    status = ", ".join([report.status, *["late"] * report.late, *["draft"] * report.draft])
    return visible(report.student_id), visible(named(report)), status, score


def named(report: Report) -> str:
    """The name, where there is one besides the id."""
    return report.name if report.name != report.student_id else ""


def histogram(console: Console, reports: Sequence[Report], out_of: float) -> None:
    """How many scores lie between each two whole tenths of the maximum, as bars or as numbers in a line."""
    scores = statistics.scores(reports)
    if not scores:
        return
    counts = statistics.histogram(scores, out_of)
    said = f"mean {points(statistics.mean(scores))}, median {points(statistics.median(scores))}"
    if not is_terminal(console):
        numbers = " ".join(map(str, counts))
        _plain(console, f"Scores of {len(scores)}: {said}; from 0 to {out_of:g} by tenths: {numbers}")
        return
    console.print(f"Scores of {len(scores)}: {said}", highlight=False)
    block = "\N{FULL BLOCK}" if "utf" in console.encoding else "#"
    for place, count in enumerate(counts):
        low, high = (f"{out_of * edge / len(counts):g}" for edge in (place, place + 1))
        bar = block * math.ceil(count * min(1.0, BAR_WIDTH / max(counts)))
        console.print(f"{low:>5} to {high:<4}" + (f" [cyan]{bar}[/cyan] {count}" if count else ""), highlight=False)


def needing(
    reports: Sequence[Report],
    files: Mapping[str, Sequence[str]],
    picks: Mapping[str, str],
    interface: Sequence[str],
    out: Path,
) -> list[Need]:
    """Who a person should look at, why, and the commands that settle it: the same list as on the class page.

    `files` are those that may be picked, by student.
    """
    found = []
    for why, report in statistics.needs(reports, interface, picks):
        members = [one.student_id for one in reports if one.team == report.team] if report.team else []
        start = f"surdix pick {shlex.quote(str(out))} {shlex.quote(report.student_id)} "
        theirs = list(dict.fromkeys(files.get(report.student_id, ())))[:6]
        commands = tuple(start + shlex.quote(file) for file in theirs)
        page = out / FEEDBACK / f"{file_name(report.student_id)}.html"
        found.append(Need(report, tuple(members), why, _reason(why, report, interface), commands, page))
    return found


def needs_you(console: Console, needs: Sequence[Need]) -> None:
    """The list in words."""
    if not needs:
        return
    console.print(f"[bold]Needs you[/bold] ({len(needs)})")
    for need in needs:
        whose = " ".join(filter(None, (need.report.student_id, named(need.report))))
        if len(need.members) > 1:
            whose = f"{need.report.team} ({', '.join(need.members)})"
        console.print(f"  {_shown(whose)}: {_shown(need.text)}", soft_wrap=True)
        for line in (*need.commands, f"look: {need.page}"):
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


def counted(number: int, what: str) -> str:
    """ "1 row", "2 rows"."""
    return f"{number} {what}{'s' * (number != 1)}"


def some(names: Sequence[str]) -> str:
    """Names in a line, as many as can be read."""
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
