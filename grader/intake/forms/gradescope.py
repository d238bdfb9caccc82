"""Gradescope's export: assignment_123_export/submission_456/…, and submission_metadata.yml that says whose each is.

Who handed in together is a team, `team-456` by the number of the submission that counts. A student who is there twice
handed in twice: the time says which came last, else the number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from grader.contract import Assignment, Enrolled, Note
from grader.intake.files import MAX_NOTES, File, Refused
from grader.intake.forms import metadata
from grader.intake.forms.form import Form, Found, levels
from grader.intake.forms.plain import Gathering
from grader.intake.listing import Folder, Listing
from grader.intake.order import in_order
from grader.intake.pick import Handed
from grader.teams import team_id

METADATA = "submission_metadata.yml"
MAX_METADATA = 64 << 20  # what programs printed is in it
MAX_ID = 200

_FOLDER = re.compile(r"submission_([0-9]{1,30})")
_EXPORT = re.compile(r"assignment_[0-9]+_export")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _read(listing: Listing, assignment: Assignment, forced: bool) -> Found | None:
    for level in levels(listing, assignment):
        described = [file for file in level.loose if file.path == METADATA]
        matched = [name for name in level.folders if _FOLDER.fullmatch(name)]
        exported = _EXPORT.fullmatch(level.name) and len(matched) == len(level.folders)
        if matched and (described or exported or forced):
            return _found(level, described, assignment)
    return None


def _found(listing: Listing, described: list[File], assignment: Assignment) -> Found:
    entries, warnings = _entries(described)
    entries, shared = _without_shared(entries)
    warnings += shared
    rest = Gathering()
    known = {student_id_of(one, "") for entry in entries.values() for one in entry.submitters}
    handed: list[Handed] = []
    submitters: dict[str, metadata.Entry] = {}
    for name, folder in listing.folders.items():
        number = _FOLDER.fullmatch(name)
        entry = entries.get(name)
        if number and entry and entry.submitters:
            otherwise = name if number[1] in known else number[1]  # a number may be another student's id
            handed.append(_handed(name, folder, int(number[1]), entry, otherwise))
            submitters[handed[-1].label] = entry
        else:
            rest.give(name, "", folder.files, folder.notes)
    handed = in_order(handed)  # so that what is said last of a student is said of the last submission
    enrolled = [member for one in handed for member in _enrolled(submitters[one.label], one)]
    for file in listing.loose:
        if file.path != METADATA:
            rest.give_loose(file, assignment)
    missing = [name for name in entries if _FOLDER.fullmatch(name) and name not in listing.folders]
    if missing:
        warnings.append(Note("submissions_missing", {"count": len(missing), "names": missing[:10]}))
    teams = _one_id_a_team(handed, enrolled)
    handed = [_renamed(one, teams.get(one.student_id, one.student_id)) for one in handed]
    enrolled = [replace(one, team=teams.get(one.team, one.team)) for one in enrolled]
    warnings.extend(_in_several(enrolled))
    unnamed = [one.label for one in handed if one.team and _without_id(submitters[one.label])]
    if unnamed:
        warnings.append(Note("member_without_id", {"names": unnamed[:10]}))
    members = {one.student_id: one for one in enrolled}
    return Found([*handed, *rest.handed], tuple(warnings), tuple(members[one] for one in sorted(members)))


def _without_shared(entries: dict[str, metadata.Entry]) -> tuple[dict[str, metadata.Entry], list[Note]]:
    """A student id that stands beside different addresses ("N/A", 0) is nobody's: then the address is the id."""
    addresses: dict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        for one in entry.submitters:
            if one.sid.strip() and one.email.strip():
                addresses[one.sid.strip()].add(one.email.strip().casefold())
    shared = {sid for sid, those in addresses.items() if len(those) > 1}
    if not shared:
        return entries, []
    made = {
        name: replace(
            entry,
            submitters=[replace(one, sid="" if one.sid.strip() in shared else one.sid) for one in entry.submitters],
        )
        for name, entry in entries.items()
    }
    return made, [Note("id_shared", {"ids": sorted(shared)[:10]})]


def _renamed(handed: Handed, student_id: str) -> Handed:
    return replace(handed, student_id=student_id, team=student_id if handed.team else "")


def _in_several(enrolled: list[Enrolled]) -> list[Note]:
    """Students who handed in with one team and with another, or alone too: which one counts is not for us to say."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in enrolled:
        owners[one.student_id].add(one.team or one.student_id)
    several = [(student, sorted(names)) for student, names in owners.items() if len(names) > 1]
    return [Note("in_several", {"student": student, "names": names}) for student, names in several[:MAX_NOTES]]


def _entries(described: list[File]) -> tuple[dict[str, metadata.Entry], list[Note]]:
    if not described:
        return {}, [Note("no_metadata", {"file": METADATA})]
    try:
        data = described[0].read(MAX_METADATA + 1)
    except Refused as refused:
        return {}, [refused.note, Note("no_metadata", {"file": METADATA})]
    if len(data) > MAX_METADATA:
        values = {"file": METADATA, "bytes": max(described[0].size, len(data)), "limit": MAX_METADATA}
        return {}, [Note("file_too_large", values), Note("no_metadata", {"file": METADATA})]
    return metadata.parse(data), []


def _handed(name: str, folder: Folder, number: int, entry: metadata.Entry, otherwise: str) -> Handed:
    names = ", ".join(_shown(one.name) for one in entry.submitters if one.name)
    team = team_id(number) if len(entry.submitters) > 1 else ""
    student_id = team or student_id_of(entry.submitters[0], otherwise)
    label = f"{name} ({entry.created_at:%Y-%m-%d %H:%M %z})" if entry.created_at else name
    return Handed(student_id, names, tuple(folder.files), tuple(folder.notes), team, entry.created_at, number, label)


def student_id_of(submitter: metadata.Submitter, otherwise: str) -> str:
    """The student's number at the school, else the address. What no person would write as either is passed over."""
    usable = (text for text in (submitter.sid, submitter.email) if text.strip() and len(text) <= MAX_ID)
    return next((text.strip() for text in usable if not _CONTROL.search(text)), otherwise)


def _without_id(entry: metadata.Entry) -> bool:
    return not all(student_id_of(one, "") for one in entry.submitters)


def _enrolled(entry: metadata.Entry, handed: Handed) -> list[Enrolled]:
    return [
        Enrolled(student_id_of(one, handed.student_id), _shown(one.name), handed.team)
        for one in entry.submitters
        if student_id_of(one, "") or not handed.team
    ]


def _one_id_a_team(handed: list[Handed], enrolled: list[Enrolled]) -> dict[str, str]:
    """Of a team that handed in twice, the id of its last submission in place of the earlier ones."""
    members: dict[str, set[str]] = defaultdict(set)
    for one in enrolled:
        if one.team:
            members[one.team].add(one.student_id)
    same: dict[frozenset[str], list[Handed]] = defaultdict(list)
    for team in handed:
        if len(members.get(team.student_id, ())) > 1:
            same[frozenset(members[team.student_id])].append(team)
    return {team.student_id: in_order(of_one)[-1].student_id for of_one in same.values() for team in of_one}


def _shown(text: str) -> str:
    return _CONTROL.sub(" ", text)[:MAX_ID]


GRADESCOPE = Form(
    "Gradescope's export of submissions, with its submission_metadata.yml",
    "folders such as 'submission_456', with submission_metadata.yml beside them",
    _read,
)
