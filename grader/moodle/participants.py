"""Who is who: Moodle's user ids, the worksheet's participant numbers, teams, names.

Every call gives true user ids, under blind marking too. There the list of enrolled users, which would tell the names,
is never asked for, and what is made here holds no name.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import UserError
from grader.moodle import answers
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client
from grader.teams import team_id

PAGE = 500  # enrolled users in one answer


@dataclass(frozen=True, slots=True)
class Person:
    """One participant. `number` is the worksheet's, "" where Moodle has not given one yet."""

    user: int
    number: str
    name: str = ""
    email: str = ""
    team: str = ""  # `team-ID`, `team-default`, or "" where work is not handed in by teams
    team_name: str = ""


def people(client: Client, assignment: Assignment, *, group: int = 0, emails: bool = False) -> tuple[Person, ...]:
    """All participants, in the order of their numbers.

    `group` is for a teacher of one group who may not see the others. Raises `UserError` where nobody is to be seen.
    """
    found = client.ask(
        "mod_assign_list_participants",
        tuple[answers.Participant, ...],
        assignid=assignment.id,
        groupid=group,
        filter="",
        onlyids=1,
    )
    if not found:
        raise UserError(
            f"{client.site}: you see no participant of {assignment.name!r}; where groups are separate, name yours with "
            "--group ID (its number is in the address of the group's page)"
        )
    numbers = _numbers(client, assignment)
    mails = _emails(client, assignment) if emails and not assignment.blind else {}
    made = [
        Person(
            user=one.id,
            number=numbers.get(one.id) or (str(one.recordid) if one.recordid > 0 else ""),
            name="" if assignment.blind else one.fullname,
            email=mails.get(one.id, ""),
            team=team_id(one.groupid) if assignment.team else "",
            team_name=one.groupname,
        )
        for one in found
    ]
    return tuple(sorted(made, key=lambda person: (int(person.number or 0), person.user)))


def _numbers(client: Client, assignment: Assignment) -> dict[int, str]:
    answer = client.ask("mod_assign_get_user_mappings", answers.Mappings, assignmentids=[assignment.id])
    return {mapping.userid: str(mapping.id) for one in answer.assignments for mapping in one.mappings}


def _emails(client: Client, assignment: Assignment) -> dict[int, str]:
    mails: dict[int, str] = {}
    while True:
        options = {
            "onlyactive": "1",
            "withcapability": "mod/assign:submit",
            "userfields": "fullname,email",
            "sortby": "id",
            "limitfrom": str(len(mails)),
            "limitnumber": str(PAGE),
        }
        page = client.ask(
            "core_enrol_get_enrolled_users",
            tuple[answers.User, ...],
            courseid=assignment.course,
            options=[{"name": name, "value": value} for name, value in options.items()],
        )
        before = len(mails)
        mails.update((user.id, user.email) for user in page)
        if len(page) < PAGE or len(mails) == before:  # a server that gives the same page again would give it for ever
            return mails
