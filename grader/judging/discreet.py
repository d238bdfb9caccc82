"""What is told of a hidden case: only what is one of a few values, whatever the submission wants it to be.

Code that is asked a hidden case has its inputs, and can put them into whatever comes back: the name of an exception's
class, a number, a shape, a dictionary's key. So each value of a message is told only where it is one of a list that is
known without the submission, or a number cut down to a digit or a place. docs/threat-model.md counts what remains.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import CodeType, FunctionType
from typing import Any

from grader.contract import Assignment
from student_template.runner import compare
from student_template.runner.compare import Finding
from student_template.runner.probing import EXCEPTIONS

OWN = "an exception of your own"
UNKNOWN = "…"  # a name that is none of the handout's
ENDS = {*(one.name for one in signal.Signals), *map(str, range(256)), "a signal", "the process ended"}
LABEL = re.compile(r"(?P<file>[\w.-]+)?(?:, )?(?P<cell>cell [1-9][0-9]{0,2})?")
MOST_LINES, MOST_LINES_OF_A_CELL = 9999, 999
NOT_FINITE = ("inf", "-inf")  # else nan: a complex number's other half may be anything
# An index is one of an expected output; `want` is its shape or kind, which the answer does not change. Of labels, which
# the submission never sees, it is told how many are right, as the points tell it.
TOLD = ("index", "want", "transposed", "own", "accuracy", "full", "none")
LEAST = 1e-9  # a relative error below is told as this
TIMES = 9  # a factor is told where it is a whole number up to this, or one over it
AGREEING = 3  # different numbers that a factor must be seen at: else it may be one expected number over the answer


def of_outcome(values: Mapping[str, Any], assignment: Assignment) -> dict[str, Any]:
    """Of what came in place of an answer: the kind of an exception, where it was, which name is missing, how the
    process ended."""
    kept: dict[str, Any] = {}
    if values.get("how") in ENDS:
        kept["how"] = values["how"]
    if "error" in values:
        kept["error"] = _exception(str(values["error"]), str(values.get("name")))
    elif "name" in values:
        kept["name"] = values["name"] if values["name"] in assignment.interface else UNKNOWN
    if "error" in values or "trace" in values:
        kept["trace"] = _last(values.get("trace"), assignment)
    if isinstance(values.get("block"), dict):  # said of loading, when no case had been seen
        kept["block"] = values["block"]
    return kept


def _exception(said: str, kind: str) -> str:
    """The name of an exception's class where it is Python's or numpy's, else of the kind that the runner says it is."""
    name = said.partition(":")[0]
    if name in EXCEPTIONS:
        return name
    return kind if kind in EXCEPTIONS - {"Exception", "BaseException"} else OWN


def _last(trace: Any, assignment: Assignment) -> list[dict[str, Any]]:
    """The innermost line of a traceback, which may be a lie: its number alone, within what a file has."""
    place = trace[-1] if isinstance(trace, list) and trace and isinstance(trace[-1], dict) else {}
    label, line = place.get("label"), place.get("line")
    found = LABEL.fullmatch(label) if isinstance(label, str) else None
    if found is None or not isinstance(line, int):
        return []
    most = MOST_LINES_OF_A_CELL if found["cell"] else MOST_LINES
    known = found["file"] is None or found["file"] in assignment.files
    return [{"label": label, "line": line}] if known and 0 < line <= most else []


def of_finding(
    finding: Finding, want: Any, answer: Any, public: Sequence[Any], predicate: Callable[..., Any] | None
) -> Finding:
    """A finding on a hidden case, without what the student's answer is.

    `public` are the expected outputs of the check's public cases; `predicate` is the function that judged, if any.
    """
    told = {name: value for name, value in finding.values.items() if name in TOLD}
    if "part" in finding.values:
        part = finding.values["part"]
        told["part"] = part if any(part in compare.parts_of(output) for output in public) else ""
    if "relative" in finding.values:
        told["relative"] = float(f"{max(finding.values['relative'], LEAST):.0e}")
    factor = _simple(finding.values.get("factor", 0.0))
    if factor is not None and compare.different(want, finding.values["part"]) >= AGREEING:
        told["factor"] = factor
    if finding.key == "not_finite":
        told["got"] = finding.values["got"] if finding.values["got"] in NOT_FINITE else "nan"
    elif finding.key == "type":
        told["got"] = _kind(finding.values["got"])
    elif finding.key in ("not_equal", "predicate_no", "predicate_error"):
        told["got"] = _kind(compare.kind_of(answer))
    elif finding.key == "predicate":
        if finding.values["why"] not in _texts(predicate):
            return replace(finding, key="predicate_no", values={"got": _kind(compare.kind_of(answer))})
        told["why"] = finding.values["why"]
    return replace(finding, values=told)


def _kind(kind: str) -> str:
    """What an answer is, without the shape and type of an array."""
    return "an array" if kind.startswith("an array") else kind


def _simple(factor: float) -> float | None:
    """2, 1/2, -1, …: a factor that a mistake has; None for any other number."""
    size = abs(factor)
    for times in (size, 1.0 / size if size > 0 else 0.0):
        whole = round(times) if times <= TIMES + 0.5 else 0
        if 1 <= whole <= TIMES and abs(times - whole) < 1e-6 * whole:
            return (whole if times == size else 1.0 / whole) * (1.0 if factor > 0 else -1.0)
    return None


def _texts(predicate: Any) -> set[str]:
    """The texts that stand as they are in a predicate, and in the functions beside it: what it says may be one."""
    names = getattr(predicate, "__globals__", {})
    texts = {value for value in names.values() if isinstance(value, str)}
    waiting = [value.__code__ for value in names.values() if isinstance(value, FunctionType)]
    waiting += [predicate.__code__] if isinstance(predicate, FunctionType) else []
    while waiting:
        for constant in waiting.pop().co_consts:
            if isinstance(constant, CodeType):
                waiting.append(constant)
            elif isinstance(constant, str):
                texts.add(constant)
    return texts
