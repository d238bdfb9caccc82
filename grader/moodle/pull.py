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

import csv
import hashlib
import html
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import UserError
from grader.moodle import answers, paths
from grader.moodle.answers import StoredFile, Submission
from grader.moodle.assignments import Assignment, moment
from grader.moodle.client import Client
from grader.moodle.participants import DEFAULT_TEAM, Person, people, team_id

STATE, ROSTER = ".surdix-moodle.json", "roster.csv"
HANDED_IN = ("submitted", "draft")  # `new` and `reopened` are nothing handed in
COLUMNS = ("student_id", "name", "email", "team", "handed_in_at", "due", "draft")
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


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One file that should be in the folder: fetched from Moodle, or `text` as it is."""

    version: str  # changes when the file does
    file: StoredFile | None = None
    text: bytes = b""


def pull(
    client: Client,
    assignment: Assignment,
    folder: Path,
    *,
    group: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Pulled:
    """Bring a folder up to date. `progress` is told how many files of how many are there. Raises `UserError`."""
    with _explained(folder):
        state = _claim(client.site, assignment, folder)
        everyone = people(client, assignment, group=group, emails=True)
        submissions = _submissions(client, assignment, everyone)
        dues = _dues(client, assignment, everyone)
        wanted, notes = _wanted(assignment, everyone, submissions)
        removed = _remove(folder, wanted)
        fetched = _fetch(client, folder, state, wanted, progress)
        _write(folder / ROSTER, _roster(everyone, submissions, dues).encode("utf-8", "backslashreplace"))
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
) -> tuple[dict[str, _Wanted], list[str]]:
    """What should be in the folder, by path, and what cannot be."""
    wanted: dict[str, _Wanted] = {}
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
                    wanted[f"{top}/onlinetext.html"] = _Wanted(f"text {hash_of(page)}", text=page)
            else:
                continue
            for path, file in paths.below(plugin.files(area)).items():
                if file.isexternalfile:
                    notes.append(f"{start}: {path} lies outside of Moodle and is left out; download it by hand")
                    continue
                version = f"{file.timemodified} {file.filesize} {file.fileurl}"
                wanted.setdefault(f"{top}/{path}", _Wanted(version, file))
    return wanted, notes


def _prefix(assignment: Assignment, person: Person) -> str:
    if assignment.team:
        if person.team == DEFAULT_TEAM:
            return paths.default_team()
        return paths.prefix(person.team_name, person.team.removeprefix("team-"))
    return paths.prefix("Participant" if assignment.blind else person.name, person.number)


def _page(text: answers.Editor) -> bytes:
    body = text.text if text.format == 1 else f"<pre>{html.escape(text.text)}</pre>"
    return _PAGE.format(body).encode("utf-8", "backslashreplace")


def hash_of(data: bytes) -> str:
    """A digest to compare by."""
    return hashlib.sha256(data).hexdigest()


# --- the folder -------------------------------------------------------------------------------------------------------


def _claim(site: str, assignment: Assignment, folder: Path) -> dict[str, str]:
    """Make the folder ours, or know it again: the version of each file in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = {"site": site, "assignment": assignment.id}
    path = folder / STATE
    if not path.exists():
        if any(entry.suffix != ".tmp" or not entry.name.startswith(".surdix-") for entry in folder.iterdir()):
            raise UserError(f"{folder}: there are other files in this folder; name a new one with --to")
        folder.chmod(0o700)
        _write(path, json.dumps({**mine, "files": {}}).encode())
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        theirs, files = {key: kept[key] for key in mine}, dict(kept["files"])
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path}: this file is damaged; delete the folder and pull again") from None
    if theirs != mine:
        raise UserError(
            f"{folder}: this folder holds assignment {theirs['assignment']} of {theirs['site']}; name another with --to"
        )
    for left in folder.glob(".surdix-*.tmp"):
        left.unlink()
    return files


def _remove(folder: Path, wanted: Mapping[str, Any]) -> int:
    """Take away what was withdrawn, and the folders that are empty then. Only Moodle's own folders are looked at."""
    tops = {path.partition("/")[0] for path in wanted}
    removed = 0
    for top in sorted(folder.iterdir()):
        if not paths.TAIL.search(top.name) or top.is_symlink() or not top.is_dir():
            continue
        if top.name not in tops:
            removed += sum(1 for _, _, files in os.walk(top) for _ in files)
            shutil.rmtree(top)
            continue
        for here, folders, files in os.walk(top, topdown=False):
            for name in files:
                path = Path(here) / name
                if path.relative_to(folder).as_posix() not in wanted:
                    path.unlink()
                    removed += 1
            for name in folders:
                with suppress(OSError):  # not empty
                    (Path(here) / name).rmdir()
    return removed


def _fetch(
    client: Client,
    folder: Path,
    state: dict[str, str],
    wanted: Mapping[str, _Wanted],
    progress: Callable[[int, int], None],
) -> int:
    fetched = 0
    kept = json.loads((folder / STATE).read_text(encoding="utf-8"))
    known = {path: version for path, version in state.items() if path in wanted}
    student = ""
    for done, (path, want) in enumerate(sorted(wanted.items())):
        progress(done, len(wanted))
        if path.partition("/")[0] != student and fetched:
            _write(folder / STATE, json.dumps({**kept, "files": known}).encode())
        student = path.partition("/")[0]
        size = len(want.text) if want.file is None else want.file.filesize
        target = folder / path
        if known.get(path) == want.version and target.is_file() and target.stat().st_size == size:
            continue
        data = want.text if want.file is None else client.download(want.file.fileurl, size)
        _write(target, data, folder)
        fetched += 1
        known[path] = want.version
    _write(folder / STATE, json.dumps({**kept, "files": known}).encode())
    progress(len(wanted), len(wanted))
    return fetched


def _write(path: Path, data: bytes, top: Path | None = None) -> None:
    """Replace a file, all of it or nothing; new folders on the way are for their owner alone."""
    top = top or path.parent
    for parent in reversed(path.relative_to(top).parents[:-1]):
        (top / parent).mkdir(mode=0o700, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".surdix-", suffix=".tmp", dir=top)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """A disk's troubles as a `UserError`."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{error.filename or folder}: cannot be written ({error.strerror or error}); name another folder with --to"
        ) from None


# --- the roster -------------------------------------------------------------------------------------------------------


def _roster(
    everyone: Sequence[Person], submissions: Mapping[int, Submission], dues: Mapping[int, datetime | None]
) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for person in everyone:
        if not person.number:
            continue
        submission = submissions.get(person.user)
        handed = submission is not None and submission.status in HANDED_IN
        at = moment(submission.timemodified) if submission is not None and handed else None
        writer.writerow(
            [
                person.number,
                " ".join(person.name.split()),
                person.email,
                person.team,
                _iso(at),
                _iso(dues.get(person.user)),
                "yes" if submission is not None and submission.status == "draft" else "no",
            ]
        )
    return out.getvalue()


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
