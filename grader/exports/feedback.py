"""Feedback pages as the zip that Moodle hands out: one page a student, or a team.

A folder is named as Moodle names it in "Download all submissions", because Moodle goes by the number in that name: a
student's, or, where teams hand in, the team's, whose members all get the file. The team of those who are in no team has
no number, so that no zip reaches them.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.contract import Note, Report, Status
from grader.exports.comment import PAGE
from grader.exports.files import File
from grader.exports.matching import Matched
from grader.exports.write import explained
from grader.teams import NO_TEAM, is_team, name_key, number_of
from grader.worksheet import Row, Worksheet, folder_name

PageOf = Callable[[Report, str], bytes]  # of a report; under a team's name where that is not ""
OF_ONE = ("appeal", "answer")  # notes that are not on a team's page
COMMENT = b"surdix feedback"  # of every zip of ours: whose a file of such a name is
NAMES = re.compile(r"feedback(?:-\d+)?\.zip")
MEGABYTE = 1 << 20
MOST_MB = 50.0  # a zip's size, if nothing else is said
END = 22  # bytes that end a zip, beside its comment
HEADERS = 30 + 46 + 24 + 36  # bytes a file of a zip costs beside its content and, twice, its name


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of the zip, and whose rows it reaches. `team` is the team's name as Moodle shows it, else ""."""

    name: str
    report: Report
    rows: tuple[Row, ...]
    team: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """What goes into the zip, and the rows that get no page though something of theirs was graded, with the reason."""

    attachments: tuple[Attachment, ...]
    left: tuple[tuple[Row, Note], ...]

    def attached(self) -> set[str]:
        """The `student_id`s of the rows that a page reaches."""
        return {row.student_id for one in self.attachments for row in one.rows}


def place(worksheet: Worksheet, matched: Matched) -> Placed:
    """Decide whose page goes where."""
    scored = [
        (row, report)
        for row, report in zip(worksheet.rows, matched.reports, strict=True)
        if report is not None and report.score is not None and report.status is not Status.ABSENT
    ]
    return _teams(scored, matched.no_row) if worksheet.has("team") else _students(worksheet, scored)


@dataclass(frozen=True, slots=True)
class Packed:
    """A zip, and how many pages are in it."""

    file: File
    pages: int


def pack(attachments: Iterable[Attachment], page: PageOf, most: int) -> tuple[Packed, ...]:
    """Zips of at most `most` bytes each, as few as can be in this order; a page that is larger has one of its own.

    One zip is called `feedback.zip`, several are numbered. The same pages make the same bytes.
    """
    zips: list[_Zip] = []
    for one in attachments:
        data = page(one.report, one.team)
        size = len(zlib.compress(data)) + 2 * len(one.name.encode()) + HEADERS
        if not zips or size > zips[-1].room:
            zips.append(_Zip(most))
        zips[-1].add(one.name, data, size)
    return tuple(
        Packed(File("feedback.zip" if len(zips) == 1 else f"feedback-{place}.zip", made.closed()), made.pages)
        for place, made in enumerate(zips, 1)
    )


def packed_before(folder: Path) -> set[Path]:
    """The zips that lie in a folder from an earlier export, known by their comment: another's name may be the same."""
    if not folder.is_dir():
        return set()
    with explained(folder):
        return {path for path in folder.iterdir() if NAMES.fullmatch(path.name) and path.is_file() and _ours(path)}


def _ours(path: Path) -> bool:
    """Does a file end as every zip of `pack` does, in the comment and its length?"""
    end = len(COMMENT).to_bytes(2, "little") + COMMENT
    with path.open("rb") as file:
        file.seek(-min(len(end), path.stat().st_size), os.SEEK_END)
        return file.read() == end


class _Zip:
    """A zip that is being made, and how many bytes there is room for."""

    def __init__(self, most: int) -> None:
        self._bytes = io.BytesIO()
        self._archive = zipfile.ZipFile(self._bytes, "w", zipfile.ZIP_DEFLATED)
        self._archive.comment = COMMENT
        self.room = most - END - len(COMMENT)
        self.pages = 0

    def add(self, name: str, data: bytes, size: int) -> None:
        info = zipfile.ZipInfo(name)  # its date is 1980, whenever it is made
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        self._archive.writestr(info, data)
        self.room -= size
        self.pages += 1

    def closed(self) -> bytes:
        self._archive.close()
        return self._bytes.getvalue()


def _students(worksheet: Worksheet, scored: Sequence[tuple[Row, Report]]) -> Placed:
    named = worksheet.has("name")
    found = []
    for row, report in scored:
        owner = folder_name(row["name"]) if named else "Participant"
        found.append(Attachment(_path(owner, row.student_id), report, (row,)))
    return Placed(tuple(found), ())


def _teams(scored: Sequence[tuple[Row, Report]], no_row: Sequence[Report]) -> Placed:
    """One page a team. Of members' own reports the first is taken, where all of them say the same; it is
    shown under the team's name, so that nobody is named to the others."""
    members: dict[str, list[tuple[Row, Report]]] = {}
    for row, report in scored:
        members.setdefault(report.team, []).append((row, report))
    found: list[Attachment] = []
    left: list[tuple[Row, Note]] = []
    names = {team: {name_key(row["team"]) for row, _ in those} for team, those in members.items()}
    mixed = set().union(*(theirs for theirs in names.values() if len(theirs) > 1))
    for team, those in members.items():
        rows = tuple(row for row, _ in those)
        if team == NO_TEAM:
            left += [(row, Note("default_team")) for row in rows]
        elif not is_team(team):
            left += [(row, Note("no_team_id", {"team": row["team"]})) for row in rows]
        elif names[team] & mixed:  # Moodle would give the page to those who are in the team now
            left += [(row, Note("team_changed", {"team": row["team"]})) for row in rows]
        elif any(
            _result(report) != _result(those[0][1])
            for report in (*(one for _, one in those), *(one for one in no_row if one.team == team))
        ):
            left += [(row, Note("members_differ", {"team": row["team"]})) for row in rows]
        else:
            name = rows[0]["team"]
            found.append(Attachment(_path(folder_name(name), number_of(team)), those[0][1], rows, name))
    return Placed(tuple(found), tuple(left))


def _result(report: Report) -> str:
    """What a page says of a team, whoever of them it is for. As text: a message may hold nan, which equals nothing."""
    verdicts = [(v.id, v.points, v.outcome, v.message, v.hint) for v in report.verdicts]
    moved = [
        [adjustment.get(key) for key in ("kind", "check", "points", "reason")] for adjustment in report.adjustments
    ]
    flags = (report.status, report.score, report.late, report.draft, report.picked)
    notes = [note for note in report.notes if note.key not in OF_ONE]
    return repr((flags, notes, moved, verdicts))


def _path(owner: str, number: str) -> str:
    return f"{owner}_{number}_assignsubmission_file/{PAGE}"
