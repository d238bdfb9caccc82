"""Teams: their ids (`team-ID`, formats.md), and their names as what Moodle makes of them."""

from __future__ import annotations

import unicodedata

from grader.worksheet import folder_name

NO_TEAM = "team-default"  # of those who are in no team, and hand in together all the same
_PREFIX = "team-"


def team_id(number: str | int) -> str:
    """The id of the team with this number; Moodle gives those who are in no team the number 0, or none."""
    return f"{_PREFIX}{number}" if number else NO_TEAM


def is_team(student_id: str) -> bool:
    """Is this a team's id? A folder that a teacher called `team-alpha` is a student's."""
    return student_id == NO_TEAM or (student_id.startswith(_PREFIX) and number_of(student_id).isdecimal())


def number_of(team: str) -> str:
    """The number that a platform has for a team."""
    return team.removeprefix(_PREFIX)


def name_key(name: str) -> str:
    """Names that Moodle writes alike have one key, also where accents were written apart when an archive was unpacked.

    Characters that Moodle takes out of a folder's name are no part of it.
    """
    return unicodedata.normalize("NFC", folder_name(name)).strip()
