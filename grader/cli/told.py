"""What `export` tells before anybody uploads: the files, their order, and what becomes of each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from grader.cli.summary import visible
from grader.contract import Note, Report
from grader.exports.canvas import Filled
from grader.exports.forecast import Fate, Forecast, Line
from grader.exports.moodle import Exported
from grader.worksheet import Row

BOX = {
    "en": "allow updating records that have been modified more recently…",
    "fr": "Autorise la modification de données modifiées plus récemment…",
}
LANGUAGES = {"en": "English", "fr": "French"}  # Moodle knows a worksheet's titles in its own language only
# Why a row is not simply taken. Rows of one reason are listed together.
ROWS: Mapping[str, str] = {
    "box": "graded already, and French dates cannot be parsed: skipped, comment included, unless you tick the box",
    "zone": "graded already: skipped, comment included, if the time zone in your Moodle profile lies west of the "
    "site's; tick the box to be sure",
    "same": "has this grade already",
    "was": "had another grade, which changes",
    "locked": "locked or overridden in Moodle's gradebook: the grade stays as it is, the comment is written",
    "over": "above the maximum: the grade is skipped, the comment is written (--scale-to-maximum makes it fit)",
    "not_here": "no result in DIR: the row stays as it is",
    "absent": "handed nothing in and has no score: the row stays as it is",
    "nothing_handed_in": "its team handed nothing in, says the worksheet: the row stays as it is",
    "unreadable": "no file could be read, so there is no score: the row stays as it is until you look",
    "crashed": "ended its sandbox three times, so there is no score: the row stays as it is until you look",
    "grader_fault": "could not be graded, which is not their fault: the row stays as it is; grade again",
    "no_score": "has no score yet: the row stays as it is",
    "two_teams": "two teams have this name, so nothing is filled in; grade again with a --roster csv whose column "
    "`team` says which is which ({ids})",
    "two_times": "submissions of two times under one team's name, so there may be two such teams and nothing is filled "
    "in; grade again with a --roster csv whose column `team` says who is in {ids}",
    "draft": "a draft, not submitted: graded and filled in",
    # no page, though there is a score
    "default_team": "in no team: Moodle's zip cannot reach them, so they get grade and comment but no page",
    "no_team_id": "the number of this team is not known, so no page can be sent; grade again with a --roster csv whose "
    "column `team` says team-ID",
    "members_differ": "members of this team have different results, and a page would reach all of them: none is sent",
    "no_row": "has a result, and no row in this file",
}
NOTES: Mapping[str, str] = {
    "spreadsheet": "This worksheet was saved by a spreadsheet ({form}), which Moodle refuses; what is written here is "
    "in Moodle's form: upload that.",
    "no_comments": "This worksheet has no column for comments (feedback comments are off in this assignment).",
    "comment_first": "The column of comments is the first, and there Moodle ignores it: put it elsewhere, or download "
    "the worksheet again.",
    "workflow": "This assignment has a marking workflow: students see nothing before you release the grades in Moodle.",
    "other_maximum": "Scores are out of {out_of:g}, the maximum there is {maximum:g}: they are written as they are, so "
    "that {out_of:g} of {out_of:g} counts as {out_of:g} of {maximum:g}. --scale-to-maximum makes them fit.",
    "scaled": "Scores out of {out_of:g} were made scores out of {maximum:g}, as you asked.",
    "backslash": "Row {row}: Moodle cannot read back its own cell in {column!r} (a backslash before a quote, or at the "
    "end), and may misread this row and those after it; empty that cell before you upload.",
    "flattened": "{rows} rows that stay as they are have a comment: where Moodle takes them, it loses its formatting.",
}


def tell_moodle(out: Path, done: Exported) -> None:
    """All of it, before anything is uploaded."""
    told = done.forecast
    filled = sum(line.grade is not Fate.NONE for line in told.lines)
    click.echo(f"{out / done.worksheet.name}: {filled} of {len(told.lines)} rows filled in")
    for packed in done.zips:
        size = len(packed.file.data)
        larger = ": more than --max-mb, and one page cannot be split" if size > done.most else ""
        click.echo(f"{out / packed.file.name}: {_count(packed.pages, 'page')} ({_size(size)}{larger})")
    if not done.zips:
        click.echo("No feedback.zip: there is no page to send.")
    click.echo("\nIn Moodle, in this order:")
    click.echo(f"1. Upload the grading worksheet {done.worksheet.name}, with Moodle in {LANGUAGES[told.language]}.")
    if told.needs_box:
        click.echo(f"   Tick “{BOX[told.language]}”: rows that were graded before need it.")
        click.echo(f"   Moodle will answer: {told.answer(box=True)}")
        click.echo(f"   Without the box: {told.answer()}")
    else:
        click.echo(f"   Moodle will answer: {told.answer()}")
    if done.zips:
        attachments = done.placed.attachments
        students = sum(len(one.rows) for one in attachments)
        names = ", ".join(packed.file.name for packed in done.zips)
        click.echo(f"2. Then upload the feedback {'files' if len(done.zips) > 1 else 'file'} {names}:")
        click.echo(f"   {_count(len(attachments), 'file')} for {_count(students, 'student')}.")
        click.echo("   Not before: the zip makes Moodle take the worksheet for out of date.")
    _notes(told.notes)
    _rows(told, done.placed.left)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(count >> 10, 1)} kB"


def needs_you(done: Exported) -> bool:
    return done.forecast.findings or any(note.key != "default_team" for _, note in done.placed.left)


def tell_canvas(path: Path, filled: Filled) -> None:
    click.echo(f"{path}: {filled.filled} scores in “{visible(filled.column)}”")
    click.echo("In Canvas: Gradebook, Import. It shows what will change before it does.")
    _notes(filled.notes)
    groups: dict[str, list[str]] = {}
    for student, name, note in filled.left:
        groups.setdefault(ROWS[note.key], []).append(f"{student} {name}".strip())
    _groups(groups)


def needs_you_canvas(filled: Filled) -> bool:
    keys = {note.key for _, _, note in filled.left}
    return bool(keys - {"absent", "not_here"}) or any(note.key == "other_maximum" for note in filled.notes)


def _notes(notes: Iterable[Note]) -> None:
    for note in notes:
        values = dict(note.values)
        if note.key == "spreadsheet":
            delimiter = {";": "semicolons", "\t": "tabs"}.get(values["delimiter"], "commas")
            values["form"] = f"{delimiter}, {values['encoding']}"
        click.echo(f"\n{visible(NOTES[note.key].format(**values))}")


def _rows(told: Forecast, left: Iterable[tuple[Row, Note]]) -> None:
    groups: dict[str, list[str]] = {}
    for line in told.lines:
        for note in line.reasons:
            groups.setdefault(_reason(note), []).append(_line(line, note))
    for row, note in left:
        groups.setdefault(_reason(note), []).append(_row(row))
    for report in told.no_row:
        groups.setdefault(ROWS["no_row"], []).append(_report(report))
    _groups(groups)


def _reason(note: Note) -> str:
    values = dict(note.values)
    if "ids" in values:
        values["ids"] = " or ".join(values["ids"])
    return ROWS[note.key].format(**values) if "ids" in values else ROWS[note.key]


def _line(line: Line, note: Note) -> str:
    more = {"was": " {was} → {now}", "over": " {grade} of {maximum:g}"}.get(note.key, "")
    return _row(line.row) + more.format(**note.values)


def _row(row: Row) -> str:
    return " ".join(part for part in (row.student_id, row["name"].strip(), _team(row)) if part)


def _team(row: Row) -> str:
    return f"({row['team']})" if row["team"] else ""


def _report(report: Report) -> str:
    return report.student_id if report.name in ("", report.student_id) else f"{report.student_id} {report.name}"


def _groups(groups: Mapping[str, list[str]]) -> None:
    for reason, members in groups.items():
        click.echo(f"\n{len(members)} × {reason}:")
        for member in members:
            click.echo(f"  {visible(member)}")
