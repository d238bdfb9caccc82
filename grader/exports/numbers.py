"""Numbers as they stand in files: a decimal point, whatever the language, and no trailing zeros."""

from __future__ import annotations


def points(value: float | None) -> str:
    """A score, with its two decimals at most; "" where there is none."""
    if value is None:
        return ""
    return f"{value:.2f}".rstrip("0").rstrip(".")
