"""What a failing public case shows beside its sentence: its inputs, the answer, and what was expected.

A value is shown where it is small enough to stand on a line in full. Of a larger one the sentence names the entry that
is furthest off, and what was expected there is added. Only public cases come here: `check.replay` shows as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import compare, sentences

if TYPE_CHECKING:
    from .home import Result

LENGTH = 120  # characters of a line of values


def values(
    spec: Mapping[str, Any], names: Iterable[str], case: Mapping[str, Any], result: Result, language: str
) -> Iterator[tuple[str, str]]:
    """The `inputs` of the case that failed, the `answer` and what was `expected`, as far as lines can hold them.

    `spec` is the check's comparison; `names` are those of the inputs.
    """
    line = inputs(case["values"], names)
    if line:
        yield "inputs", line
    if not isinstance(result.answer, list):
        return  # nothing came back
    answer, expected = full(result.answer[0]), ""
    if spec["kind"] in compare.SHOWN:
        expected = full(case["expected"])
        found = result.values or {}
        if "index" in found and (not answer or not expected or answer == expected):  # too large, or too near
            number = entry(case["expected"], found.get("part", ""), found["index"])
            answer, expected = "", ""
            if number is not None:
                expected = sentences.say("entry", {"value": number, "index": found["index"]}, language)
    if answer and result.key not in ("not_equal", "predicate_no"):  # whose sentences show it
        yield "answer", answer
    if expected:
        yield "expected", expected


def full(value: Any) -> str:
    """A value in one line; "" where that would leave something out."""
    text = compare.short(value, LENGTH)
    return "" if "..." in text or text.endswith("…") else text


def inputs(values: Mapping[str, Any], names: Iterable[str]) -> str:
    """ "x = array([1., 2.]), k = 3"; "" where one of them is too large to be shown."""
    texts = {name: full(values[name]) for name in names}
    line = ", ".join(f"{name} = {text}" for name, text in texts.items())
    return line if all(texts.values()) and len(line) <= LENGTH else ""


def entry(expected: Any, part: str, index: Sequence[int]) -> float | None:
    """One number of what was expected, which may be a nest of dictionaries; None where there is none like it."""
    try:
        return float(np.asarray(at(expected, part))[tuple(index)].real)
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def at(value: Any, part: str) -> Any:
    """A part of a nest of dictionaries, as findings name it: "layer.W". Raises KeyError or TypeError."""
    names = part.split(".") if part else []
    while names:
        if not isinstance(value, dict):
            raise TypeError("no dictionary")
        # A key may hold a dot itself: the longest one that is there.
        size = next((n for n in range(len(names), 0, -1) if ".".join(names[:n]) in value), 1)
        value, names = value[".".join(names[:size])], names[size:]
    return value
