"""The site that `real/` was recorded on, rebuilt from those files: its people, teams, submissions and settings."""

from __future__ import annotations

import copy
import json
import re
import zipfile
from typing import Any

from grader import worksheet
from tests.moodle.moodle_files import REAL
from tests.moodle.moodle_server import Assign, Handed, Moodle

REST = REAL / "rest"
TEACHER = 107
ENTRY = re.compile(r"(.*?)(?:_(\d+))?_assignsubmission_(file|onlinetext)/(.*)", re.DOTALL)
SEEN_BLIND = {62: 186, 63: 213, 104: 197, 102: 181, 103: 182, 68: 183}  # the pairs that were recorded
EQUIPES = {"22": range(62, 65), "27": range(70, 73)}  # two teams of one name


def recorded(name: str) -> dict[str, Any]:
    """One exchange."""
    return json.loads((REST / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def site() -> Moodle:
    """As it was before the first push."""
    settings = {one["id"]: one for one in recorded("assignments")["response"]["courses"][0]["assignments"]}
    first = settings[10]
    for number, base, changes in (
        (13, 10, {"name": "TP3 - Fichier et texte"}),
        (17, 10, {"name": "TP7 - Tentatives"}),
        (20, 10, {"name": "Vide", "duedate": 0}),
        (22, 10, {"name": "Avec grille"}),
    ):
        settings[number] = {**settings[base], "id": number, "cmid": number, **changes}
    for number, one in settings.items():
        if number != 21:  # its feedback plugins are off; the others' configs were cut
            one["configs"] = copy.deepcopy(first["configs"])
    users = _users()
    course = recorded("courses")["response"][0]
    assigns = {
        number: Assign(one, {user["id"]: 500 + user["id"] for user in users[:-1]}) for number, one in settings.items()
    }
    _individual(assigns[10], "a-individual-folders.zip", "a-individual-worksheet-en.csv")
    _individual(assigns[13], "d-file-and-text-folders-en.zip", "d-file-and-text-worksheet-en.csv")
    _blind(assigns[11])
    _teams(assigns[12])
    for number in (14, 15, 17):
        assigns[number].handed = [
            Handed(entry.id + 100 * number, entry.userid, files=dict(entry.files)) for entry in assigns[10].handed
        ]
    assigns[19].handed = [
        Handed(518, 62, status="draft", files={("/", "brouillon.py"): b"1+1\n"}),
        Handed(519, 63, files={("/", "brouillon.py"): b"1+1\n"}),
    ]
    assigns[10].extensions = {81: 1795816325, 82: 1795816325}
    assigns[10].dues = {83: 1795992171}
    assigns[10].handed.append(Handed(514, 104, status="new", modified=1795557625))
    assigns[22].rubric = True
    return Moodle(course, recorded("site-info")["response"], users, assigns)


def _users() -> list[dict[str, Any]]:
    seen = {user["id"]: user for user in recorded("enrolled-users")["response"]}
    sheet = worksheet.read(REAL / "a-individual-worksheet-en.csv")
    users = []
    for row in sheet.rows:
        number = _user(row["email"])
        made = {**seen[102], "id": number, "fullname": row["name"], "email": row["email"]}
        users.append(seen.get(number, made))
    return [*sorted(users, key=lambda user: user["id"]), seen[TEACHER]]


def _user(email: str) -> int:
    return 61 + int(email[1:3])  # s01 is 62


def _entries(name: str) -> dict[tuple[str, str], dict[tuple[str, str], bytes]]:
    """A zip's files by whose they are and their kind."""
    found: dict[tuple[str, str], dict[tuple[str, str], bytes]] = {}
    with zipfile.ZipFile(REAL / name) as opened:
        for info in opened.infolist():
            match = ENTRY.fullmatch(info.filename)
            assert match
            folder, _, base = match[4].rpartition("/")
            place = (f"/{folder}/" if folder else "/", base)
            found.setdefault((match[2] or "", match[3]), {})[place] = opened.read(info)
    return found


def _individual(assign: Assign, archive: str, sheet: str) -> None:
    rows = worksheet.read(REAL / sheet).rows
    assign.numbers = {_user(row["email"]): int(row.student_id) for row in rows}
    entries = _entries(archive)
    for user, number in sorted(assign.numbers.items()):
        files = entries.get((str(number), "file"))
        text = entries.get((str(number), "onlinetext"))
        if files or text:
            words = f"<p>Ma réponse n°{user - 61}</p>" if text else ("" if assign.settings["id"] == 13 else None)
            assign.handed.append(Handed(27 + user, user, files=files or {}, text=words))


def _blind(assign: Assign) -> None:
    rows = worksheet.read(REAL / "b-blind-worksheet-en.csv").rows
    left = sorted({int(row.student_id) for row in rows} - set(SEEN_BLIND.values()))
    entries = _entries("b-blind-folders.zip")
    nothing = {106, 105}  # beside 104: they handed in nothing
    empty = [number for number in left if (str(number), "file") not in entries]
    assign.numbers = {**SEEN_BLIND, **dict(zip(sorted(nothing), empty, strict=True))}
    full = [number for number in left if number not in empty]
    others = [user for user in range(62, 107) if user not in assign.numbers]
    assign.numbers |= dict(zip(others, full, strict=True))
    for user, number in sorted(assign.numbers.items()):
        if files := entries.get((str(number), "file")):
            assign.handed.append(Handed(69 + user, user, files=files))
        else:
            assign.handed.append(Handed(600 + user, user, status="new"))


def _teams(assign: Assign) -> None:
    rows = worksheet.read(REAL / "c-team-worksheet-en.csv").rows
    assign.numbers = {_user(row["email"]): int(row.student_id) for row in rows}
    with zipfile.ZipFile(REAL / "c-team-folders-en.zip") as opened:
        names = {match[2]: match[1] for info in opened.infolist() if (match := ENTRY.fullmatch(info.filename))}
    for row in rows:
        user, team = _user(row["email"]), row["team"]
        if team == "NoSubmit":
            assign.teams[user] = (34, team)
        elif team != worksheet.DEFAULT_TEAM["en"]:
            ids = [number for number, name in names.items() if number and name == worksheet.folder_name(team)]
            group = ids[0] if len(ids) == 1 else next(number for number in ids if user in EQUIPES[number])
            assign.teams[user] = (int(group), team)
    for (group, _), files in _entries("c-team-folders-en.zip").items():
        assign.handed.append(Handed(431 if not group else 360 + int(group), 0, int(group or 0), files=files))
    assign.handed.append(Handed(510, 0, 34, status="new"))
    assign.handed += [Handed(700 + user, user) for user in assign.numbers]
