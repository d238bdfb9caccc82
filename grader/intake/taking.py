"""What was handed in → submissions, one for each student.

It is laid out as a `Listing`; a form says whose each file is; then each student's files are looked at alone: whatever
they hold, nobody else is affected. Of a student who handed in several times the last submission counts.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.contract import Assignment, Enrolled, Note, Status, Submission
from grader.intake import forms
from grader.intake.files import shown
from grader.intake.listing import laid_out
from grader.intake.order import in_order
from grader.intake.pick import Handed, choose

MAX_KEPT = 100  # earlier submissions of one student


@dataclass(frozen=True, slots=True)
class Taken:
    """All that was taken in."""

    form: str  # of `forms.FORMS`
    submissions: list[Submission]  # in the order of their ids
    warnings: tuple[Note, ...] = ()  # on all of it
    enrolled: tuple[Enrolled, ...] = ()  # what the archive itself says of students: names, addresses, teams


def take(path: Path, assignment: Assignment, picks: Mapping[str, str] | None = None, form: str = "") -> Taken:
    """One submission for each student.

    `picks` gives the file that a person has chosen, by student_id: its path as in `Submission.candidates`. `form`, one
    of `forms.FORMS`, is recognised where it is "". Raises `UserError` where there is nothing to read, or nothing of
    that form; what a student handed in never raises.
    """
    picks = picks or {}
    where = shown(os.fspath(path))
    with laid_out(path, where) as listing:
        name, found = forms.read(listing, assignment, form, where)
        students: dict[str, list[Handed]] = defaultdict(list)
        for handed in found.handed:
            students[handed.student_id].append(handed)
        submissions = [_last(students[one], assignment, picks.get(one, "")) for one in sorted(students)]
    return Taken(name, submissions, found.warnings, found.enrolled)


def collect(path: Path, assignment: Assignment, picks: Mapping[str, str] | None = None) -> list[Submission]:
    """The submissions alone, as `take` gives them."""
    return take(path, assignment, picks).submissions


def _last(handed: Sequence[Handed], assignment: Assignment, pick: str) -> Submission:
    """The submission that counts, with those before it."""
    *earlier, last = in_order(handed)
    submission = _submission(last, assignment, pick)
    if not earlier:
        return submission
    kept = [_submission(one, assignment, "") for one in earlier[-MAX_KEPT:]]
    note = Note("earlier", {"count": len(earlier), "kept": _labels(earlier)})
    return replace(submission, earlier=tuple(kept), notes=(*submission.notes, note))


def _labels(handed: Iterable[Handed]) -> list[str]:
    return [one.label for one in handed][-10:]


def _submission(handed: Handed, assignment: Assignment, pick: str) -> Submission:
    try:
        return replace(choose(handed, assignment, pick), handed_in_at=handed.handed_in_at)
    except Exception as error:  # ours, and never another student's trouble
        note = Note("intake_failed", {"error": f"{type(error).__name__}: {error}"[:200]})
        return Submission(handed.student_id, handed.name, notes=(note,), status=Status.GRADER_FAULT, team=handed.team)
