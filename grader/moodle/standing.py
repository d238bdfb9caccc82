"""What Moodle holds for an assignment before a push: grades, workflow states, attempts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.errors import UserError
from grader.moodle import answers
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client
from grader.moodle.deliveries import Delivery, grade_text
from grader.teams import team_id


@dataclass(frozen=True, slots=True)
class Seen:
    """One user's grade in Moodle: "" is none."""

    grade: str = ""
    timemodified: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """By user. `handed_in` holds entries by user, a team's by its group's id, negative."""

    grades: Mapping[int, Seen]
    states: Mapping[int, str]  # of the marking workflow
    handed_in: Mapping[int, answers.Submission]

    def submission(self, delivery: Delivery) -> answers.Submission | None:
        """What was handed in: in a team assignment the team's."""
        if not delivery.team:
            return self.handed_in.get(delivery.user)
        return next((one for key, one in self.handed_in.items() if key <= 0 and team_id(-key) == delivery.team), None)


def read(client: Client, assignment: Assignment) -> Standing:
    """Raises `UserError`, also where grades may not be seen."""
    flags = client.ask("mod_assign_get_user_flags", answers.UserFlags, assignmentids=[assignment.id])
    found = client.ask("mod_assign_get_submissions", answers.Submissions, assignmentids=[assignment.id])
    return Standing(
        read_grades(client, assignment),
        {flag.userid: flag.workflowstate for one in flags.assignments for flag in one.userflags},
        {entry.userid or -entry.groupid: entry for one in found.assignments for entry in one.submissions},
    )


def read_grades(client: Client, assignment: Assignment) -> dict[int, Seen]:
    """Everybody's grade of the latest attempt. Raises `UserError` where they may not be seen."""
    answer = client.ask("mod_assign_get_grades", answers.Grades, assignmentids=[assignment.id])
    if not answer.assignments and any(warning.warningcode != "3" for warning in answer.warnings):
        raise UserError(
            f"{client.site}: you may not see the grades of {assignment.name!r}; ask for the capability "
            "mod/assign:viewgrades in this course"
        )
    return {
        grade.userid: Seen(grade_text(float(grade.grade or -1)), grade.timemodified)
        for one in answer.assignments
        for grade in one.grades
    }
