"""Made-up results for the classes of the real worksheets, and their export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import worksheet
from grader.contract import Report, Status
from grader.exports import feedback, moodle
from grader.exports.comment import comment
from grader.exports.feedback import Placed
from grader.exports.files import put_all
from grader.exports.forecast import Forecast
from grader.exports.moodle import Exported
from tests.exports.exports_samples import report, say
from tests.exports.moodle_teams import teams
from tests.moodle.moodle_files import WORKSHEETS

SCALE = "0:Insuffisant,5:Passable,7:Bien,9:Très bien"
BY_TEAM = [path for path in WORKSHEETS if "team" in path.name]


def made_up(path: Path, team_reports: bool) -> list[Report]:
    """Scores for the rows of a worksheet: of all kinds, and nobody for some; by student, or by team."""
    read = worksheet.read(path)
    found: dict[str, Report] = {}
    number_of = teams(path) if read.has("team") else {}
    for place, row in enumerate(read.rows):
        number = number_of.get(int(row.student_id))
        team = (f"team-{number}" if number else "team-default") if read.has("team") else ""
        student = team if team_reports else row.student_id
        name = worksheet.folder_name(row["team"]) if team_reports else row["name"]
        seed = (number or 99) if read.has("team") else place  # so that a team's members have one score
        more: dict[str, Any] = {"name": name, "team": team, "draft": seed % 9 == 1, "late": seed % 7 == 1}
        status = [Status.UNREADABLE, Status.CRASHED, Status.GRADER_FAULT][seed % 3] if seed % 11 == 7 else Status.GRADED
        if worksheet.handed_nothing(row, read.language):
            status = Status.ABSENT
        elif seed == 5:
            status, more["score"] = Status.EMPTY, 0.0
        more["score"] = more.get("score", round(seed * 0.37 % 10.001, 2)) if status in ("graded", "empty") else None
        if seed % 13 != 12:  # the others are not in the folder of results
            found[student] = report(student, status=status, **more)
    return list(found.values())


def page(one: Report, team: str) -> bytes:
    """A page that says whose it is."""
    return f"<p>{one.student_id} {team}</p>".encode()


def said(one: Report, attached: bool) -> str:
    return comment(one, None, say, attached=attached)


@dataclass(frozen=True)
class Written:
    """An export, and where it lies."""

    worksheet: Path
    zips: tuple[tuple[Path, int], ...]  # with how many pages are in each
    forecast: Forecast
    placed: Placed
    done: Exported


def exported(path: Path, reports: Sequence[Report], out: Path, **how: Any) -> Written:
    if "f-scale" in path.name:
        how.setdefault("scale", SCALE)
    how = {"folder": Path("results"), "comment": said, "page": page, "max_mb": feedback.MOST_MB, **how}
    done = moodle.export(path, reports, **how)
    put_all(out, done.files, given=path, older=feedback.packed_before(out))
    zips = tuple((out / one.file.name, one.pages) for one in done.zips)
    return Written(out / done.worksheet.name, zips, done.forecast, done.placed, done)
