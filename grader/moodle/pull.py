"""What students handed in → a folder, in the form that Moodle's own zip unpacks to, and a roster.

    DIR/Zoé Núñez_148_assignsubmission_file/src/td2.py
    DIR/Zoé Núñez_148_assignsubmission_onlinetext/onlinetext.html
    DIR/roster.csv
    DIR/.surdix-moodle.json       whose folder this is, and which version of each file lies in it

A second pull fetches what is new, and removes what was withdrawn. It may be cut at any moment: each file is the old or
the new one, whole, and the next pull goes on. DIR is made by the first pull, for its owner alone, so that nothing is
ever removed that a pull did not bring.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.errors import UserError
from grader.moodle import answers, paths, roster
from grader.moodle.answers import HANDED_IN, Submission
from grader.moodle.assignments import Assignment, moment
from grader.moodle.client import Client
from grader.moodle.feedback import digest
from grader.moodle.folder import Wanted, claim, explained, fetch, remove, write
from grader.moodle.participants import Person, people
from grader.teams import NO_TEAM, number_of, team_id

# As in Moodle's zip; how the text is written, by its format: HTML as it is, plain text and Markdown as they read.
_PAGE = '<!DOCTYPE html><html><head><meta charset="UTF-8"></head><body>{}</body></html>'


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did: `handed_in` students or teams, files fetched and removed, and what needs a person."""

    handed_in: int
    enrolled: int
    fetched: int
    removed: int
    notes: tuple[str, ...] = ()


def pull(
    client: Client,
    assignment: Assignment,
    folder: Path,
    *,
    group: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Pulled:
    """Bring a folder up to date. `progress` is told how many files of how many are there. Raises `UserError`."""
    with explained(folder):
        state = claim(client.site, assignment, folder)
        everyone = people(client, assignment, group=group, emails=True)
        submissions = _submissions(client, assignment, everyone)
        dues = _dues(client, assignment, everyone)
        wanted, notes = _wanted(assignment, everyone, submissions)
        removed = remove(folder, wanted)
        fetched = fetch(client, folder, state, wanted, progress)
        write(folder / roster.ROSTER, roster.text(everyone, submissions, dues).encode("utf-8", "backslashreplace"))
    notes += [
        f"user {person.user} has no participant number yet and is left out; download the grading worksheet in Moodle "
        "once, then pull again"
        for person in everyone
        if not person.number
    ]
    return Pulled(
        len({id(submission) for submission in submissions.values() if submission.status in HANDED_IN}),
        len(everyone),
        fetched,
        removed,
        tuple(notes),
    )


def _submissions(client: Client, assignment: Assignment, everyone: Sequence[Person]) -> dict[int, Submission]:
    """By user: what they, or their team, handed in. A team's is in the entry without a user."""
    answer = client.ask("mod_assign_get_submissions", answers.Submissions, assignmentids=[assignment.id])
    if not answer.assignments:
        raise UserError(
            f"{client.site}: you may not see what was handed in for {assignment.name!r}; ask for the capabilities "
            "mod/assign:grade and mod/assign:viewgrades in this course"
        )
    entries = [submission for one in answer.assignments for submission in one.submissions]
    if assignment.team:
        by_team = {team_id(entry.groupid): entry for entry in entries if entry.userid == 0}
        return {person.user: by_team[person.team] for person in everyone if person.team in by_team}
    by_user = {entry.userid: entry for entry in entries}
    return {person.user: by_user[person.user] for person in everyone if person.user in by_user}


def _dues(client: Client, assignment: Assignment, everyone: Sequence[Person]) -> dict[int, datetime | None]:
    """By user: the common date or the one of their own, or the end of an extension if that is later."""
    flags = client.ask("mod_assign_get_user_flags", answers.UserFlags, assignmentids=[assignment.id])
    extended = {flag.userid: flag.extensionduedate for one in flags.assignments for flag in one.userflags}
    dues: dict[int, datetime | None] = {}
    for person in everyone:
        own = client.ask(
            "mod_assign_get_participant",
            answers.Participant,
            assignid=assignment.id,
            userid=person.user,
            embeduser=0,
        )
        dues[person.user] = moment(max(own.duedate, extended.get(person.user, 0))) if own.duedate else None
    return dues


def _wanted(
    assignment: Assignment, everyone: Sequence[Person], submissions: Mapping[int, Submission]
) -> tuple[dict[str, Wanted], list[str]]:
    """What should be in the folder, by path, and what cannot be."""
    wanted: dict[str, Wanted] = {}
    notes: list[str] = []
    done: set[int] = set()
    for person in everyone:
        submission = submissions.get(person.user)
        if submission is None or submission.status not in HANDED_IN or submission.id in done:
            continue
        done.add(submission.id)
        if not assignment.team and not person.number:
            continue
        start = _prefix(assignment, person)
        for plugin in submission.plugins:
            if plugin.type == "file":
                top, area = f"{start}_assignsubmission_file", "submission_files"
            elif plugin.type == "onlinetext":
                top, area = f"{start}_assignsubmission_onlinetext", "submissions_onlinetext"
                text = next((editor for editor in plugin.editorfields if editor.name == "onlinetext"), None)
                if text is not None and text.text:
                    page = _page(text)
                    wanted[f"{top}/onlinetext.html"] = Wanted(f"text {digest(page)}", text=page)
            else:
                continue
            for path, file in paths.below(plugin.files(area)).items():
                if file.isexternalfile:
                    notes.append(f"{start}: {path} lies outside of Moodle and is left out; download it by hand")
                    continue
                version = f"{file.timemodified} {file.filesize} {file.fileurl}"
                wanted.setdefault(f"{top}/{path}", Wanted(version, file))
    return wanted, notes


def _prefix(assignment: Assignment, person: Person) -> str:
    if assignment.team:
        if person.team == NO_TEAM:
            return paths.default_team()
        return paths.prefix(person.team_name, number_of(person.team))
    return paths.prefix("Participant" if assignment.blind else person.name, person.number)


def _page(text: answers.Editor) -> bytes:
    body = text.text if text.format == 1 else f"<pre>{html.escape(text.text)}</pre>"
    return _PAGE.format(body).encode("utf-8", "backslashreplace")
