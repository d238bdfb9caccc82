"""Submissions and a roster → one submission for each student: with name, team, times, draft mark, or absent.

Ids match, names never do, but for one thing that Moodle leaves no choice in: a worksheet gives a team by its name, and
a zip by its name and number. A name that two teams have says nothing, so that their members get no result by it: the
teams are graded as such, and the note says whose members are not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from grader.contract import Enrolled, Note, Status, Submission
from grader.intake.pick import Handed
from grader.intake.roster import Roster
from grader.teams import name_key, team_id


def named(handed: Handed, roster: Roster) -> Handed:
    """With a team's id, where the roster tells that it is a team's: in Moodle's zip both are a name and a number."""
    if handed.team or not handed.name or not handed.student_id.isdecimal():
        return handed  # told already, or no folder of Moodle's
    team = team_id(handed.student_id)
    if roster.by_teams or team in roster.teams or name_key(handed.name) in map(name_key, roster.teams):
        return replace(handed, student_id=team, team=team)
    return handed


def enrol(submissions: Sequence[Submission], roster: Roster) -> tuple[list[Submission], tuple[Note, ...]]:
    """Give each student of the roster their submission, or their team's, or an absent one; nothing is dropped.

    Everybody's submission in the order of their ids, and what a person should know of the match. What submissions hold
    is not looked at, so that they may come without it: `as_given` puts the two together again.
    """
    by_id = {submission.student_id: submission for submission in submissions}
    teams, doubtful = _teams(submissions, roster.shared)
    made: dict[str, Submission] = {}
    used: set[str] = set()  # student_ids of submissions that are somebody's of the roster
    unsettled: dict[str, list[str]] = defaultdict(list)  # a team's name → members
    lost: list[str] = []  # who handed in, by the roster, and of whom there is nothing
    for student in roster.students.values():
        one, key = student.student_id, name_key(student.team)
        found = by_id.get(one) or by_id.get(student.team)
        if found is None and key in teams and key not in doubtful:
            # The worksheet says "no submission": then it must be another team of this name.
            found = by_id[teams[key]] if one not in roster.silent else None
        if found is not None:
            used.add(found.student_id)
            made[one] = _given(found, student)
        elif key in doubtful:
            unsettled[key].append(one)
        elif one in roster.handed_in:
            lost.append(one)
        else:
            made[one] = _absent(student)
    rest = [submission for submission in submissions if submission.student_id not in used]
    made.update((submission.student_id, submission) for submission in rest)
    warnings = [_unsettled(name, doubtful[name], members) for name, members in unsettled.items()]
    explained = {team for name in unsettled for team in doubtful[name]}
    strangers = sorted(made.keys() - explained - roster.listed) if roster.listed is not None else []
    if strangers:
        warnings.append(Note("not_in_roster", {"students": strangers, "file": roster.file}))
    if lost:
        warnings.append(Note("not_in_archive", {"students": sorted(lost), "file": roster.file}))
    silent = sorted(one for one in roster.silent if one in made and made[one].status is not Status.ABSENT)
    if silent:
        warnings.append(Note("roster_says_nothing", {"students": silent, "file": roster.file}))
    return [made[student_id] for student_id in sorted(made)], tuple(warnings)


def _teams(submissions: Iterable[Submission], shared: Set[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """By a team's name: its id; and, of names that several have (`shared` must be such), all their ids."""
    ids: dict[str, list[str]] = defaultdict(list)
    for submission in submissions:
        if submission.team and name_key(submission.name):
            ids[name_key(submission.name)].append(submission.student_id)
    one = {name: theirs[0] for name, theirs in ids.items() if len(theirs) == 1 and name not in shared}
    return one, {name: theirs for name, theirs in ids.items() if name not in one}


def _given(submission: Submission, student: Enrolled) -> Submission:
    """The submission as this student's, whose own it is or whose team's."""
    of_a_team = submission.student_id != student.student_id
    team = submission.student_id if of_a_team else submission.team
    name = student.name or ("" if of_a_team else submission.name)
    return replace(
        submission,
        student_id=student.student_id,
        name=name,
        team=team,
        draft=student.draft,
        handed_in_at=student.handed_in_at or submission.handed_in_at,
        due=student.due,
        late=student.late,
    )


def as_given(submission: Submission, whose: Submission) -> Submission:
    """What was handed in, as the one that `enrol` made of it, which need not hold it."""
    student_id, name, team = whose.student_id, whose.name, whose.team
    return replace(
        submission,
        student_id=student_id,
        name=name,
        team=team,
        draft=whose.draft,
        handed_in_at=whose.handed_in_at,
        due=whose.due,
        late=whose.late,
        earlier=tuple(replace(one, student_id=student_id, name=name, team=team) for one in submission.earlier),
    )


def _absent(student: Enrolled) -> Submission:
    return Submission(
        student.student_id,
        student.name,
        status=Status.ABSENT,
        notes=(Note("absent"),),
        team=student.team,
        due=student.due,
    )


def _unsettled(name: str, teams: Sequence[str], members: Sequence[str]) -> Note:
    key = "teams_of_one_name" if len(teams) > 1 else "team_name_shared"
    return Note(key, {"name": name, "teams": list(teams), "students": list(members)})
