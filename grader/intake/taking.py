"""What was handed in → submissions, one for each student.

It is laid out as a `Listing`; a form says whose each file is; then each student's files are looked at alone: whatever
they hold, nobody else is affected. Of a student who handed in several times the last submission counts.

The submissions are kept on the disk, one by one: memory holds one of them, and of all others whose they are.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from grader.contract import Assignment, Note, Status, Submission
from grader.errors import UserError
from grader.intake import forms, roster
from grader.intake.enrol import as_given, enrol, named
from grader.intake.files import shown
from grader.intake.listing import laid_out
from grader.intake.order import in_order
from grader.intake.pick import Handed, choose
from grader.intake.roster import Roster
from grader.intake.shelf import Shelf
from grader.teams import NO_TEAM

MAX_KEPT = 100  # earlier submissions of one student


@dataclass(frozen=True, slots=True)
class Taken:
    """All that was taken in."""

    form: str  # of `forms.FORMS`
    submissions: Sequence[Submission]  # in the order of their ids; each is read when it is asked for
    warnings: tuple[Note, ...] = ()  # on all of it


def take(
    path: Path,
    assignment: Assignment,
    picks: Mapping[str, str] | None = None,
    form: str = "",
    students: Roster | None = None,
) -> Taken:
    """One submission for each student; with a roster, for each student of it, the absent too.

    `picks` gives the file that a person has chosen, by student_id: its path as in `Submission.candidates`. `form`, one
    of `forms.FORMS`, is recognised where it is "". Raises `UserError` where there is nothing to read, or nothing of
    that form, or a team has more members than the policy lets; what a student handed in never raises.
    """
    picks = picks or {}
    where = shown(os.fspath(path))
    with laid_out(path, where) as listing:
        name, found = forms.read(listing, assignment, form, where)
        known = roster.merged(students, path.name, found.enrolled)
        theirs: dict[str, list[Handed]] = defaultdict(list)
        for handed in found.handed:
            handed = named(handed, known) if known else handed
            theirs[handed.student_id].append(handed)
        shelf, whose = Shelf(), []
        for one in sorted(theirs):
            submission = _last(theirs.pop(one), assignment, picks.get(one, ""))
            shelf.put(submission)
            if known is not None:
                whose.append(_without_contents(submission))
    if known is None:
        return Taken(name, shelf, found.warnings)
    places = {one.student_id: place for place, one in enumerate(whose)}
    everybody, warnings = enrol(whose, known)
    _refuse_large_teams(everybody, assignment.policy.team_size, known)
    return Taken(name, _Enrolled(everybody, shelf, places), (*found.warnings, *warnings))


def collect(path: Path, assignment: Assignment, picks: Mapping[str, str] | None = None) -> list[Submission]:
    """The submissions alone, as `take` gives them."""
    return list(take(path, assignment, picks).submissions)


@dataclass(frozen=True, slots=True)
class _Enrolled(Sequence[Submission]):
    """Everybody's submission: whose each is, by a roster, and what of `shelf` was handed in for them."""

    whose: Sequence[Submission]  # without what they hold
    shelf: Shelf
    places: Mapping[str, int]  # in the shelf, by who handed in: a student, or a team

    def __len__(self) -> int:
        return len(self.whose)

    @overload
    def __getitem__(self, place: int) -> Submission: ...
    @overload
    def __getitem__(self, place: slice) -> list[Submission]: ...
    def __getitem__(self, place: int | slice) -> Submission | list[Submission]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        whose = self.whose[place]
        if whose.status is Status.ABSENT:
            return whose
        handed = self.places.get(whose.student_id)
        return as_given(self.shelf[self.places[whose.team] if handed is None else handed], whose)


def _without_contents(submission: Submission) -> Submission:
    """Whose a submission is, and what became of it: all that a roster is matched by."""
    return replace(submission, source=b"", others={}, notes=(), candidates=(), earlier=())


def _refuse_large_teams(submissions: Iterable[Submission], most: int, students: Roster) -> None:
    """Who is in no team is in nobody's, though Moodle takes them all together."""
    members: dict[str, list[str]] = defaultdict(list)
    for submission in submissions:
        if submission.team not in ("", NO_TEAM, submission.student_id):
            members[submission.team].append(submission.student_id)
    for team, theirs in sorted(members.items()):
        if most and len(theirs) > most:
            raise UserError(
                f"{students.file}: {team} has {len(theirs)} members, {', '.join(theirs[:10])}, and at most {most} may "
                "be in a team: mend the roster, or team_size in assignment.toml"
            )


def _last(handed: Sequence[Handed], assignment: Assignment, pick: str) -> Submission:
    """The submission that counts, with those before it."""
    *earlier, last = in_order(handed)
    submission = _submission(last, assignment, pick)
    if not earlier:
        return submission
    kept = [_earlier(one, assignment, pick) for one in earlier[-MAX_KEPT:]]
    note = Note("earlier", {"count": len(earlier), "kept": _labels(earlier)})
    return replace(submission, earlier=tuple(kept), notes=(*submission.notes, note))


def _earlier(handed: Handed, assignment: Assignment, pick: str) -> Submission:
    """By the file that a person picked where that was handed in then too, else by the one that anybody would choose."""
    submission = _submission(handed, assignment, pick)
    return replace(submission, notes=tuple(note for note in submission.notes if note.key != "pick_not_found"))


def _labels(handed: Iterable[Handed]) -> list[str]:
    return [one.label for one in handed][-10:]


def _submission(handed: Handed, assignment: Assignment, pick: str) -> Submission:
    try:
        return replace(choose(handed, assignment, pick), handed_in_at=handed.handed_in_at)
    except Exception as error:  # ours, and never another student's trouble
        note = Note("intake_failed", {"error": f"{type(error).__name__}: {error}"[:200]})
        return Submission(handed.student_id, handed.name, notes=(note,), status=Status.GRADER_FAULT, team=handed.team)
