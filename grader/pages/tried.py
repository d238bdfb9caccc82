"""A public case that failed: what was asked, what came back, and what should have.

Of public cases alone, which every handout holds with what is expected of them. Of hidden ones nothing comes here.
What came back is decoded data of a student's making: bounded, and trusted to be of no kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.contract import Answer, Case, Check
from student_template.runner import codec, figures
from student_template.runner.compare import SHOWN, apart, array, relative, short
from student_template.runner.evidence import at
from student_template.runner.figures import Curve
from student_template.runner.probing import MOST_ITEMS

SMALL = 36  # entries of an array that are written in full
COLUMNS = 76  # characters of a line
DIGITS = (5, 9, 13, 17)  # that numbers are written with: as many as tell the two apart
LONG = 700  # characters of a value
UNKNOWN = object()  # in the place of an answer that was not kept, or of one that nobody can expect


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A public case of a check: the probe's code and what it was given as text, and what was expected (decoded)."""

    check: Check
    name: str
    code: str
    given: tuple[tuple[str, str], ...]  # name and value
    values: Mapping[str, Any]  # the case's, labels included
    expected: Any = UNKNOWN
    calls: tuple[str, ...] = ()  # dotted names of functions that the probe may call, the likeliest first

    @classmethod
    def of(cls, check: Check, case: Case, code: str, expected: Any = UNKNOWN, calls: Sequence[str] = ()) -> PublicCase:
        """A case as pages show it: small values in full, of others what they are."""
        given = [(name, written(case.values[name], f"{name} = ")) for name in check.parameters if name in case.values]
        return cls(check, case.name, code, tuple(given), case.values, expected, tuple(calls))


@dataclass(frozen=True, slots=True)
class Tried:
    """A public case, and what a student's code answered, decoded; `UNKNOWN` where there is nothing to compare."""

    case: PublicCase
    got: Any = UNKNOWN

    @classmethod
    def of(cls, case: PublicCase, answer: Answer | None) -> Tried:
        """`answer` is None where it was not kept."""
        if answer is None or answer.outcome is not None:
            return cls(case)
        try:
            return cls(case, codec.decode(answer.value, MOST_ITEMS))
        except codec.CodecError:
            return cls(case)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: `what` is a key of the page's words, `more` what is added to it."""

    what: str
    more: str
    yours: str
    expected: str | None  # None: there is nothing to set beside it


def rows(tried: Tried, part: str = "") -> list[Row]:
    """What came back against what was expected; `part` is the entry of a dictionary that a message is about."""
    got, want, compare = tried.got, tried.case.expected, tried.case.check.compare
    if got is UNKNOWN:
        return []
    if want is UNKNOWN or compare["kind"] not in SHOWN:
        return [Row("it_is", "", form(got), None), *_values(got)]
    got, want = _parts(got, want, part)
    found = [Row("it_is", "", form(got), form(want))]
    a, b = array(got), array(want)
    if a is None or b is None or a.shape != b.shape:
        found += [Row("value", "", *_apart(got, want))] if _is_small(got) and _is_small(want) else []
        return found
    if a.ndim and a.size <= SMALL:
        found.append(Row("value", "", *_apart(a, b)))
    with np.errstate(all="ignore"):
        found += _difference(compare, a, b)
    return found


def curve(tried: Tried, part: str = "") -> Curve | None:
    """What there is to plot of the answer beside what was expected; None where that is nothing."""
    case = tried.case
    if tried.got is UNKNOWN or case.expected is UNKNOWN:
        return None
    return figures.curve(case.check.compare, case.check.parameters, case.values, case.expected, tried.got, part)


def form(value: Any) -> str:
    """What a value is, in Python's words, which are the same in every language: "array (4, 3), float64"."""
    if isinstance(value, dict):
        return f"dict ({', '.join(short(str(key), 30) for key in list(value)[:8])})"
    numbers = array(value)
    if numbers is None:
        return type(value).__name__ if value is not None else "None"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"array {value.shape}, {value.dtype}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__} {numbers.shape}"
    return type(value).__name__ if isinstance(value, bool | int | float | complex) else str(numbers.dtype)


def written(value: Any, before: str = "", digits: int = DIGITS[0]) -> str:
    """A value in full where it is small, else what it is; `before` is what stands before it on its first line."""
    if isinstance(value, dict) and len(value) <= 8:
        text = "\n".join(f"{key!r}: {written(item, f'{key!r}: ', digits)}" for key, item in value.items())
    elif not _is_small(value):
        return form(value)
    elif isinstance(value, np.ndarray):
        plain = value.dtype.kind == "f" and not np.any((value != 0) & (np.abs(value) < 1e-4))
        text = np.array2string(
            value, COLUMNS, precision=digits, suppress_small=plain, separator=", ", prefix=before, threshold=SMALL
        )
    else:
        text = short(value, LONG)
    return text if len(text) <= LONG else form(value)


def _apart(got: Any, want: Any) -> tuple[str, str]:
    """Both in full, with as many digits as tell them apart."""
    pairs = [(written(got, "", digits), written(want, "", digits)) for digits in DIGITS]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def _is_small(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(value.size <= SMALL)
    return len(short(value, LONG + 1)) <= LONG


def _values(value: Any) -> Iterator[Row]:
    if _is_small(value) and value is not None:
        yield Row("value", "", written(value), None)


def _parts(got: Any, want: Any, name: str) -> tuple[Any, Any]:
    """An entry of two nests of dictionaries by its dotted name; both whole where one of them has none of that name."""
    try:
        return at(got, name), at(want, name)
    except (KeyError, TypeError):
        return got, want


def _difference(spec: Mapping[str, Any], got: Any, want: Any) -> Iterator[Row]:
    """The first entry that is off, and the largest relative error."""
    kind = np.complex128 if "c" in (got.dtype.kind, want.dtype.kind) else np.float64
    got, want = got.astype(kind), want.astype(kind)
    off, allowed = apart(spec, want, got)
    bad = ~(off <= allowed)
    if not bad.any():
        return
    index = np.unravel_index(int(np.argmax(bad)), bad.shape)
    place = "[" + ", ".join(str(int(i)) for i in index) + "]" if index else ""
    pairs = [(f"{got[index]:.{digits + 1}g}", f"{want[index]:.{digits + 1}g}") for digits in DIGITS]
    yield Row("first_off", place, *next((pair for pair in pairs if pair[0] != pair[1]), pairs[-1]))
    error = relative(off, want, got)
    finite = error[bad & np.isfinite(error)]
    if finite.any():
        yield Row("largest_off", "", f"{float(finite.max()):.3g}", None)
