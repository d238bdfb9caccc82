"""Which of several submissions of one student came last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from grader.intake.pick import Handed

_FIRST = datetime(1, 1, 1, tzinfo=UTC)


def in_order(handed: Iterable[Handed]) -> list[Handed]:
    """Oldest first: by the time that the form gives, where it gives one for all; else by its number."""
    handed = list(handed)
    timed = all(one.handed_in_at for one in handed)
    return sorted(handed, key=lambda one: ((one.handed_in_at or _FIRST) if timed else _FIRST, one.number or 0))
