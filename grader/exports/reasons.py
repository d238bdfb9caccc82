"""Why a row, or a file, does not simply go its way: in words, and whether somebody should look before uploading.

Keys are those of the notes that forecasts, feedback pages and Canvas's gradebook leave; a loud one makes `export` exit
with 1. Sentences of rows stand above a list of those rows; values of a note fill their braces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.contract import Note, Report, Status


@dataclass(frozen=True, slots=True)
class Reason:
    """`loud`: something is lost, or wrong, unless a person does something before uploading."""

    sentence: str
    loud: bool


def _quiet(sentence: str) -> Reason:
    return Reason(sentence, False)


def _loud(sentence: str) -> Reason:
    return Reason(sentence, True)


REASONS: Mapping[str, Reason] = {
    # Of a row that has a score.
    "box": _quiet(
        "graded already, and French dates cannot be parsed: skipped, comment included, unless you tick the box"
    ),
    "zone": _quiet(
        "graded already: skipped, comment included, if the time zone in your Moodle profile lies west of the site's; "
        "tick the box to be sure"
    ),
    "same": _quiet("has this grade already"),
    "was": _quiet("had another grade, which changes"),
    "draft": _quiet("a draft, not submitted: graded and filled in"),
    "locked": _loud("locked or overridden in Moodle's gradebook: the grade stays as it is, the comment is written"),
    "over": _loud("above the maximum: the grade is skipped, the comment is written; enter such a grade by hand"),
    # Of a row that has none.
    "absent": _quiet("handed nothing in and has no score: the row stays as it is"),
    "nothing_handed_in": _quiet("its team handed nothing in, says the worksheet: the row stays as it is"),
    "not_here": _loud(
        "no result in {folder}: the row stays as it is; grade with --roster, so that it is known who handed nothing in"
    ),
    "comma": _quiet(
        "their grade had a decimal comma, which Moodle in English reads as the end of the number: it has a point now"
    ),
    "unreadable": _loud("no file could be read, so there is no score: the row stays as it is until you look"),
    "several_files": _loud(
        "you have not chosen a file (surdix pick), so there is no score: the row stays as it is until you do"
    ),
    "crashed": _loud("ended its sandbox three times, so there is no score: the row stays as it is until you look"),
    "grader_fault": _loud("could not be graded, which is not their fault: the row stays as it is; grade again"),
    "no_score": _loud("has no score yet: the row stays as it is"),
    "two_teams": _loud(
        "two teams have this name, so nothing is filled in; grade again with a --roster csv whose column `team` says "
        "which is which ({ids})"
    ),
    "two_times": _loud(
        "submissions of two times under one team's name, so there may be two such teams and nothing is filled in; "
        "grade again with a --roster csv whose column `team` says who is in {ids}"
    ),
    # Of a row that gets no page, though it has a score.
    "default_team": _quiet("in no team: Moodle's zip cannot reach them, so they get grade and comment but no page"),
    "no_team_id": _loud(
        "the number of this team is not known, so no page can be sent; grade again with a --roster csv whose column "
        "`team` says team-ID"
    ),
    "team_changed": _loud(
        "teams have changed since they were graded, and a page would reach who is in the team now: none is sent; grade "
        "again with this worksheet as --roster"
    ),
    "members_differ": _loud(
        "members of this team have different results, and a page would reach all of them: none is sent"
    ),
    # Of a result that has no row.
    "no_row": _loud("has a result, and no row in this file"),
    # Of the file.
    "spreadsheet": _quiet(
        "This worksheet was saved by a spreadsheet ({form}), which Moodle refuses; what is written here is in Moodle's "
        "form: upload that."
    ),
    "no_comments": _quiet("This worksheet has no column for comments (feedback comments are off in this assignment)."),
    "comment_first": _loud(
        "The column of comments is the first, and there Moodle ignores it: put it elsewhere, or download the worksheet "
        "again."
    ),
    "workflow": _quiet(
        "This assignment has a marking workflow: students see nothing before you release the grades in Moodle."
    ),
    "scaled": _quiet("Scores out of {out_of:g} were made scores out of {maximum:g}, as you asked."),
    "backslash": _loud(
        "Row {row}: Moodle cannot read back its own cell in {column!r} (a backslash before a quote, or at the end), "
        "and may misread this row and those after it; empty that cell before you upload."
    ),
    "flattened": _quiet(
        "Rows without a score that have a comment from before: {students}. Moodle wrote these comments into the "
        "worksheet without their links, lists and bold type, and may put them back like that: delete these rows from "
        "the file before you upload it, if those comments should stay as they are."
    ),
}


def no_score(report: Report) -> str:
    """Why a report has no score: the key of a reason."""
    if report.status is Status.UNREADABLE and any(note.key == "several_files" for note in report.notes):
        return "several_files"
    return "no_score" if report.status is Status.GRADED else report.status


def loud(notes: Iterable[Note]) -> bool:
    """Should a person look before uploading?"""
    return any(REASONS[note.key].loud for note in notes)
