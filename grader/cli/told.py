"""What `export` tells before anybody uploads: the files, their order, and what becomes of each row."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from grader.cli.summary import counted, visible
from grader.contract import Note, Report
from grader.exports.canvas import Filled
from grader.exports.forecast import Fate, Forecast, Line
from grader.exports.moodle import Exported
from grader.exports.reasons import REASONS
from grader.ours import FEEDBACK
from grader.pages.text import BLIND, who
from grader.worksheet import Row

BOX = {
    "en": "allow updating records that have been modified more recently…",
    "fr": "Autorise la modification de données modifiées plus récemment…",
}
# Why a person should look at a result that has a score, as `grader.pages.statistics.needs` says it.
UNSEEN = {
    "unscored": "the last hand-in has no score, and an earlier one counts",
    "unrecognised": "nothing that was asked for is in the file: is it of another homework?",
    "zero": "0 with code in the file",
    "empty": "no work of their own in the file",
    "lost": "a part that was asked for could not be read, and was left out",
}
LANGUAGES = {"en": "English", "fr": "French"}  # Moodle knows a worksheet's titles in its own language only


def tell_moodle(out: Path, done: Exported) -> None:
    """All of it, before anything is uploaded."""
    told = done.forecast
    filled = sum(line.grade is not Fate.NONE for line in told.lines)
    click.echo(f"{out / done.worksheet.name}: {filled} of {counted(len(told.lines), 'row')} filled in")
    for packed in done.zips:
        size = len(packed.file.data)
        larger = ": more than --max-mb, and one page cannot be split" if size > done.most else ""
        click.echo(f"{out / packed.file.name}: {counted(packed.pages, 'page')} ({_size(size)}{larger})")
    if not done.zips:
        click.echo("No feedback.zip: there is no page to send.")
    click.echo("\nIn Moodle, in this order:")
    click.echo(f"1. Upload the grading worksheet {done.worksheet.name}, with Moodle in {LANGUAGES[told.language]}.")
    if told.needs_box:
        click.echo(f"   Tick “{BOX[told.language]}”: rows that were graded before need it.")
        click.echo(f"   Moodle will answer: {told.answer(box=True)}")
        click.echo(f"   Without the box: {told.answer()}{_if_west(told)}")
    else:
        click.echo(f"   Moodle will answer: {told.answer()}")
    if done.zips:
        attachments = done.placed.attachments
        students = sum(len(one.rows) for one in attachments)
        names = ", ".join(packed.file.name for packed in done.zips)
        click.echo(f"2. Then upload the feedback {'files' if len(done.zips) > 1 else 'file'} {names}:")
        click.echo(f"   {counted(len(attachments), 'file')} for {counted(students, 'student')}.")
        click.echo("   Not before: the zip makes Moodle take the worksheet for out of date.")
    _notes(told.notes)
    _rows(told, done.placed.left, done.folder)


def _if_west(told: Forecast) -> str:
    """Nobody but the teacher knows their time zone: what becomes of the answer without the box if it lies west."""
    grades, comments = told.counts(west=True)
    if (grades, comments) == told.counts():
        return ""
    return (
        f" Or fewer, down to {counted(grades, 'grade')} and {counted(comments, 'comment')}, if the time zone in your "
        "Moodle profile lies west of the site's."
    )


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(count >> 10, 1)} kB"


def tell_canvas(path: Path, filled: Filled, folder: Path) -> None:
    """`folder` is where the results are."""
    click.echo(f"{path}: {filled.filled} scores in “{visible(filled.column)}”")
    click.echo("In Canvas: Gradebook, Import. It shows what will change before it does.")
    _notes(filled.notes)
    groups: dict[str, list[str]] = {}
    for student, name, note in filled.left:
        groups.setdefault(_reason(note, folder), []).append(f"{student} {name}".strip())
    _groups(groups)


def tell_unseen(folder: Path, unseen: Sequence[tuple[str, str]]) -> None:
    """Scores that `grade` lists under "Needs you" and that nobody settled: why of each, and who."""
    groups: dict[str, list[str]] = {}
    for why, student in unseen:
        groups.setdefault(f"filled in, but you have not looked yet ({UNSEEN[why]})", []).append(student)
    _groups(groups)
    if groups:
        where = visible(shlex.quote(str(folder)))
        click.echo("\nTheir pages are in " + visible(str(folder / FEEDBACK)) + ". To settle one, and export again:")
        click.echo(f"  surdix pick {where} STUDENT FILE, if it is about the file: which one counts")
        click.echo(f"  surdix override {where} STUDENT --points POINTS --why REASON, if not: the score as it shall be")


def unseen_rows(told: Forecast, found: Iterable[tuple[str, Report]]) -> list[tuple[str, str]]:
    """Of the results that need a person those whose score is in the worksheet: why, and the row."""
    whys = {report.student_id: why for why, report in found if report.score is not None}
    return [
        (whys[line.report.student_id], _row(line.row))
        for line in told.lines
        if line.report is not None and line.report.student_id in whys
    ]


def unseen_scores(filled: Filled, found: Iterable[tuple[str, Report]]) -> list[tuple[str, str]]:
    """The same for a gradebook of Canvas."""
    left = {student for student, _, _ in filled.left}
    return [(why, _report(one)) for why, one in found if one.score is not None and one.student_id not in left]


def _notes(notes: Iterable[Note]) -> None:
    for note in notes:
        values = dict(note.values)
        if note.key == "spreadsheet":
            delimiter = {";": "semicolons", "\t": "tabs"}.get(values["delimiter"], "commas")
            plain = values["encoding"].startswith("utf-8")
            values["form"] = delimiter if plain else f"{delimiter}, {values['encoding']}"
        click.echo(f"\n{visible(REASONS[note.key].sentence.format(**values))}")


def _rows(told: Forecast, left: Iterable[tuple[Row, Note]], folder: Path) -> None:
    groups: dict[str, list[str]] = {}
    for line in told.lines:
        for note in line.reasons:
            groups.setdefault(_reason(note, folder), []).append(_line(line, note))
    for row, note in left:
        groups.setdefault(_reason(note, folder), []).append(_row(row))
    for report in told.no_row:
        groups.setdefault(REASONS["no_row"].sentence, []).append(_report(report))
    _groups(groups)


def _reason(note: Note, folder: Path) -> str:
    values = {**note.values, "folder": folder}
    if "ids" in values:
        values["ids"] = " or ".join(values["ids"])
    return REASONS[note.key].sentence.format(**values)


def _line(line: Line, note: Note) -> str:
    more = {"was": " {was} → {now}", "comma": " {was} → {now}", "over": " {grade} of {maximum:g}"}.get(note.key, "")
    return _row(line.row) + more.format(**note.values)


def _row(row: Row) -> str:
    return " ".join(part for part in (row.student_id, row["name"].strip(), _team(row)) if part)


def _team(row: Row) -> str:
    return f"({row['team']})" if row["team"] else ""


def _report(report: Report) -> str:
    if report.name == BLIND:
        return who(report)
    return report.student_id if report.name in ("", report.student_id) else f"{report.student_id} {report.name}"


def _groups(groups: Mapping[str, list[str]]) -> None:
    for reason, members in groups.items():
        click.echo(f"\n{len(members)} × {reason}:")
        for member in members:
            click.echo(f"  {visible(member)}")
