"""Who defends when: sittings of juries are cut into places, and each team gets one.

A sitting is a jury in a room from one time to another. Places are filled in the order of their times, teams in the
order given. A team that has a slot keeps it: only the others get one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import combinations

from grader.contract import Sitting, Slot
from grader.errors import UserError


def places(sitting: Sitting, minutes: float) -> Iterator[Slot]:
    """The slots of so many minutes that a sitting has, of no team yet."""
    start, each = sitting.start, timedelta(minutes=minutes)
    while start + each <= sitting.end:
        yield Slot("", start, minutes, sitting.room, sitting.examiners)
        start += each


def assigned(
    teams: Sequence[str], sittings: Sequence[Sitting], minutes: float, kept: Iterable[Slot] = ()
) -> dict[str, Slot]:
    """A slot for each team. Raises `UserError` where there are too few places, or one examiner in two at once."""
    had = {slot.team: slot for slot in kept}
    all_ = sorted((place for one in sittings for place in places(one, minutes)), key=lambda place: place.start)
    refuse_clashes(all_)
    free = [place for place in all_ if not any(_clash(place, slot) for slot in had.values())]
    waiting = [team for team in teams if team not in had]
    if len(free) < len(waiting):
        raise UserError(
            f"{len(waiting)} teams wait for a slot, and there are {len(free)} places of {minutes:g} minutes: "
            "let a jury sit longer, or give each team less time"
        )
    given = {
        team: Slot(team, place.start, minutes, place.room, place.examiners)
        for team, place in zip(waiting, free, strict=False)
    }
    return {team: had.get(team) or given[team] for team in teams}


def refuse_clashes(slots: Iterable[Slot]) -> None:
    """Raises `UserError` where one examiner, or one room, is in two slots at once."""
    for one, other in combinations(sorted(slots, key=lambda slot: slot.start), 2):
        what = _clash(one, other)
        if what:
            whom = f" ({one.team} and {other.team})" if one.team and other.team else ""
            raise UserError(f"{what} is in two defences at {other.start.isoformat(timespec='minutes')}{whom}")


def _clash(one: Slot, other: Slot) -> str:
    """What is in both slots while they overlap, "" if nothing is."""
    if one.start >= other.end or other.start >= one.end:
        return ""
    both = [name for name in one.examiners if name in other.examiners]
    if both:
        return both[0]
    return f"room {one.room}" if one.room and one.room == other.room else ""
