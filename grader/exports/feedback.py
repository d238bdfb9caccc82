"""Feedback pages as the zip that Moodle hands out: one page a student, or a team.

A folder is named as Moodle names it in "Download all submissions", because Moodle goes by the number in that name: a
student's, or, where teams hand in, the team's, whose members all get the file. The team of those who are in no team has
no number, so that no zip reaches them.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.contract import Note, Report, Status
from grader.exports.comment import PAGE
from grader.exports.matching import Matched
from grader.teams import NO_TEAM, is_team, number_of
from grader.worksheet import Row, Worksheet, folder_name

PageOf = Callable[[Report, str], bytes]  # of a report; under a team's name where that is not ""
HEADERS = 30 + 46 + 24 + 36  # bytes a file of a zip costs beside its content and, twice, its name


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the zip, and whose rows it reaches. `team` is the team's name as Moodle shows it, else ""."""

    name: str
    report: Report
    rows: tuple[Row, ...]
    team: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """What goes into the zip, and the rows that get no page though something of theirs was graded, with the reason."""

    entries: tuple[Entry, ...]
    left: tuple[tuple[Row, Note], ...]

    def attached(self) -> set[str]:
        """The `student_id`s of the rows that a page reaches."""
        return {row.student_id for entry in self.entries for row in entry.rows}


def place(worksheet: Worksheet, matched: Matched) -> Placed:
    """Decide whose page goes where."""
    scored = [
        (row, report)
        for row, report in zip(worksheet.rows, matched.reports, strict=True)
        if report is not None and report.score is not None and report.status is not Status.ABSENT
    ]
    return _teams(scored) if worksheet.has("team") else _students(worksheet, scored)


def parts(entries: Iterable[Entry], page: PageOf, most: int) -> list[list[Entry]]:
    """Entries in as few zips as have `most` bytes at most each; a page that is larger has a zip of its own."""
    found: list[list[Entry]] = []
    room = 0
    for entry in entries:
        size = len(zlib.compress(page(entry.report, entry.team))) + 2 * len(entry.name.encode()) + HEADERS
        if not found or size > room:
            found.append([])
            room = most
        found[-1].append(entry)
        room -= size
    return found


def packed(entries: Sequence[Entry], page: PageOf) -> bytes:
    """A zip of these entries: the same bytes for the same pages."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name)  # its date is 1980, whenever it is made
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, page(entry.report, entry.team))
    return made.getvalue()


def names(count: int) -> Iterator[str]:
    """What the zips are called: one is `feedback.zip`, several are numbered."""
    return (f"feedback-{place}.zip" for place in range(1, count + 1)) if count > 1 else iter(["feedback.zip"][:count])


def _students(worksheet: Worksheet, scored: Sequence[tuple[Row, Report]]) -> Placed:
    named = worksheet.has("name")
    entries = []
    for row, report in scored:
        owner = folder_name(row["name"]) if named else "Participant"
        entries.append(Entry(_path(owner, row.student_id), report, (row,)))
    return Placed(tuple(entries), ())


def _teams(scored: Sequence[tuple[Row, Report]]) -> Placed:
    """One page a team. Of members' own reports the first is taken, where all of them say the same; it is
    shown under the team's name, so that nobody is named to the others."""
    members: dict[str, list[tuple[Row, Report]]] = {}
    for row, report in scored:
        members.setdefault(report.team, []).append((row, report))
    entries: list[Entry] = []
    left: list[tuple[Row, Note]] = []
    for team, those in members.items():
        rows = tuple(row for row, _ in those)
        if team == NO_TEAM:
            left += [(row, Note("default_team")) for row in rows]
        elif not is_team(team):
            left += [(row, Note("no_team_id", {"team": row["team"]})) for row in rows]
        elif any(_result(report) != _result(those[0][1]) for _, report in those):
            left += [(row, Note("members_differ", {"team": row["team"]})) for row in rows]
        else:
            name = rows[0]["team"]
            entries.append(Entry(_path(folder_name(name), number_of(team)), those[0][1], rows, name))
    return Placed(tuple(entries), tuple(left))


def _result(report: Report) -> str:
    """What a page says of a team, whoever of them it is for. As text: a message may hold nan, which equals nothing."""
    verdicts = [(v.id, v.points, v.outcome, v.message, v.hint) for v in report.verdicts]
    moved = [
        [adjustment.get(key) for key in ("kind", "check", "points", "reason")] for adjustment in report.adjustments
    ]
    flags = (report.status, report.score, report.late, report.draft, report.picked)
    return repr((flags, report.notes, moved, verdicts))


def _path(owner: str, number: str) -> str:
    return f"{owner}_{number}_assignsubmission_file/{PAGE}"
