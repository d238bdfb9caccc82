"""A public case that failed: what was asked, what came back, and what should have.

Of public cases alone, which every handout holds with what is expected of them. Of hidden ones nothing comes here.
What came back is decoded data of a student's making: bounded, and trusted to be of no kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.contract import Answer, Case, Check
from student_template.runner import codec
from student_template.runner.compare import SHOWN, kind_of, short
from student_template.runner.probing import MOST_ITEMS

SMALL = 36  # entries of an array that are written in full
LONG = 700  # characters of a value
CURVES = ("close", "gradient")  # kinds of comparison of numbers that vary
PLOTTED = range(8, 401)  # entries of a row that is plotted
MOST = 1e15  # size of a number in a plot
UNKNOWN = object()  # in the place of an answer that was not kept, or of one that nobody can expect


@dataclass(frozen=True, slots=True)
class Asked:
    """A public case of a check: the probe's code and what it was given as text, and what was expected (decoded)."""

    check: Check
    case: str
    code: str
    given: tuple[tuple[str, str], ...]  # name and value
    values: Mapping[str, Any]  # the case's, labels included
    expected: Any = UNKNOWN


@dataclass(frozen=True, slots=True)
class Tried:
    """A public case, and what a student's code answered; None: it was not kept."""

    asked: Asked
    answer: Answer | None

    @property
    def got(self) -> Any:
        """The answer decoded; `UNKNOWN` where there is none to compare."""
        if self.answer is None or self.answer.outcome is not None:
            return UNKNOWN
        try:
            return codec.decode(self.answer.value, MOST_ITEMS)
        except codec.CodecError:
            return UNKNOWN


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: `what` is a key of the page's words, `more` what is added to it."""

    what: str
    more: str
    yours: str
    expected: str | None  # None: there is nothing to set beside it


def asked(check: Check, case: Case, code: str, expected: Any = UNKNOWN) -> Asked:
    """A case as pages show it: small values in full, of others what they are."""
    given = [(name, written(case.values[name], f"{name} = ", 76)) for name in check.parameters if name in case.values]
    return Asked(check, case.name, code, tuple(given), case.values, expected)


def rows(tried: Tried, part: str = "") -> list[Row]:
    """What came back against what was expected; `part` is the entry of a dictionary that a message is about."""
    got, want, compare = tried.got, tried.asked.expected, tried.asked.check.compare
    if got is UNKNOWN:
        return []
    if want is UNKNOWN or compare["kind"] not in SHOWN:
        return [Row("it_is", "", form(got), None), *_values(got)]
    got, want = _part(got, part), _part(want, part)
    found = [Row("it_is", "", form(got), form(want))]
    a, b = _numbers(got), _numbers(want)
    if a is None or b is None or a.shape != b.shape:
        found += [Row("value", "", written(got), written(want))] if _is_small(got) and _is_small(want) else []
        return found
    if a.ndim and a.size <= SMALL:
        found.append(Row("value", "", written(a), written(b)))
    with np.errstate(all="ignore"):
        found += _difference(compare, a, b)
    return found


def curve(tried: Tried, part: str = "") -> tuple[str, Any, Any, Any] | None:
    """Of an answer that is a row of numbers, what a plot of it needs: the name of x ("" is the index), x, and the two
    rows. None where it is no such row, or too short or too long to be looked at.
    """
    if tried.got is UNKNOWN or tried.asked.expected is UNKNOWN or tried.asked.check.compare["kind"] not in CURVES:
        return None
    got, want = _numbers(_part(tried.got, part)), _numbers(_part(tried.asked.expected, part))
    if got is None or want is None or got.shape != want.shape or got.ndim != 1 or len(got) not in PLOTTED:
        return None
    if got.dtype.kind == "c" or want.dtype.kind == "c" or not np.isfinite(got).any():
        return None
    got, want = (np.where(np.abs(a) < MOST, a, np.nan) for a in (got.astype(np.float64), want.astype(np.float64)))
    for name in tried.asked.check.parameters:
        x = _numbers(tried.asked.values[name])
        if x is not None and x.shape == got.shape and x.dtype.kind != "c" and np.isfinite(x).all():
            order = np.argsort(x, kind="stable")
            return name, x[order], got[order], want[order]
    return "", np.arange(len(got)), got, want


def form(value: Any) -> str:
    """What a value is, in Python's words, which are the same in every language: "array (4, 3) of float64"."""
    if isinstance(value, dict):
        return f"dict ({', '.join(short(str(key), 30) for key in list(value)[:8])})"
    array = _numbers(value)
    if array is None:
        return type(value).__name__ if value is not None else "None"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"array {array.shape} of {array.dtype}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__} {array.shape}"
    return type(value).__name__ if isinstance(value, bool | int | float | complex) else str(array.dtype)


def written(value: Any, before: str = "", width: int = 38) -> str:
    """A value in full where it is small, else what it is; `before` is what stands before it on its first line."""
    if isinstance(value, dict) and len(value) <= 8:
        text = "\n".join(f"{key!r}: {written(item, f'{key!r}: ', width)}" for key, item in value.items())
    elif not _is_small(value):
        return form(value)
    elif isinstance(value, np.ndarray):
        plain = value.dtype.kind == "f" and not np.any((value != 0) & (np.abs(value) < 1e-4))
        text = np.array2string(
            value, width, precision=5, suppress_small=plain, separator=", ", prefix=before, threshold=SMALL
        )
    else:
        text = short(value, LONG)
    return text if len(text) <= LONG else form(value)


def _is_small(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return bool(value.size <= SMALL)
    return len(short(value, LONG + 1)) <= LONG


def _values(value: Any) -> Iterator[Row]:
    if _is_small(value) and value is not None:
        yield Row("value", "", written(value), None)


def _part(value: Any, name: str) -> Any:
    """An entry of a nest of dictionaries by its dotted name; the value itself where there is none of that name."""
    for key in name.split(".") if name else ():
        if not isinstance(value, Mapping) or key not in value:
            break
        value = value[key]
    return value


def _numbers(value: Any) -> Any:
    """The value as an array of numbers, or None."""
    if value is None or kind_of(value) in ("text", "a dictionary", "a list", "a list of unequal parts"):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        return None
    return array if array.dtype.kind in "biufc" else None


def _difference(spec: Mapping[str, Any], got: Any, want: Any) -> Iterator[Row]:
    """The first entry that is off, and the largest relative error."""
    kind = np.complex128 if "c" in (got.dtype.kind, want.dtype.kind) else np.float64
    got, want = got.astype(kind), want.astype(kind)
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    distance = np.where(same, 0.0, np.abs(got - want))
    allowed = spec.get("atol", 0.0) + spec.get("rtol", 0.0) * np.abs(np.where(np.isfinite(want), want, 0.0))
    bad = ~(distance <= allowed)
    if not bad.any():
        return
    index = np.unravel_index(int(np.argmax(bad)), bad.shape)
    place = "[" + ", ".join(str(int(i)) for i in index) + "]" if index else ""
    yield Row("first_off", place, f"{got[index]:.6g}", f"{want[index]:.6g}")
    size = np.maximum(np.maximum(np.abs(got), np.abs(want)), 1e-300)
    finite = np.where(np.isfinite(distance / size) & bad, distance / size, 0.0)
    if finite.any():
        yield Row("largest_off", "", f"{float(finite.max()):.3g}", None)
