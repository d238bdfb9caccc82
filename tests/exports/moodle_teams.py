"""Who is in which team of the real worksheets of teams, by participant number.

The worksheets give names only, and two teams are called `Équipe 1`: 22 and 27. Numbers are those of the zips beside
them; of `NoSubmit`, which is in no zip, it is made up.
"""

from __future__ import annotations

import csv
from pathlib import Path

from tests.moodle.moodle_files import REAL

NUMBERS = {
    "Les_deep_learners": 23,
    "L'équipe d'Angelo": 24,
    "Groupe A/B": 25,
    "王队": 26,
    "Team 12_34": 28,
    "007": 29,
    "Solo, et fier": 30,
    "Trio": 31,
    "Duo n°2": 32,
    "NoSubmit": 33,
    "G14": 35,
    "G15": 36,
    "G16": 37,
    "G17": 38,
}
FIRST_OF_TWO = {479, 462, 451, 500, 502, 519}  # the other `Équipe 1` has the other rows; so divided here


def teams(path: Path) -> dict[int, int]:
    """Each student's team; those of the default team are left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    group = header.index("Group" if "Group" in header else "Groupe")
    found = {}
    for row in rows:
        number = int("".join(filter(str.isdigit, row[0])))
        if row[group] == "Équipe 1":
            found[number] = 22 if number in FIRST_OF_TWO else 27
        elif row[group] in NUMBERS:
            found[number] = NUMBERS[row[group]]
    return found


TEAMS = teams(REAL / "c-team-worksheet-fr.csv")
