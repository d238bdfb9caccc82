"""What `grade` says at the end: everybody's score, then who needs a person."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader.cli.main import say
from grader.contract import Assignment, Report, Status
from grader.exports.numbers import points
from grader.intake import file_name

NAMES_WIDTH, QUESTION_WIDTH = 60, 8  # columns of a terminal
SERIOUS = (Status.UNREADABLE, Status.CRASHED, Status.GRADER_FAULT)


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
        made.add_row(escape(visible(report.student_id)), escape(visible(name)), report.status, *cells, score)
    console.print(made)


def needs_you(
    console: Console,
    reports: Sequence[Report],
    candidates: Mapping[str, Sequence[str]],
    picks: Mapping[str, str],
    interface: Sequence[str],
    out: Path,
) -> None:
    """Who a person should look at, why, and the command that settles it. What was picked by hand is settled."""
    found = [(report, why) for report in reports if (why := _reason(report, picks, interface))]
    if not found:
        return
    console.print(f"\n[bold]Needs you[/bold] ({len(found)})")
    for report, why in found:
        console.print(f"  {escape(visible(report.student_id))}: {escape(visible(why))}", soft_wrap=True)
        for line in _commands(report, candidates.get(report.student_id, ()), out):
            console.print(f"      {escape(visible(line))}", soft_wrap=True, highlight=False)


def visible(text: str) -> str:
    """Text for a terminal: what would move the cursor or change colours is shown as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def _reason(report: Report, picks: Mapping[str, str], interface: Sequence[str]) -> str:
    """In one sentence; empty where nobody needs to look."""
    said = {note.key: note for note in report.notes}
    if report.status in SERIOUS:
        reasons = [note for note in report.notes if note.key != "picked"]
        text = " ".join(say(note.key, note.values) for note in reasons[:2])
        return f"{report.status}: {text}"
    if report.picked and picks.get(report.student_id) == report.picked:
        return ""
    if "nothing_recognised" in said:
        return say("nothing_recognised", said["nothing_recognised"].values)
    if "no_point_with_code" in said:
        return "got 0 with code in the file."
    lost = [note.values["block"] for note in report.notes if note.key == "left_out"]
    serious = [block for block in lost if _matters(block, interface)]
    if serious:
        names = ", ".join(name for block in serious for name in block["names"][:3])
        return f"lost {len(serious)} block(s) that define {names[:100]}: {say('left_out', {'block': serious[0]})}"
    return ""


def _matters(block: Mapping[str, Any], interface: Sequence[str]) -> bool:
    """Is a name lost with this block? Not what a missing package would have given, nor a result of a late call."""
    names = block.get("names") or []
    if block.get("why") == "late":
        return bool(set(names) & set(interface))
    return bool(names) and not str(block.get("error")).startswith("ModuleNotFoundError")


def _commands(report: Report, candidates: Sequence[str], out: Path) -> list[str]:
    start = f"surdix pick {shlex.quote(str(out))} {shlex.quote(report.student_id)} "
    files = list(dict.fromkeys([*candidates, *([report.picked] if report.picked else [])]))
    lines = [start + shlex.quote(file) for file in files[:6]]
    lines.append(f"look: {out / 'feedback' / (file_name(report.student_id) + '.html')}")
    return lines
