"""Whose row is it? Reports and the rows of a worksheet, joined by ids.

A student's report has the row's own number. A team's own report (graded without a roster) is found by the team's name
as its folder had it, which is all that a worksheet says of teams: where two teams could be meant, or the row says that
its team handed nothing in, nobody gets a stranger's score; the row is left as it is and named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from grader.contract import Note, Report, Status
from grader.worksheet import DEFAULT_TEAM, Row, Worksheet, folder_name, handed_nothing

TEAM = re.compile(r"team-(\d+)")
NO_TEAM = "team-default"  # of those who are in no team


@dataclass(frozen=True, slots=True)
class Matched:
    """By a row's place its report, else why there is none; and the reports that no row is for."""

    reports: tuple[Report | None, ...]
    reasons: tuple[Note | None, ...]
    no_row: tuple[Report, ...]


def match(worksheet: Worksheet, reports: Sequence[Report]) -> Matched:
    """Join by number, and teams by name."""
    by_id = {report.student_id: report for report in reports}
    teams = _Teams(worksheet, reports)
    found: list[Report | None] = []
    reasons: list[Note | None] = []
    used: set[str] = set()
    for row in worksheet.rows:
        report, reason = by_id.get(row.student_id), None
        if report is None:
            report, reason = teams.report(row)
        if report is not None:
            used.add(report.student_id)
        found.append(report)
        reasons.append(reason)
    used.update(
        student for reason in reasons if reason for student in reason.values.get("ids", ())
    )  # told with the rows
    no_row = tuple(report for report in reports if report.student_id not in used and report.status is not Status.ABSENT)
    return Matched(tuple(found), tuple(reasons), no_row)


def is_team(report: Report) -> bool:
    """Is this a team's own report, not a member's?"""
    return report.student_id == NO_TEAM or TEAM.fullmatch(report.student_id) is not None


def in_no_team(row: Row) -> bool:
    return row["team"].strip() in DEFAULT_TEAM.values()


class _Teams:
    """Teams' own reports by their names, and what the worksheet says of each name."""

    def __init__(self, worksheet: Worksheet, reports: Sequence[Report]) -> None:
        self._language = worksheet.language
        self._named: dict[str, list[Report]] = {}
        self._default: Report | None = None
        for report in reports if worksheet.has("team") else ():
            if report.student_id == NO_TEAM:
                self._default = report
            elif is_team(report):
                self._named.setdefault(_key(report.name), []).append(report)
        # Members of a team share one submission and its time; rows of one name with two times are of two teams.
        self._times: dict[str, set[str]] = {}
        for row in worksheet.rows:
            self._times.setdefault(_key(row["team"]), set()).add(row["handed_in"])

    def report(self, row: Row) -> tuple[Report | None, Note | None]:
        """The report of the row's team, or why there is none."""
        team = row["team"]
        candidates = list(self._named.get(_key(team), ()))
        default = in_no_team(row)
        if default and self._default is not None:
            candidates.append(self._default)
        if not candidates:
            return None, Note("not_here")
        if handed_nothing(row, self._language):
            return None, Note("nothing_handed_in")
        if len(candidates) > 1:
            return None, Note("two_teams", {"team": team, "ids": sorted(report.student_id for report in candidates)})
        if not default and len(self._times[_key(team)]) > 1:
            return None, Note("two_times", {"team": team, "ids": [candidates[0].student_id]})
        return candidates[0], None


def _key(team: str) -> str:
    """A team's name as its folder has it; an archive may have been unpacked where accents are written apart."""
    return unicodedata.normalize("NFC", folder_name(team)).strip()
