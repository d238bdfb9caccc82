"""A score as a learning platform takes it: a number with a point, or one of a scale's own words.

English Moodle reads `7,5` as 7 without a word, French Moodle takes both; so a point is written, always. A number above
the assignment's maximum and a word that is not on the scale are skipped without a word, too.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from grader.contract import NOISE
from grader.errors import UserError
from grader.exports.numbers import points
from grader.worksheet import Row, Worksheet

_BETWEEN = re.compile(r"\s{2,}")  # words of a scale; inside of one there are single spaces
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Marks:
    """How scores are written. `thresholds` is a scale's words, each from a score on, the lowest first."""

    thresholds: tuple[tuple[float, str], ...] = ()
    to_maximum: bool = False

    def cell(self, score: float, out_of: float, maximum: float | None) -> str:
        """What stands in the grade's cell."""
        if self.thresholds:
            return [word for least, word in self.thresholds if score >= least - NOISE][-1]
        if not self.to_maximum or maximum is None:
            return points(score)
        exact = Decimal(str(score)) * Decimal(str(maximum)) / Decimal(str(out_of))
        return points(float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP)))


def marks(worksheet: Worksheet, scale: str = "", to_maximum: bool = False) -> Marks:
    """The way that fits the worksheet. `scale` is as typed: `0:Insuffisant,5:Passable`.

    Raises `UserError` where the worksheet asks for words and there are none, or has no such words.
    """
    there = words(worksheet)
    if not worksheet.has("scale"):
        if scale:
            raise UserError(f"{worksheet.file}: this assignment is graded in points; leave out --scale")
        return Marks((), to_maximum)
    if to_maximum:
        raise UserError(f"{worksheet.file}: this assignment is graded by a scale, which has no maximum; use --scale")
    if not scale:
        example = ",".join(f"{10 * place / max(len(there), 1):g}:{word}" for place, word in enumerate(there))
        raise UserError(
            f"{worksheet.file}: this assignment is graded by a scale: {', '.join(there)}; "
            f"say from which score on each word is given, such as --scale {example!r}"
        )
    return Marks(_thresholds(scale, there))


def check_maximum(file: str, out_of: float, maximum: float | None, to_maximum: bool) -> None:
    """Raises `UserError` where 8 of 10 would be read as 8 of something else, and nobody asked for another number."""
    if maximum is None and to_maximum:
        raise UserError(f"{file}: it does not say what its maximum is; leave out --scale-to-maximum")
    if maximum is not None and maximum != out_of and not to_maximum:
        raise UserError(
            f"{file}: grades there are out of {maximum:g} and scores are out of {out_of:g}; set the maximum there to "
            f"{out_of:g}, or say --scale-to-maximum (a {out_of / 2:g} becomes {maximum / 2:g})"
        )


def words(worksheet: Worksheet) -> list[str]:
    """The words of a scale, in its order; none where grades are points."""
    found = next((row["scale"] for row in worksheet.rows if row["scale"].strip()), "")
    return [word for word in _BETWEEN.split(found.strip()) if word]


def _thresholds(typed: str, there: list[str]) -> tuple[tuple[float, str], ...]:
    found: list[tuple[float, str]] = []
    for part in typed.split(","):
        least, colon, word = part.strip().partition(":")
        word = word.strip()
        try:
            start = float(least)
        except ValueError:
            start = math.nan
        if not colon or not math.isfinite(start):
            raise UserError(f"--scale: {part.strip()!r} is not SCORE:WORD, such as 5:{there[-1] if there else 'Good'}")
        if word not in there:
            raise UserError(f"--scale: {word!r} is not on this scale, which has {', '.join(there)}")
        found.append((start, word))
    if [start for start, _ in found] != sorted({start for start, _ in found}):
        raise UserError("--scale: scores must grow from one word to the next")
    if found[0][0] > 0:
        raise UserError(f"--scale: begin at 0, so that every score has a word (this begins at {found[0][0]:g})")
    return tuple(found)


def maximum(row: Row) -> float | None:
    """The most that a row's grade may be; None where it is not said."""
    return value(row["maximum"])


def value(cell: str) -> float | None:
    """A number as Moodle writes it in either language; None for a word, or nothing."""
    text = cell.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
