"""Submissions and a roster → one submission for each student: with name, team, times, draft mark, or absent.

Ids match, names never do, but for one thing that Moodle leaves no choice in: a worksheet gives a team by its name, and
a zip by its name and id. A name that two teams have says nothing, so that their members get no result by it: the teams
are graded as such, and the note says whose members are not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from grader import worksheet
from grader.contract import Enrolled, Note, Status, Submission
from grader.intake.roster import Roster


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Everybody's submission, in the order of their ids, and what a person should know of the match."""

    submissions: list[Submission]
    warnings: tuple[Note, ...]


def enrol(submissions: Sequence[Submission], roster: Roster) -> Enrolment:
    """Give each student of the roster their submission, or their team's, or an absent one; nothing is dropped."""
    handed_in = [_as_team(submission, roster) for submission in submissions]
    by_id = {submission.student_id: submission for submission in handed_in}
    teams, doubtful = _teams(handed_in)
    made: dict[str, Submission] = {}
    used: set[str] = set()  # student_ids of submissions that are somebody's of the roster
    unsettled: dict[str, list[str]] = defaultdict(list)  # a team's name → members
    for student in roster.students.values():
        team = student.team if student.team in by_id else teams.get(_plain(student.team), "")
        if student.student_id in by_id:
            used.add(student.student_id)
            made[student.student_id] = _known(by_id[student.student_id], student)
        elif team:
            used.add(team)
            theirs = replace(by_id[team], student_id=student.student_id, name=student.name, team=team)
            made[student.student_id] = _known(theirs, student)
        elif _plain(student.team) in doubtful:
            unsettled[_plain(student.team)].append(student.student_id)
        else:
            made[student.student_id] = _absent(student)
    rest = [submission for submission in handed_in if submission.student_id not in used]
    made.update((submission.student_id, submission) for submission in rest)
    warnings = [_unsettled(name, doubtful[name], members) for name, members in unsettled.items()]
    explained = {team for name in unsettled for team in doubtful[name]}
    strangers = sorted(submission.student_id for submission in rest if submission.student_id not in explained)
    if strangers:
        warnings.append(Note("not_in_roster", {"students": strangers, "file": roster.file}))
    silent = sorted(one for one in roster.silent if one in made and made[one].status is not Status.ABSENT)
    if silent:
        warnings.append(Note("roster_says_nothing", {"students": silent, "file": roster.file}))
    return Enrolment([made[student_id] for student_id in sorted(made)], tuple(warnings))


def _as_team(submission: Submission, roster: Roster) -> Submission:
    """A team's folder is told from a student's by the roster: both are a name and a number in Moodle's zip."""
    team = f"team-{submission.student_id}"
    if submission.team or submission.student_id in roster.teams:
        return submission
    if team in roster.teams or (submission.name and _plain(submission.name) in map(_plain, roster.teams)):
        return replace(submission, student_id=team, team=team)
    return submission


def _teams(submissions: Iterable[Submission]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """By a team's name as Moodle cleans it: its id; and, of names that several have, all their ids."""
    named: dict[str, list[str]] = defaultdict(list)
    for submission in submissions:
        if submission.team and submission.name:
            named[_plain(submission.name)].append(submission.student_id)
    one = {name: ids[0] for name, ids in named.items() if len(ids) == 1}
    return one, {name: ids for name, ids in named.items() if len(ids) > 1}


def _plain(name: str) -> str:
    return worksheet.folder_name(name).strip()


def _known(submission: Submission, student: Enrolled) -> Submission:
    at = student.handed_in_at or submission.handed_in_at
    return replace(
        submission,
        name=student.name or submission.name,
        draft=student.draft,
        handed_in_at=at,
        late=_late(at, student.due),
    )


def _late(at: datetime | None, due: datetime | None) -> bool:
    return at is not None and due is not None and at > due


def _absent(student: Enrolled) -> Submission:
    return Submission(
        student.student_id, student.name, status=Status.ABSENT, notes=(Note("absent"),), team=student.team
    )


def _unsettled(name: str, teams: Sequence[str], members: Sequence[str]) -> Note:
    return Note("teams_of_one_name", {"name": name, "teams": list(teams), "students": list(members)})
