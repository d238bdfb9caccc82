"""Times that a person writes, with an offset: nobody is late by a guess."""

from __future__ import annotations

from datetime import datetime

from grader.errors import UserError

EXAMPLE = "2026-11-23T22:00:00+01:00"


def aware(text: str, what: str) -> datetime:
    """An ISO 8601 time with an offset. Raises `UserError` for any other; `what` says whose it is, and where."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"{what} is {text!r}; write it like {EXAMPLE}") from None
    if not 1900 <= found.year < 9000:  # others are a slip, and would not fit every zone
        raise UserError(f"{what} is {text!r}; write it like {EXAMPLE}")
    if found.tzinfo is None:
        raise UserError(f"{what} {text!r} has no offset; write it like {EXAMPLE}")
    return found
