"""An answer and what was expected → a finding: an outcome, a credit between 0 and 1, and what to say.

An answer is decoded data of the student's making: None, numbers, text, lists, dictionaries, arrays. Lists and tuples
count as arrays, numpy scalars as numbers; shapes must match. Nothing here trusts it to be of any kind, and nothing
here says what was expected: a finding holds what the student's answer is and how far it is off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """`key` and `values` are put into words by `sentences`."""

    outcome: str  # pass, partial or wrong
    credit: float
    key: str
    values: dict[str, Any] = field(default_factory=dict)


PASSED = Finding("pass", 1.0, "pass")


class _Wrong(Exception):
    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.finding = Finding("wrong", 0.0, key, values)


def compare(
    spec: Values,
    expected: Any,
    answer: Any,
    values: Values | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    numeric: Any = None,
) -> Finding:
    """Compare one answer by `spec["kind"]`.

    `values` are the case's values, `functions` the assignment's predicates, `numeric` the central differences that
    were taken of the student's own function, if any. Never raises for anything that an answer may hold.
    """
    try:
        with np.errstate(all="ignore"):
            return KINDS[spec["kind"]](spec, expected, answer, values or {}, functions or {}, numeric)
    except _Wrong as wrong:
        return wrong.finding
    except (MemoryError, RecursionError, OverflowError):
        return Finding("wrong", 0.0, "too_large")


def _close(spec: Values, expected: Any, answer: Any, _v: Values, _f: Any, numeric: Any) -> Finding:
    """Numbers near enough, part by part; of a gradient, also whether it agrees with the student's own function."""
    is_gradient = spec["kind"] == "gradient"
    for part, want, got in _parts(expected, answer):
        _shapes_match(want, got, part)
        _finite_where(want, got, part)
        off = _off(spec, want, got)
        if off is not None:
            own = {"own": _own(got, numeric)} if is_gradient else {}
            raise _Wrong("gradient" if is_gradient else "value", part=part, **off, **_kinship(spec, want, got), **own)
    return PASSED


def _own(got: Any, numeric: Any) -> str:
    """Does a gradient agree with central differences of the student's own forward pass? `yes`, `no` or `unknown`.

    Differences with steps of 1e-6 are right to about 1e-9 of the function's size: 1e-4 leaves a wide margin.
    """
    try:
        taken = _array(numeric)
    except _Wrong:
        return "unknown"
    if taken.shape != got.shape or not np.isfinite(taken).all():
        return "unknown"
    scale = max(float(np.abs(taken).max(initial=0.0)), 1e-8)
    return "yes" if float(np.abs(taken - got).max(initial=0.0)) <= 1e-4 * scale else "no"


def _accuracy(spec: Values, expected: Any, answer: Any, values: Values, _f: Any, _n: Any) -> Finding:
    labels = _array(values[spec["labels"]])
    got = _array(answer)
    _shapes_match(labels, got, "")
    right = float(np.mean(got == labels))
    credit = (right - spec["none"]) / (spec["full"] - spec["none"])
    facts = {"accuracy": right, "full": spec["full"], "none": spec["none"]}
    if credit >= 1.0:
        return Finding("pass", 1.0, "accuracy_full", facts)
    if credit > 0.0:
        return Finding("partial", credit, "accuracy_partial", facts)
    return Finding("wrong", 0.0, "accuracy_none", facts)


def _equal(spec: Values, expected: Any, answer: Any, values: Values, _f: Any, _n: Any) -> Finding:
    want, got = _plain(expected), _plain(answer)
    if type(want) is list and type(got) is not list:
        raise _Wrong("type", part="", got=kind_of(answer), want=kind_of(expected))
    if not _same(want, got):
        raise _Wrong("not_equal", got=short(answer), **_first(want, got, values))
    return PASSED


def _first(want: Any, got: Any, values: Values) -> dict[str, Any]:
    """Which entry of two nests of one shape differs first, and what goes with it: entries of inputs as long as they."""
    path: list[Any] = []
    length = len(want) if isinstance(want, list) else 0
    while True:
        if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
            step: Any = next(n for n, (one, other) in enumerate(zip(want, got)) if not _same(one, other))
        elif isinstance(want, dict) and isinstance(got, dict) and set(want) == set(got):
            step = next(name for name in want if not _same(want[name], got[name]))
        else:
            break
        path.append(step)
        want, got = want[step], got[step]
    if not path:
        return {}
    first = {"place": "".join(f"[{step!r}]" for step in path), "got": short(got, ENTRY)}
    given = [
        f"{name}[{path[0]}] = {short(_plain(value)[path[0]], ENTRY)}"
        for name, value in values.items()
        if length and isinstance(value, (np.ndarray, list, tuple)) and _length(value) == length
    ]
    return {"first": {**first, "given": ", ".join(given[:2])} if given else first}


