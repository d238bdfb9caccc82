"""`surdix grade TD SUBMISSIONS --out DIR`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape

from grader import batch
from grader.authoring import load, store
from grader.cli import clusters, marked, pages, progress, summary
from grader.cli.book import alone
from grader.cli.main import WARNING, cli, course_option, language_option, sandbox_option, say
from grader.cli.summary_json import as_json
from grader.contract import Assignment, Report, Status, Submission
from grader.errors import UserError
from grader.exports.write import write_all
from grader.gradebook import lock
from grader.gradebook.gradebook import Gradebook
from grader.intake import FORMS, file_name, roster, take
from grader.local import Threads
from grader.moments import EXAMPLE, aware
from grader.ours import BOOK, FEEDBACK, GRADES, REPORT, RESULTS
from grader.pages import statistics
from grader.pages.classroom import parts as class_page
from grader.pages.condensed import Condensed
from grader.pipeline import prepare
from grader.teams import is_team, number_of, team_id
from student_template.runner import sentences


@cli.command()
@click.argument("td")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where results go.")
@click.option("--jobs", type=click.IntRange(1), default=None, help="Submissions at once (default: the cores).")
@click.option(
    "--cluster",
    "address",
    default=None,
    metavar="ADDRESS",
    help="Grade on the workers of a dask scheduler, tls://HOST:PORT; or local:N processes here (docs/cluster.md).",
)
@click.option(
    "--roster",
    "roster_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Who is in the class: Moodle's grading worksheet, or a csv with a column student_id.",
)
@click.option(
    "--due",
    default=None,
    metavar="TIME",
    help=f"When it was due, like {EXAMPLE}; of a --roster that does not say it. Extensions count.",
)
@click.option(
    "--form",
    type=click.Choice(list(FORMS)),
    default=None,
    show_default="recognised",
    help="The form that SUBMISSIONS has, where it is taken for another.",
)
@click.option("--fresh", is_flag=True, help="Grade again what has been graded; nothing is deleted.")
@click.option("--quiet", is_flag=True, help="Say only what needs you: no progress, no table.")
@click.option("--json", "for_programs", is_flag=True, help="Print the summary as one JSON object.")
@sandbox_option
@language_option
@course_option
@click.pass_context
def grade(
    context: click.Context,
    td: str,
    submissions: Path,
    out: Path,
    jobs: int | None,
    address: str | None,
    roster_file: Path | None,
    due: str | None,
    form: str | None,
    fresh: bool,
    quiet: bool,
    for_programs: bool,
    sandbox: str,
    language: str | None,
    course: Path,
) -> None:
    """Grade SUBMISSIONS (a zip that a learning platform gives, a folder of folders or of files, one file) out of 10."""
    errors = Console(stderr=True)
    loaded = load.load(course, td, language)
    sentences.add_reasons(loaded.assignment.reasons, loaded.assignment.language)
    if not submissions.exists():
        raise UserError(f"{submissions}: there is no such file or folder; SUBMISSIONS is what students handed in")
    inside = out.resolve()
    if submissions.is_dir() and (inside == submissions.resolve() or submissions.resolve() in inside.parents):
        raise UserError(f"{out}: results would lie among the submissions; choose a folder outside of {submissions}")
    _refuse_foreign(out)
    if address is not None:
        clusters.refuse(address, jobs)
    if due and not roster_file:
        raise UserError("--due needs a --roster, which says when each student handed in")
    students = (
        roster.read(roster_file, ZoneInfo(loaded.assignment.timezone), aware(due, "--due") if due else None)
        if roster_file
        else None
    )
    book = out / BOOK
    picks = _picks(book, td)
    found = take(submissions, loaded.assignment, picks, form or "", students)
    marking = prepare(loaded, store.secret(), keep=True)
    _make_private(out)

    def noted(text: str) -> None:
        errors.print(f"[bold]Note[/bold]: {escape(summary.visible(text))}", soft_wrap=True)

    def engine(work: int) -> AbstractContextManager[batch.Engine]:
        if address is None:
            return Threads(marking, sandbox, min(jobs or batch.cores(), work))
        return clusters.open_cluster(address, loaded, store.secret(), marking, sandbox, noted)

    with alone(out), Gradebook.open(book, td=td) as gradebook:
        if gradebook.picks() != picks:  # made while this run waited
            picks = gradebook.picks()
            found = take(submissions, loaded.assignment, picks, form or "", students)
        handed_in = [_whose(submission) for submission in found.submissions]
        if not quiet and not for_programs:
            click.echo(f"{summary.visible(str(submissions))}: {FORMS[found.form]} ({found.form}).")
        for note in found.warnings:
            noted(say(note.key, note.values))
        before = [replace(report, verdicts=(), notes=()) for report in gradebook.each_report()]
        _refuse_teams_as_students(handed_in, before, students)
        kept = sorted({r.student_id for r in before if r.status is not Status.ABSENT} & _absent(handed_in))
        if kept:
            names = ", ".join(kept)
            errors.print(escape(f"Handed in nothing this time, and keep their result: {names}."), soft_wrap=True)
        if sandbox == "none":
            errors.print(WARNING, style="bold red")
        gradebook.set_policy(loaded.assignment.policy)
        in_all = len(batch.that_may_count(found.submissions, loaded.assignment))
        with progress.shown(errors, td, in_all, quiet) as advance:
            became = batch.grade_all(
                found.submissions,
                marking,
                gradebook,
                engine,
                fresh=fresh,
                progress=advance,
            )
        reports = write(out, gradebook, loaded.assignment)
        to_mark = marked.still_to_mark(gradebook, loaded.assignment, out)
    graded_now = {submission.student_id for submission in handed_in}
    shown = [report for report in reports if report.student_id in graded_now]
    needed = {report.student_id for _, report in statistics.needs(shown, loaded.assignment.interface, picks)}
    files = {
        one.student_id: (*one.candidates, *filter(None, [one.picked]))
        for one in found.submissions
        if one.student_id in needed
    }
    needs = summary.needing(shown, files, picks, loaded.assignment.interface, out)
    idle = {status: became[status] for status in (Status.UNREADABLE, Status.ABSENT) if became[status]}
    graded, unchanged = became.total() - sum(idle.values()), in_all - became.total()
    if for_programs:
        numbers = {"graded_now": graded, "as_before": unchanged}
        click.echo(as_json(loaded.assignment, shown, needs, out, form=found.form, to_mark=to_mark, **numbers))
    else:
        output = Console()
        if not quiet:
            summary.table(output, shown, loaded.assignment)
            summary.histogram(output, shown, loaded.assignment.out_of)
            told = f", {in_all - len(handed_in)} of them earlier hand-ins" if in_all > len(handed_in) else ""
            nothing = "".join(f", {count} {status}" for status, count in idle.items())
            click.echo(f"{graded} graded now{nothing}, {unchanged} as before{told}.")
            if needs:
                click.echo()
        summary.needs_you(output, needs)
        if to_mark:
            click.echo(summary.visible(to_mark))
        if not quiet:
            for name in (GRADES, REPORT, f"{RESULTS}/", f"{FEEDBACK}/", BOOK):
                click.echo(f"{out / name}{'/' if name.endswith('/') else ''}")
    statuses = {report.status for report in shown} | statistics.unscored(shown)
    if became[Status.GRADER_FAULT]:  # of an earlier hand-in, too
        statuses.add(Status.GRADER_FAULT)
    if Status.GRADER_FAULT in statuses:
        context.exit(3)
    if statuses & {Status.UNREADABLE, Status.CRASHED}:
        context.exit(1)


def write(out: Path, gradebook: Gradebook, assignment: Assignment) -> list[Report]:
    """Write all that is made from the gradebook; everybody's report, as far as a summary needs it (`condensed`)."""
    picks = gradebook.picks()
    class_ = Condensed(assignment.interface, picks)
    write_all(
        out,
        class_.passing(pages.hinted(gradebook.each_report(), assignment)),
        say,
        file_name=file_name,
        language=assignment.language,
        feedback=lambda report: pages.page(gradebook, report, assignment),
        report_page=lambda: class_page(class_.reports, assignment, say, picks=picks, feedback_name=file_name),
    )
    return class_.reports


