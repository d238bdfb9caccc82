"""The assignments that a token's owner sees, and the one that is meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from grader.errors import UserError
from grader.moodle import addresses, answers
from grader.moodle.client import Client

YEAR_9000 = 221_845_392_000  # in seconds
NEEDED = (
    "core_enrol_get_users_courses",
    "core_enrol_get_enrolled_users",
    "mod_assign_get_assignments",
    "mod_assign_get_submissions",
    "mod_assign_list_participants",
    "mod_assign_get_participant",
    "mod_assign_get_user_flags",
    "mod_assign_get_user_mappings",
    "mod_assign_get_grades",
    "mod_assign_get_submission_status",
    "mod_assign_save_grades",
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment's settings, as far as they change what is pulled and pushed."""

    id: int
    cmid: int  # what the address of its page ends with
    course: int
    course_name: str
    name: str
    due: datetime | None
    maximum: float  # 0: no grade is given; negative: a scale
    team: bool = False
    blind: bool = False  # identities are hidden, now
    workflow: bool = False
    drafts: bool = False
    comments: bool = False  # does Moodle keep feedback comments, and feedback files?
    files: bool = False

    @property
    def kind(self) -> str:
        """What is special, in words."""
        scale = "scale" if self.maximum < 0 else "no grade" if self.maximum == 0 else f"out of {self.maximum:g}"
        marks = (
            (self.team, "team"),
            (self.blind, "blind"),
            (self.workflow, "workflow"),
            (self.drafts, "drafts"),
            (not self.comments, "no comments"),
            (not self.files, "no feedback files"),
        )
        return ", ".join([scale, *(word for is_so, word in marks if is_so)])


def site_info(client: Client) -> answers.SiteInfo:
    """Who the token belongs to. Raises `UserError` where the site goes by another address, or lacks a function."""
    info = client.ask("core_webservice_get_site_info", answers.SiteInfo)
    if not addresses.same(info.siteurl, client.site):
        raise UserError(f"{client.site}: the site goes by another address: use {info.siteurl}")
    missing = sorted(set(NEEDED) - {function.name for function in info.functions})
    if missing:
        raise UserError(f"{client.site}: this token's service lacks {missing[0]}; take a token of the mobile service")
    return info


def visible(client: Client, info: answers.SiteInfo) -> tuple[Assignment, ...]:
    """All assignments of all courses, by course and due date."""
    courses = client.ask(
        "core_enrol_get_users_courses", tuple[answers.Course, ...], userid=info.userid, returnusercount=0
    )
    if not courses:
        return ()
    found = client.ask(
        "mod_assign_get_assignments", answers.Courses, courseids=[course.id for course in courses]
    ).courses
    made = [_assignment(course, assign) for course in found for assign in course.assignments]
    latest = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(made, key=lambda one: (one.course_name, one.course, one.due or latest, one.name, one.id)))


def choose(found: tuple[Assignment, ...], site: str, *, cmid: int = 0, named: str = "") -> Assignment:
    """The one of that course module id, or of that name or a part of it. Raises `UserError` if it is not one."""
    if not found:
        raise UserError(f"{site}: you see no assignment there; are you enrolled as a teacher?")
    if not cmid and not named:
        raise UserError(f"{site}: say which assignment; surdix moodle list {site} shows them")
    if named.isdecimal() or not named:
        wanted = int(named) if named else cmid
        there = [one for one in found if one.cmid == wanted]
        if not there:
            raise UserError(f"{site}: you see no assignment of id {wanted}; surdix moodle list {site} shows them")
        return there[0]
    low = " ".join(named.split()).casefold()
    titles = [(" ".join(one.name.split()).casefold(), one) for one in found]
    there = [one for title, one in titles if title == low] or [one for title, one in titles if low in title]
    if len(there) != 1:
        which = ", ".join(f"{one.cmid} ({one.name})" for one in there[:5])
        raise UserError(
            f"{site}: several assignments are called {named!r}: give one's id: {which}"
            if there
            else f"{site}: you see no assignment called {named!r}; surdix moodle list {site} shows them"
        )
    return there[0]


def _assignment(course: answers.Course, assign: answers.Assign) -> Assignment:
    def on(plugin: str) -> bool:
        return any(
            (config.subtype, config.plugin, config.name, config.value) == ("assignfeedback", plugin, "enabled", "1")
            for config in assign.configs
        )

    return Assignment(
        id=assign.id,
        cmid=assign.cmid,
        course=course.id,
        course_name=course.fullname or course.shortname,
        name=assign.name,
        due=moment(assign.duedate),
        maximum=assign.grade,
        team=bool(assign.teamsubmission),
        blind=bool(assign.blindmarking) and not assign.revealidentities,
        workflow=bool(assign.markingworkflow),
        drafts=bool(assign.submissiondrafts),
        comments=on("comments"),
        files=on("file"),
    )


def moment(seconds: int) -> datetime | None:
    """A time as Moodle gives it; 0 is none, and so is one that no date can be (see `moments`)."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < YEAR_9000 else None
