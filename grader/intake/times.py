"""Times as platforms write them → aware datetimes. A time without a zone is no time: nobody is late by a guess."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]+([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:[.,]([0-9]{1,9}))? *"
    r"(Z|UTC|GMT|[+-][0-9]{2}:?(?:[0-9]{2})?|[A-Za-z_]+(?:/[A-Za-z_+-]+)+)\s*"
)
_YEARS = range(1990, 2100)  # others are a mistake, and would not fit every zone


def parse(text: str) -> datetime | None:
    """Read `2026-10-05 21:58:03.123456789 +02:00`, with `T`, `Z`, `UTC` or `Europe/Paris`; None for all else.

    An abbreviation such as EST is no zone: several places use it for different ones.
    """
    found = _TIME.fullmatch(text[:100])
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    fraction = int((found[7] or "").ljust(9, "0")[:6])
    zone = _zone(found[8])
    if zone is None or year not in _YEARS:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, fraction, zone)
    except ValueError:
        return None


def _zone(text: str) -> tzinfo | None:
    if text in ("Z", "UTC", "GMT"):
        return UTC
    if text[0] in "+-":
        digits = text[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 24 * 60 else None
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return None