def _whose(submission: Submission) -> Submission:
    """Whose a submission is and what became of it, without what takes memory."""
    return Submission(submission.student_id, submission.name, status=submission.status, team=submission.team)


def _picks(book: Path, td: str) -> dict[str, str]:
    """The files that people picked, of a folder that may not be there yet."""
    if not book.exists():
        return {}
    with Gradebook.open(book, td=td, create=False) as gradebook:
        return gradebook.picks()


def _refuse_teams_as_students(
    handed_in: Sequence[Submission], before: Sequence[Report], students: roster.Roster | None
) -> None:
    """Teams must not come in twice, with their members and as if they were students: numbers may be those of others."""
    known = {report.team for report in before if report.team and report.student_id != report.team}
    found = [one.student_id for one in handed_in if not one.team and team_id(one.student_id) in known]
    found += [one.student_id for one in handed_in if one.student_id in known]
    if found and students is None:
        raise UserError(f"{_some(found)}: the members of these teams are known from before; give --roster again")
    if found and students is not None:
        raise UserError(f"{students.file} names no member of {_some(found)}; a roster must list the whole class")
    numbers = {number_of(one.team) for one in handed_in if is_team(one.team)}
    found = [report.student_id for report in before if not report.team and report.student_id in numbers]
    if found:
        raise UserError(f"{_some(found)}: these teams were graded as students before; choose another --out")


def _some(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _absent(handed_in: Sequence[Submission]) -> set[str]:
    return {one.student_id for one in handed_in if one.status is Status.ABSENT}


def _refuse_foreign(out: Path) -> None:
    """Files that `grade` would write over must be of an earlier run, which left a lock."""
    if not (out / lock.NAME).exists() and not (out / BOOK).exists():
        there = [name for name in (GRADES, REPORT, RESULTS, FEEDBACK) if (out / name).exists()]
        if there:
            raise UserError(
                f"{out}: there is {', '.join(there)}, and no gradebook: not of surdix? Choose another --out"
            )


def _make_private(out: Path) -> None:
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{out}: cannot be made ({error.strerror}); choose another folder with --out") from None
