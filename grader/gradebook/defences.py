"""Slots of defences as values of events, such as `2027-01-14T09:00:00+01:00 | 20 | B12 | Curie; Turing`."""

from __future__ import annotations

from collections.abc import Iterable

from grader.contract import Slot
from grader.errors import UserError
from grader.gradebook.events import Event
from grader.moments import aware

BETWEEN, AMONG = " | ", "; "


def written(slot: Slot) -> str:
    """The value of the event. Raises `UserError` for a room or a name that holds what stands between them."""
    for name in (slot.room, *slot.examiners):
        if "|" in name or ";" in name or not name.isprintable():
            raise UserError(f"defence of {slot.team}: {name!r} may hold neither | nor ; nor a control character")
    return BETWEEN.join([slot.start.isoformat(), f"{slot.minutes:g}", slot.room, AMONG.join(slot.examiners)])


def slots(events: Iterable[Event]) -> dict[str, Slot]:
    """By student the slot that was given last; of events in the order of their times."""
    found = {event.student_id: _slot(event) for event in events if event.kind == "defence"}
    return {student: slot for student, slot in found.items() if slot is not None}


def examiners(events: Iterable[Event]) -> tuple[str, ...] | None:
    """Who hears the student whose events these are; None where no slot says so."""
    last = list(slots(events).values())
    return last[-1].examiners if last else None


def _slot(event: Event) -> Slot | None:
    """None for what is no slot, as a damaged file may hold."""
    try:
        start, minutes, room, names = event.value.split(BETWEEN)
        return Slot(event.student_id, aware(start, "defence"), float(minutes), room, tuple(names.split(AMONG)))
    except (ValueError, UserError):
        return None