def _length(value: Any) -> int:
    return 0 if isinstance(value, np.ndarray) and value.ndim == 0 else len(value)


def _predicate(spec: Values, expected: Any, answer: Any, values: Values, functions: Any, _n: Any) -> Finding:
    function = functions[spec["function"]]
    try:
        said = function(values, answer)
    except Exception as error:  # the predicate met something that it did not expect: the answer is at fault
        raise _Wrong("predicate_error", got=kind_of(answer), error=type(error).__name__) from None
    if isinstance(said, str):
        raise _Wrong("predicate", why=said)
    if not bool(said):
        raise _Wrong("predicate_no", got=short(answer))
    return PASSED


ENTRY = 60  # characters of one entry
SHOWN = ("close", "gradient", "equal")  # kinds whose expected output says what is right
KINDS: dict[str, Callable[..., Finding]] = {
    "close": _close,
    "gradient": _close,
    "accuracy": _accuracy,
    "equal": _equal,
    "predicate": _predicate,
}


# What a value is


def kind_of(value: Any) -> str:
    """What an answer is, in a few words: "an array of shape (3, 2)", "None", "text"."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (bool, np.bool_)):
        return "a boolean"
    if isinstance(value, (int, float, np.number)):
        return "a number"
    if isinstance(value, dict):
        return "a dictionary"
    try:
        array = _as_array(value)
    except (ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        return "a list of unequal parts"
    if array.dtype.kind not in "biufc":
        return "a list" if isinstance(value, (list, tuple)) else f"an array of {array.dtype}"
    return f"an array of shape {array.shape}" if array.ndim else "a number"


def short(value: Any, length: int = 200) -> str:
    """A value in one line of at most `length` characters."""
    try:
        with np.printoptions(precision=4, threshold=12, edgeitems=2, suppress=False):
            text = " ".join(repr(value).split())
    except Exception:  # a repr of hostile data
        return kind_of(value)
    return text if len(text) <= length else text[: length - 1] + "…"


def array(value: Any) -> Any:
    """A number or a nest of them as an array of its own type; None for anything else."""
    if value is None or isinstance(value, (str, bytes, dict)):
        return None
    try:
        found = _as_array(value)
    except (ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        return None
    return found if found.dtype.kind in "biufc" else None


def _array(value: Any) -> Any:
    """An array of floats, or of complex numbers, or `_Wrong`."""
    found = array(value)
    if found is None:
        raise _Wrong("type", part="", got=kind_of(value), want="")
    return found.astype(np.complex128 if found.dtype.kind == "c" else np.float64)


def _as_array(value: Any) -> Any:
    """`np.asarray`, but of no nest that holds text: numpy would give every entry the room of the longest."""
    if isinstance(value, (list, tuple)) and _holds_text(value):
        raise TypeError("text among the numbers")
    return np.asarray(value)


def _holds_text(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_text, value))
    return isinstance(value, (str, bytes, dict)) or (isinstance(value, np.ndarray) and value.dtype.kind not in "biufc")


def _parts(expected: Any, answer: Any, name: str = "") -> list[tuple[str, Any, Any]]:
    """(name, expected array, answer's array) of every array in a nest of dictionaries."""
    if not isinstance(expected, dict):
        try:
            return [(name, _array(expected), _array(answer))]
        except _Wrong:
            raise _Wrong("type", part=name, got=kind_of(answer), want=kind_of(expected)) from None
    if not isinstance(answer, dict) or set(answer) != set(expected):
        raise _Wrong("type", part=name, got=kind_of(answer), want=kind_of(expected))
    found = []
    for key in expected:
        found += _parts(expected[key], answer[key], f"{name}.{key}" if name else key)
    return found


def parts_of(expected: Any) -> list[str]:
    """The names of an expected output's parts, as findings have them; of one that is no dictionary "" alone."""
    return [name for name, _, _ in _parts(expected, expected)]


def different(expected: Any, part: str) -> int:
    """How many different numbers, 0 apart, a part of an expected output has."""
    return next((np.unique(want[want != 0]).size for name, want, _ in _parts(expected, expected) if name == part), 0)


def _shapes_match(want: Any, got: Any, part: str) -> None:
    if want.shape != got.shape:
        raise _Wrong("shape", part=part, got=list(got.shape), want=list(want.shape))


def _finite_where(want: Any, got: Any, part: str) -> None:
    bad = ~np.isfinite(got) & np.isfinite(want)
    if bad.any():
        index = np.unravel_index(int(np.argmax(bad)), bad.shape)
        raise _Wrong("not_finite", part=part, index=[int(i) for i in index], got=str(got[index]))


def distance(spec: Values, expected: Any, answer: Any) -> float:
    """How far an answer is off, in tolerances of a `close` or `gradient` check: it passes up to 1. Infinite for one
    that is not even of the right kind and shape."""
    worst = 0.0
    try:
        with np.errstate(all="ignore"):
            for part, want, got in _parts(expected, answer):
                _shapes_match(want, got, part)
                off, allowed = apart(spec, want, got)
                ratio = np.where(off == 0.0, 0.0, off / allowed)
                worst = max(worst, float(np.max(np.where(np.isnan(ratio), np.inf, ratio), initial=0.0)))
    except (_Wrong, MemoryError, RecursionError, OverflowError):
        return math.inf
    return worst


def apart(spec: Values, want: Any, got: Any) -> tuple[Any, Any]:
    """How far each entry is off, and how far it may be: not at all where the comparison has no tolerances."""
    same = (got == want) | (np.isnan(got) & np.isnan(want))
    allowed = spec.get("atol", 0.0) + spec.get("rtol", 0.0) * np.abs(np.where(np.isfinite(want), want, 0.0))
    return np.where(same, 0.0, np.abs(got - want)), allowed


def relative(distance: Any, want: Any, got: Any) -> Any:
    """How far entries are off, against the larger of the two numbers."""
    return distance / np.maximum(np.maximum(np.abs(got), np.abs(want)), 1e-300)


def _off(spec: Values, want: Any, got: Any) -> dict[str, Any] | None:
    """Where the answer is furthest off and by how much; None where it is near enough everywhere."""
    distance, allowed = apart(spec, want, got)
    bad = ~(distance <= allowed)
    if not bad.any():
        return None
    error = np.where(bad, relative(distance, want, got), -1.0)
    index = np.unravel_index(int(np.argmax(error)), error.shape)
    return {
        "index": [int(i) for i in index],
        "got": float(got[index].real),
        "relative": float(error[index]),
        "wrong": int(bad.sum()),
        "size": int(bad.size),
    }


def _kinship(spec: Values, want: Any, got: Any) -> dict[str, Any]:
    """Is the wrong answer the right one times a constant, or transposed? Then say so: it names the mistake."""
    big = np.abs(want) > 1e-12
    if want.size > 1 and big.sum() > 1:
        ratios = got[big] / want[big]
        factor = float(np.median(ratios.real))
        if abs(factor) > 1e-9 and np.allclose(got, factor * want, rtol=1e-6, atol=1e-12):
            return {"factor": factor}
    if want.ndim == 2 and want.shape[0] == want.shape[1] and np.allclose(got, want.T, rtol=1e-6, atol=1e-12):
        return {"transposed": True}
    return {}


def _plain(value: Any) -> Any:
    """Lists for tuples and arrays, Python's numbers for numpy's."""
    if isinstance(value, np.ndarray):
        return value.tolist() if value.dtype.kind in "biufc" else _plain(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _same(want: Any, got: Any) -> bool:
    if isinstance(want, float) and isinstance(got, float) and math.isnan(want):
        return math.isnan(got)
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and (want == got or all(map(_same, want, got)))
    if isinstance(want, dict):
        return isinstance(got, dict) and set(want) == set(got) and all(_same(want[k], got[k]) for k in want)
    return isinstance(got, (bool, int, float, complex, str, type(None), bytes)) and bool(want == got)


# Several findings as one


def share(findings: Sequence[Finding]) -> tuple[str, int, float]:
    """The outcome of a check's cases, how many passed and their mean credit.

    All passed: pass. Some credit: partial. None: the outcome of the first one that failed.
    """
    if not findings:
        return "pass", 0, 0.0
    passed = sum(finding.outcome == "pass" for finding in findings)
    if passed == len(findings):
        return "pass", passed, 1.0
    credit = sum(finding.credit for finding in findings) / len(findings)
    if credit > 0.0:
        return "partial", passed, credit
    return next(finding.outcome for finding in findings if finding.outcome != "pass"), 0, 0.0


# Which mistake it looks like

_LIKENESS = {"kind": "close", "rtol": 1e-6, "atol": 1e-10}  # two answers of the same mistake differ by rounding alone


def alike(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    """Are these the same answers? Each is a decoded value wrapped in a list, or an outcome's description."""
    return len(ours) == len(theirs) and all(map(_same_answer, ours, theirs))


def _same_answer(one: Any, other: Any) -> bool:
    if not isinstance(one, list) or not isinstance(other, list):
        return bool(one == other) if type(one) is type(other) and isinstance(one, str) else False
    return (
        compare(_LIKENESS, other[0], one[0]).outcome == "pass"
        or compare({"kind": "equal"}, other[0], one[0]).outcome == "pass"
    )


def mistake(ours: Sequence[Any], known: Mapping[str, Sequence[Any]]) -> str | None:
    """The one known mistake whose answers are these; None if there is none, or more than one."""
    found = [name for name, theirs in known.items() if alike(ours, theirs)]
    return found[0] if len(found) == 1 else None
