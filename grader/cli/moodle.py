"""`surdix moodle login | list | pull | push`: the round trip without a file downloaded or uploaded by hand."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from grader.cli.main import cli, course_option, language_option
from grader.cli.results import Results, opened
from grader.cli.summary import visible
from grader.contract import Report
from grader.errors import UserError
from grader.moodle import addresses, assignments, tokens, troubles
from grader.moodle.addresses import Address
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client
from grader.moodle.deliveries import Fate, Parcel
from grader.moodle.pull import pull as pull_into
from grader.moodle.push import push as push_results
from grader.moodle.roster import ROSTER
from grader.moodle.tokens import Secret
from grader.moodle.troubles import Trouble
from grader.worksheet import DEFAULT_TEAM

SINGLE_SIGN_ON = (2, 3)  # `typeoflogin`: over a browser
ENVIRONMENT = f"{tokens.VARIABLE} in the environment holds a token, too, and comes before the one that login keeps."
FINDINGS = (Fate.KEPT, Fate.NOT_TAKEN, Fate.UNKNOWN)


@cli.group()
def moodle() -> None:
    """Fetch submissions from a Moodle and send grades back, over its web services.

    URL is the site's address, or that of an assignment's page (…/mod/assign/view.php?id=10).
    """


@moodle.command(epilog=ENVIRONMENT)
@click.argument("url")
@click.option("--user", default=None, help="Your user name (asked for if it is not given).")
@click.option("--token", "by_token", is_flag=True, help="Ask for a token instead: Preferences, Security keys.")
def login(url: str, user: str | None, by_token: bool) -> None:
    """Get a token, by your password or one that you made, and keep it. The password is not kept."""
    site = addresses.read(url).site
    with Client(site, Secret("")) as client:
        config = client.public_config()
        root = str(config.get("wwwroot") or site)
        if not addresses.same(root, site):
            raise UserError(f"{site}: the site goes by another address: surdix moodle login {shlex.quote(root)}")
        for setting, errorcode in (
            ("enablewebservices", "enablewsdescription"),
            ("enablemobilewebservice", "servicenotavailable"),
        ):
            if config.get(setting, 1) in (0, "0", False):
                raise troubles.refused(site, errorcode, "", "login")
        if by_token:
            token = tokens.token(_hidden("Token"))
        elif config.get("typeoflogin") in SINGLE_SIGN_ON:
            raise UserError(
                f"{site}: one logs in there over a browser (single sign-on), so that a password is no use here; copy "
                "the key of the mobile service from Preferences, Security keys, and run: surdix moodle login --token"
            )
        else:
            user = user or click.prompt("User name", err=True)
            token = client.log_in(user, Secret(_hidden("Password")))
    with Client(site, token) as client:
        info = assignments.site_info(client)
    path = tokens.keep(site, token)
    click.echo(
        f"{site}: logged in as {visible(info.fullname)} (Moodle {visible(info.release)}); the token is in {path}"
    )


def _hidden(what: str) -> str:
    """A secret from the terminal, without echo, or else the next line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UserError(f"no {what.lower()} was given; type it when asked, or give it on standard input")
    return line


@moodle.command("list", epilog=ENVIRONMENT)
@click.argument("url")
def list_(url: str) -> None:
    """Show courses and their assignments, so that one can be named."""
    address = addresses.read(url)
    with _connected(address) as client:
        found = assignments.visible(client, assignments.site_info(client))
    console = Console()
    shown = [one for one in found if address.course in (0, one.course)]
    for course in dict.fromkeys((one.course, one.course_name) for one in shown):
        table = Table(title=escape(visible(course[1])), title_justify="left")
        table.add_column("id", justify="right", no_wrap=True)
        table.add_column("assignment", overflow="fold")
        table.add_column("due", no_wrap=True)
        table.add_column("kind", overflow="fold")
        for one in shown:
            if one.course == course[0]:
                due = one.due.astimezone().strftime("%Y-%m-%d %H:%M") if one.due else "-"
                table.add_row(str(one.cmid), escape(visible(one.name)), due, one.kind)
        console.print(table)
    if not shown:
        click.echo("No assignment is to be seen: are you enrolled there as a teacher?")


@moodle.command(epilog=ENVIRONMENT)
@click.argument("url")
@click.argument("assignment", required=False)
@click.option(
    "--to", "--out", "to", type=click.Path(path_type=Path, file_okay=False), required=True, help="A folder of its own."
)
@click.option("--group", type=click.IntRange(0), default=0, help="Your group's id, where groups are separate.")
@click.pass_context
def pull(context: click.Context, url: str, assignment: str | None, to: Path, group: int) -> None:
    """Download what students handed in since the last time, and a roster with names, teams and dates.

    ASSIGNMENT is an id that `surdix moodle list URL` shows, or a name, or a part of one. It is not needed where URL is
    that of an assignment's page.
    """
    address = addresses.read(url)
    with _connected(address) as client, _progress(Console(stderr=True), "files") as progress:
        chosen = _chosen(client, address, assignment or "")
        pulled = pull_into(client, chosen, to, group=group, progress=progress)
    click.echo(
        f"{visible(chosen.name)}: {pulled.handed_in} handed in, {pulled.enrolled} enrolled; "
        f"{pulled.fetched} files fetched, {pulled.removed} removed."
    )
    for note in pulled.notes:
        click.echo(f"  {visible(note)}")
    folder = shlex.quote(str(to))
    click.echo(f"Now: surdix grade TD {folder} --roster {shlex.quote(str(to / ROSTER))} --out RESULTS")
    if pulled.notes:
        context.exit(1)


