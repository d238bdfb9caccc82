"""Tables of defences: the sittings of juries, which a person writes, and the slots that come of them.

Sittings: `start,end,room,examiners`. Slots: `team,start,minutes,room,examiners,members`, written to be changed by hand
and given back; the members are for whom reads it. Times have an offset; examiners stand with `;` between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from grader import csvfile
from grader.contract import Sitting, Slot
from grader.errors import UserError
from grader.exports.grades import csv_line
from grader.exports.marking import cell, number, plain
from grader.moments import aware

DAY = timedelta(days=1)
SITTINGS = ("start", "end", "room", "examiners")
SLOTS = ("team", "start", "minutes", "room", "examiners", "members")


def read_sittings(path: Path) -> list[Sitting]:
    """The sittings of juries. Raises `UserError`: file, line, what is wrong."""
    found = []
    for where, row in _rows(path, SITTINGS, "sittings of juries"):
        start, end = aware(row["start"], f"{where}: start"), aware(row["end"], f"{where}: end")
        if not start < end <= start + DAY:
            raise UserError(f"{where}: it ends at {row['end']}, which is not after its start, or a day later and more")
        found.append(Sitting(start, end, _room(where, row["room"]), _examiners(where, row["examiners"])))
    if not found:
        raise UserError(f"{path}: no jury sits; write a line a jury, with {','.join(SITTINGS)}")
    return found


def read_slots(path: Path) -> list[Slot]:
    """The slots. Raises `UserError`: file, line, what is wrong; a team that is there twice."""
    found: dict[str, Slot] = {}
    for where, row in _rows(path, SLOTS[:-1], "slots of defences"):
        team = row["team"]
        if not team or team in found:
            raise UserError(f"{where}: " + (f"{team} has a slot already; keep one" if team else "say which team"))
        try:
            minutes = float(row["minutes"].replace(",", "."))
        except ValueError:
            minutes = 0.0
        if not 0 < minutes <= 24 * 60:
            raise UserError(f"{where}: minutes is {row['minutes']!r}; write how long a defence is, like 20")
        start = aware(row["start"], f"{where}: start")
        found[team] = Slot(team, start, minutes, _room(where, row["room"]), _examiners(where, row["examiners"]))
    return list(found.values())


def slots_csv(slots: Iterable[Slot], members: Mapping[str, str]) -> str:
    """The slots in the order of their times; `members` says by team who is in it."""
    lines = [csv_line(SLOTS)]
    for slot in sorted(slots, key=lambda slot: (slot.start, slot.room, slot.team)):
        examiners = "; ".join(slot.examiners)
        texts = (slot.team, slot.start.isoformat(), number(slot.minutes), slot.room, examiners, members[slot.team])
        lines.append(csv_line([cell(text) for text in texts]))
    return "\ufeff" + "".join(lines)


def _rows(path: Path, titles: tuple[str, ...], what: str) -> list[tuple[str, dict[str, str]]]:
    """Each line with where it stands. Columns may come in any order, and others may be beside them."""
    advice = f"{what} are a csv with the columns {','.join(titles)}"
    (_, header), *lines = csvfile.read(path, advice, strict=True).lines
    given = [title.strip().casefold() for title in header]
    missing = [title for title in titles if given.count(title) != 1]
    if missing:
        raise UserError(f"{path}: the column {missing[0]} must be there once; {advice}")
    rows = []
    for line, cells in lines:
        where = f"{path}: line {line}"
        if len(cells) != len(given):
            raise UserError(f"{where}: {len(cells)} cells where the first line has {len(given)} titles")
        rows.append((where, {title: plain(cells[given.index(title)]) for title in titles}))
    return rows


def _examiners(where: str, text: str) -> tuple[str, ...]:
    names = tuple(_name(where, name.strip()) for name in text.split(";") if name.strip())
    if not names:
        raise UserError(f"{where}: no examiner; write names with ; between them")
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise UserError(f"{where}: {twice} is named twice")
    return names


def _room(where: str, text: str) -> str:
    if ";" in text:
        raise UserError(f"{where}: {text!r} is more than one room; write a line each")
    return _name(where, text)


def _name(where: str, text: str) -> str:
    """A name as the gradebook can keep it."""
    if "|" in text or not text.isprintable():
        raise UserError(f"{where}: {text!r} may hold neither | nor a control character")
    return text
