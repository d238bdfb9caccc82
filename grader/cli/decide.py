"""What people decide about scores: override, void, comment, extend; and `history`, which explains a score.

Each decision is added to the gradebook with its author, time and reason, survives every grading, and is written to
pages and tables at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader.cli.book import alone_with, book
from grader.cli.grade import write
from grader.cli.main import cli, course_option, language_option
from grader.cli.pick import who
from grader.cli.results import Results, opened
from grader.cli.summary import visible
from grader.contract import Report
from grader.errors import UserError
from grader.exports.numbers import points as in_points
from grader.gradebook import Gradebook
from grader.gradebook.events import DROP, GIVE, LEAVE_OUT
from grader.gradebook.history import History, Step
from grader.moments import EXAMPLE

directory_argument = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
ALIKE = 5  # names that are told where there is none of the one that was given
why_option = click.option("--why", required=True, help="The reason; the student reads it.")


@cli.command()
@directory_argument
@click.argument("student")
@click.option("--check", default="", help="The id of a check, or of a question that a person marks; else the whole.")
@click.option("--points", type=float, required=True, help="What it is worth now; of the whole: the score.")
@why_option
@language_option
@course_option
def override(
    directory: Path, student: str, check: str, points: float, why: str, language: str | None, course: Path
) -> None:
    """Give STUDENT these points, for a check or for the whole; grading again does not undo it."""
    with deciding(directory, course, language, student) as results:
        most = worth(results, check) if check else None
        results.gradebook.event("override", student, check=check, points=points, who=who(), why=why, most=most)


@cli.command()
@directory_argument
@click.argument("student")
@click.option("--by", type=float, required=True, help="Points to add, or with a minus to take.")
@why_option
@language_option
@course_option
def adjust(directory: Path, student: str, by: float, why: str, language: str | None, course: Path) -> None:
    """Move the score of STUDENT, of a team's members this one's, by some points.

    A later one replaces it; so does it with what examiners of a defence gave.
    """
    with deciding(directory, course, language, student) as results:
        results.gradebook.event("adjust", student, points=by, who=who(), why=why)


@cli.command()
@directory_argument
@click.argument("check")
@click.option(
    "--give/--drop", "give", default=None, help="All get its points; or the other checks count for the whole."
)
@why_option
@language_option
@course_option
@click.pass_context
def void(
    context: click.Context, directory: Path, check: str, give: bool | None, why: str, language: str | None, course: Path
) -> None:
    """Take a CHECK that turned out to be wrong out of the game, for everybody who was graded."""
    if give is None:
        raise click.UsageError("say --give or --drop", context)
    with deciding(directory, course, language) as results:
        points = worth(results, check)
        by_people = check in {question.id for question in results.assignment.manual}
        bonus = {one.id for one in results.assignment.checks if one.bonus}
        bonus |= {one.id for one in results.assignment.manual if one.bonus}
        value = GIVE if give else LEAVE_OUT if check in bonus else DROP
        if value == DROP and not _counting(results, bonus) - {check}:
            raise UserError(f"{check} is the last of {results.assignment.name} that counts: give it, do not drop it")
        results.gradebook.event(
            "void", check=check, points=points if by_people else None, value=value, who=who(), why=why
        )


def _counting(results: Results, bonus: set[str]) -> set[str]:
    """The checks and questions that the whole is made of, without those that were dropped."""
    whole = {check.id for check in results.assignment.checks if check.points > 0}
    whole |= {question.id for question in results.assignment.manual if question.points > 0}
    return (
        whole
        - bonus
        - {event.check for event in results.gradebook.events() if (event.kind, event.value) == ("void", DROP)}
    )


@cli.command()
@directory_argument
@click.argument("student")
@click.argument("text")
@language_option
@course_option
def comment(directory: Path, student: str, text: str, language: str | None, course: Path) -> None:
    """Add words of yours to the page of STUDENT."""
    with deciding(directory, course, language, student) as results:
        results.gradebook.event("comment", student, who=who(), why=text)


@cli.command()
@directory_argument
@click.argument("student")
@click.option("--until", required=True, help=f"The new due time, like {EXAMPLE}.")
@why_option
@language_option
@course_option
def extend(directory: Path, student: str, until: str, why: str, language: str | None, course: Path) -> None:
    """Move the due time of STUDENT (or of a team, by its id) to a later one."""
    with deciding(directory, course, language) as results:
        if student not in {one for report in results.reports for one in (report.student_id, report.team)}:
            raise _unknown(directory, student)
        results.gradebook.event("extension", student, value=until, who=who(), why=why)


@cli.command()
@directory_argument
@click.argument("student")
def history(directory: Path, student: str) -> None:
    """Explain a score: every hand-in, grading and decision, and the sum to the last hundredth."""
    path = book(directory)
    with Gradebook.open(path, create=False) as gradebook:
        found = gradebook.explained(student)
    if found is None:
        raise _unknown(directory, student)
    _tell(found)


@contextmanager
def deciding(directory: Path, course: Path, language: str | None, student: str = "") -> Iterator[Results]:
    """A folder of results to decide about: what moved is told, and pages and tables are written anew."""
    with alone_with(directory), opened(directory, course, language) as results:
        before = {report.student_id: report for report in results.reports}
        if student and student not in before:
            team = [report.student_id for report in results.reports if report.team == student]
            raise _of_a_team(directory, student, team) if team else _unknown(directory, student)
        yield results
        after = write(directory, results.gradebook, results.assignment)
    moved = [(before.get(report.student_id), report) for report in after]
    changed = [(old, new) for old, new in moved if old is None or old.score != new.score]
    for old, new in changed:
        click.echo(f"{visible(f'{new.student_id} {new.name}'.strip())}: {_score(old)} -> {_score(new)}")
    if not changed:
        click.echo("No score moves.")


def _score(report: Report | None) -> str:
    return "no score" if report is None or report.score is None else in_points(report.score)


def worth(results: Results, check: str) -> float:
    """What a check, or a question that a person marks, is worth. Raises `UserError` for one that there is not."""
    worth = {check.id: check.points for check in results.assignment.checks}
    worth |= {question.id: question.points for question in results.assignment.manual}
    if check not in worth:
        questions = {one.id: one.question for one in results.assignment.checks}
        questions |= {one.id: one.question for one in results.assignment.manual}
        named = [name for name, question in questions.items() if question == check]
        named = named or [name for name in worth if check and check.casefold() in name.casefold()]
        named = (named or difflib.get_close_matches(check, worth, ALIKE))[:ALIKE]
        hint = f"did you mean {' or '.join(named)}?" if named else "ids are in results/, beside the points"
        raise UserError(f"there is no check {check!r} in {results.assignment.name}; {hint}")
    return worth[check]


def _of_a_team(directory: Path, team: str, members: list[str]) -> UserError:
    return UserError(f"{directory}: {team} is a team; decide for each of its members: {', '.join(members)}")


def _unknown(directory: Path, student: str) -> UserError:
    return UserError(f"{directory}: there is no student {student!r}; ids are the first column of grades.csv")


def _tell(found: History) -> None:
    """Print a history: what happened, and the sum."""
    report = found.report
    console = Console()
    title = f"{report.student_id} {report.name}: {_score(report)}" + (" (late)" if report.late else "")
    steps = Table(title=visible(title), title_justify="left")
    for column in ("when", "what", "", "points", "who", "why"):
        steps.add_column(column, overflow="fold", justify="right" if column == "points" else "left")
    for step in found.steps:
        steps.add_row(*map(visible, _cells(step)))
    console.print(steps)
    if not found.sum:
        console.print("There is no score.")
        return
    total = Table(title="The score", title_justify="left", show_header=False)
    total.add_column(overflow="fold")
    total.add_column(justify="right")
    for name, points in found.sum:
        if points or name in {verdict.id for verdict in report.verdicts}:
            total.add_row(visible(name), f"{points:+.6f}".rstrip("0").rstrip("."))
    total.add_row("score", _score(report), style="bold")
    console.print(total)


def _cells(step: Step) -> tuple[str, ...]:
    when = datetime.fromisoformat(step.at).isoformat(sep=" ", timespec="seconds")
    what = step.kind.replace("_", " ") + (" (counts)" if step.counts else "")
    status = str(step.status) if step.status else ""
    points = "" if step.points is None else in_points(step.points)
    return when, what, step.what or status, points, step.who, step.why