@moodle.command(epilog=ENVIRONMENT)
@click.argument("url")
@click.argument("rest", nargs=-1, required=True, metavar="[ASSIGNMENT] RESULTS")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; change nothing.")
@click.option("--overwrite", is_flag=True, help="Replace what a person changed in Moodle, try refused grades again.")
@click.option("--scale-to-maximum", is_flag=True, help="For a maximum other than 10: 5 of 10 becomes 10 of 20.")
@click.option("--group", type=click.IntRange(0), default=0, help="Your group's id, where groups are separate.")
@language_option
@course_option
@click.pass_context
def push(
    context: click.Context,
    url: str,
    rest: tuple[str, ...],
    dry_run: bool,
    overwrite: bool,
    scale_to_maximum: bool,
    group: int,
    language: str | None,
    course: Path,
) -> None:
    """Send grades, comments and feedback pages of RESULTS: what changed since the last push, and nothing else.

    ASSIGNMENT is an id that `surdix moodle list URL` shows, or a name, or a part of one. It is not needed where URL is
    that of an assignment's page.

    RESULTS is the folder that `surdix grade` wrote with --out. Every grade is read back. A grade or comment that a
    person changed in Moodle is left as it is, and named.
    """
    if len(rest) > 2:
        raise click.UsageError("give URL, then perhaps an assignment, then RESULTS", context)
    results = Path(rest[-1])
    address = addresses.read(url)
    with (
        opened(results, course, language) as graded,
        _connected(address) as client,
        _progress(Console(stderr=True), "students") as progress,
    ):
        info = assignments.site_info(client)
        chosen = _chosen(client, address, rest[0] if len(rest) == 2 else "")
        pushed = push_results(
            client,
            chosen,
            [_parcel(graded, report, attached=chosen.files) for report in graded.reports],
            results,
            scale_to_maximum=scale_to_maximum,
            overwrite=overwrite,
            dry_run=dry_run,
            largest=info.usermaxuploadfilesize,
            group=group,
            team_page=_team_page(graded),
            progress=progress,
        )
    for line in pushed.lines:
        if line.fate is not Fate.UNCHANGED:
            click.echo(f"{visible(line.who)}: {line.fate}{f': {visible(line.why)}' if line.why else ''}")
    for note in pushed.notes:
        click.echo(f"Note: {visible(note)}")
    counts = {fate: sum(1 for line in pushed.lines if line.fate is fate) for fate in Fate}
    click.echo(f"{visible(chosen.name)}: " + ", ".join(f"{count} {fate}" for fate, count in counts.items() if count))
    if any(counts[fate] for fate in FINDINGS):
        context.exit(1)


def _parcel(results: Results, report: Report, *, attached: bool) -> Parcel:
    """One report, ready to be sent."""
    page = results.page(report) if report.score is not None else b""
    return Parcel(report.student_id, report.team, report.score, results.comment(report, attached), page)


def _team_page(results: Results) -> Callable[[str, str], bytes | None]:
    """Gives a member's page under the team's name."""
    reports = {report.student_id: report for report in results.reports}
    default = DEFAULT_TEAM.get(results.assignment.language, DEFAULT_TEAM["en"])

    def page(student_id: str, team_name: str) -> bytes | None:
        report = reports.get(student_id)
        return results.page(report, team_name or default) if report is not None else None

    return page


@contextmanager
def _connected(address: Address) -> Iterator[Client]:
    if not tokens.there(address.site):
        with Client(address.site, Secret("")) as client:
            client.public_config()  # where no Moodle answers, that comes before any word of logging in
    with Client(address.site, tokens.read(address.site)) as client:
        try:
            yield client
        except Trouble as error:
            if error.errorcode == "invalidtoken" and tokens.from_environment():
                raise UserError(
                    f"{address.site}: the token in {tokens.VARIABLE} is not valid (any more); set it to another, from "
                    "Preferences, Security keys, or unset it and run surdix moodle login"
                ) from None
            raise


def _chosen(client: Client, address: Address, named: str) -> Assignment:
    found = assignments.visible(client, assignments.site_info(client))
    return assignments.choose(found, address.site, cmid=address.cmid, named=named)


@contextmanager
def _progress(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    with Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, all_: progress.update(task, completed=done, total=all_)
