"""Numbers as they stand in files, and the order of numbered questions."""

from __future__ import annotations

from collections.abc import Iterable


def points(value: float | None) -> str:
    """A score with a decimal point, whatever the language, and two decimals at most; "" where there is none."""
    if value is None:
        return ""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def by_question(questions: Iterable[str]) -> list[str]:
    """Each question once, in an order where 2.10 comes after 2.9."""
    return sorted(
        dict.fromkeys(questions),
        key=lambda q: [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in q.split(".")],
    )
