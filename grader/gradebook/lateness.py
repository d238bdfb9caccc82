"""Who is late, by how much, and what the policy takes for it.

A due time is the roster's, or an extension's if that is later. The grace moves it on: who hands in within the grace is
not late. After it each day begun counts. An unknown time, or no due time, never costs points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from grader.contract import Policy
from grader.gradebook.events import Event

DAY = timedelta(days=1)


def due_time(due: datetime | None, events: Iterable[Event]) -> tuple[datetime | None, Event | None]:
    """The due time that counts, and the extension that moved it: the last one given, if it is later than `due`."""
    given = [event for event in events if event.kind == "extension"]
    if not given:
        return due, None
    extended = datetime.fromisoformat(given[-1].value)
    return (extended, given[-1]) if due is None or extended > due else (due, None)


def days_late(handed_in_at: datetime | None, due: datetime | None, policy: Policy) -> int:
    """Days begun after the due time and the grace; 0 is not late."""
    if handed_in_at is None or due is None:
        return 0
    over = handed_in_at - due - timedelta(minutes=policy.grace_minutes)
    return max(0, math.ceil(over / DAY))


def penalty(handed_in_at: datetime | None, due: datetime | None, policy: Policy) -> Mapping[str, Any] | None:
    """The adjustment for lateness, as reports have it, even where it costs nothing; None for who is not late."""
    days = days_late(handed_in_at, due, policy)
    points = min(policy.late_cap, policy.late_per_day * days)
    if not days or handed_in_at is None or due is None:
        return None
    begun = f"{days} day{'s' if days > 1 else ''} begun after {due.isoformat(sep=' ', timespec='minutes')}"
    late = f"late by {_duration(handed_in_at - due)}, {begun}"
    cap = f", at most {policy.late_cap:g}" if policy.late_per_day * days > policy.late_cap else ""
    return {
        "kind": "late",
        "check": "",
        "points": -points if points else 0.0,
        "reason": f"{late}: {f'{policy.late_per_day:g} a day{cap}' if points else 'it costs no points'}",
        "author": "policy",
        "time": handed_in_at.isoformat(),
    }


def _duration(late: timedelta) -> str:
    """ "1 d 10 h", "3 h 5 min": the two largest units, the smaller one left out where it is nought."""
    minutes = max(1, math.ceil(late / timedelta(minutes=1)))
    days, hours = divmod(minutes // 60, 24)
    units = [(days, "d"), (hours, "h")] if days else [(hours, "h"), (minutes % 60, "min")]
    return " ".join(f"{count} {unit}" for count, unit in units if count)
