"""Whose row is it? Reports and the rows of a worksheet, joined by ids.

A student's report has the row's own number. A team's own report (graded without a roster) is found by the team's name
as its folder had it, which is all that a worksheet says of teams: where two teams could be meant, or the row says that
its team handed nothing in, nobody gets a stranger's score; the row is left as it is and named. A team's folder looks
like a student's, a name and a number, and its number may be a student's, too: its name tells.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from grader.contract import Note, Report, Status
from grader.teams import NO_TEAM, is_team, name_key, number_of, team_id
from grader.worksheet import DEFAULT_TEAM, Row, Worksheet, handed_nothing


@dataclass(frozen=True, slots=True)
class Matched:
    """By a row's place its report, else why there is none; and the reports that no row is for."""

    reports: tuple[Report | None, ...]
    reasons: tuple[Note | None, ...]
    no_row: tuple[Report, ...]


def match(worksheet: Worksheet, reports: Sequence[Report]) -> Matched:
    """Join by number, and teams by name. A team's own report has its `team` in what is returned."""
    names = {name_key(row["team"]) for row in worksheet.rows if row["team"] and not in_no_team(row)}
    own = {report.student_id: team_id(number_of(report.student_id)) for report in reports if _is_team(report, names)}
    students = {report.student_id: report for report in reports if report.student_id not in own}
    teams = _Teams(worksheet, [replace(r, team=own[r.student_id]) for r in reports if r.student_id in own])
    found: list[Report | None] = []
    reasons: list[Note | None] = []
    told: set[str] = set()  # ids of reports that are somebody's, or named with a row
    for row in worksheet.rows:
        report, reason = students.get(row.student_id), None
        if report is None:
            report, reason = teams.report(row)
        told.update([report.student_id] if report else reason.values.get("ids", ()) if reason else ())
        found.append(report)
        reasons.append(reason)
    no_row = tuple(
        report
        for report in reports
        if not {report.student_id, own.get(report.student_id)} & told and report.status is not Status.ABSENT
    )
    return Matched(tuple(found), tuple(reasons), no_row)


def _is_team(report: Report, names: Set[str]) -> bool:
    """Is this a team's own report, not a student's? By its id, else by a name that is a team's in the worksheet."""
    if is_team(report.student_id):
        return True
    return not report.team and report.student_id.isdecimal() and bool(report.name) and name_key(report.name) in names


def in_no_team(row: Row) -> bool:
    return row["team"].strip() in DEFAULT_TEAM.values()


class _Teams:
    """Teams' own reports by their names, and what the worksheet says of each name."""

    def __init__(self, worksheet: Worksheet, reports: Sequence[Report]) -> None:
        self._language = worksheet.language
        self._named: dict[str, list[Report]] = {}
        self._default: Report | None = None
        for report in reports if worksheet.has("team") else ():
            if report.team == NO_TEAM:
                self._default = report
            else:
                self._named.setdefault(name_key(report.name), []).append(report)
        # Members of a team share one submission and its time; rows of one name with two times are of two teams.
        self._times: dict[str, set[str]] = {}
        for row in worksheet.rows:
            self._times.setdefault(name_key(row["team"]), set()).add(row["handed_in"])

    def report(self, row: Row) -> tuple[Report | None, Note | None]:
        """The report of the row's team, or why there is none."""
        team = row["team"]
        candidates = list(self._named.get(name_key(team), ()))
        default = in_no_team(row)
        if default and self._default is not None:
            candidates.append(self._default)
        if not candidates:
            return None, Note("not_here")
        if handed_nothing(row, self._language):
            return None, Note("nothing_handed_in")
        if len(candidates) > 1:
            return None, Note("two_teams", {"team": team, "ids": sorted(report.team for report in candidates)})
        if not default and len(self._times[name_key(team)]) > 1:
            return None, Note("two_times", {"team": team, "ids": [candidates[0].team]})
        return candidates[0], None
