"""What an assignment's `checks.py` and `mistakes.py` are written with.

A check is a probe with a label: a function of the student's module and of a case's values, run on the reference
(outside, once) for the expected output and on the student's module (in the sandbox) for the answer.

    @check("2.3", points=1.5, cases=random_logits, compare=close(rtol=1e-9))
    def softmax_is_stable(td, logits):
        '''Your softmax sums to 1 on each row and survives logits of 1000.'''
        return td.softmax(logits)

`cases` is a function of a `numpy.random.Generator` that returns a dictionary, from a case's name to its values (a
dictionary again). It is called with one generator for the public cases and with another, seeded by the secret, for
the hidden ones: names, shapes and edge cases are the same, only what is drawn differs. Values that the probe does not
take as parameters (labels of a test split) never enter the sandbox: `compare` reads them outside.

Of this file the sandbox gets the probes' bodies and what they name at top level, no more; the handout gets the
functions given to `predicate` too. Decorators, cases and comparisons stay here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.errors import AssignmentError

CaseMaker = Callable[[np.random.Generator], Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Compare:
    """How an answer is compared: data for the runner's `compare`, and the functions of checks.py that it names."""

    spec: Mapping[str, Any]
    functions: tuple[Callable[..., Any], ...] = ()


def close(rtol: float = 1e-4, atol: float = 1e-8) -> Compare:
    """Equal numbers: |answer - expected| <= atol + rtol |expected|, element by element, and the same shape.

    The default lets an answer computed in float32 pass. The expected output may be a number, an array or a
    dictionary of them; a check that returns several arrays returns a dictionary, so that feedback can name the part.
    """
    return Compare({"kind": "close", "rtol": rtol, "atol": atol})


def gradient(
    rtol: float = 1e-4, atol: float = 1e-8, of: Callable[..., tuple[Callable[[Any], float], Any]] | None = None
) -> Compare:
    """A gradient, compared with the reference's; feedback gives the largest relative error and its index.

    `of(td, ...)` takes what the probe takes and returns `(f, x)`: the scalar function of the student's own forward
    pass and the point where the probe's answer is its gradient. Central differences of it are taken in the sandbox,
    to say whether gradient or forward is at fault; they never give or cost points.
    """
    spec = {"kind": "gradient", "rtol": rtol, "atol": atol, "of": of.__name__ if of else None}
    return Compare(spec, (of,) if of else ())


def accuracy(labels: str, *, full: float, none: float) -> Compare:
    """The share of right labels, on a ramp: no point up to `none`, all of them from `full` on.

    `labels` names the case's value that holds the right labels (n,), which the probe must not take.
    """
    return Compare({"kind": "accuracy", "labels": labels, "full": full, "none": none})


def equal() -> Compare:
    """Exactly the expected value: integers, shapes, booleans, text, and lists or dictionaries of them."""
    return Compare({"kind": "equal"})


def predicate(function: Callable[[Mapping[str, Any], Any], bool | str]) -> Compare:
    """For answers that are not unique: `function(values, answer)` is True, or the sentence that says why not.

    `values` are all of the case's values. The answer is decoded data, untrusted: of any type and shape. An exception
    in the function counts as a wrong answer.
    """
    return Compare({"kind": "predicate", "function": function.__name__}, (function,))


@dataclass(frozen=True, slots=True)
class DeclaredCheck:
    """A check as it stands in checks.py: what is data, and the functions that stay outside."""

    probe: Callable[..., Any]
    question: str
    points: float
    cases: CaseMaker
    compare: Compare
    public: tuple[str, ...] | None  # names of the cases that the handout has; None: all of them
    seconds: float | None
    follows: tuple[str, ...]  # ids of checks without which this one can hardly pass
    bonus: bool = False

    @property
    def id(self) -> str:
        return self.probe.__name__

    @property
    def sentence(self) -> str:
        return " ".join((self.probe.__doc__ or "").split())

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.probe).parameters)[1:]


@dataclass(frozen=True, slots=True)
class DeclaredManual:
    """A question that a person marks."""

    function: Callable[..., Any]
    question: str
    points: float
    bonus: bool = False
    levels: tuple[tuple[float, str], ...] = ()
    jury: bool = False

    @property
    def id(self) -> str:
        return self.function.__name__

    @property
    def sentence(self) -> str:
        return " ".join((self.function.__doc__ or "").split())


def check(
    question: str,
    *,
    points: float,
    cases: CaseMaker,
    compare: Compare,
    public: tuple[str, ...] | list[str] | None = None,
    seconds: float | None = None,
    follows: tuple[str, ...] | list[str] = (),
    bonus: bool = False,
) -> Callable[[Callable[..., Any]], DeclaredCheck]:
    """Make a check of a probe; its docstring is the sentence that the student reads.

    The points of a `bonus` come on top of the 10 that all other questions add up to, up to the policy's `maximum`.
    Raises `AssignmentError` where points are not positive or the probe has no sentence.
    """

    def declare(probe: Callable[..., Any]) -> DeclaredCheck:
        made = DeclaredCheck(
            probe,
            question,
            points,
            cases,
            compare,
            None if public is None else tuple(public),
            seconds,
            tuple(follows),
            bonus,
        )
        if not points > 0:
            raise AssignmentError(f"check {made.id}: points must be positive, not {points}")
        if not made.sentence:
            raise AssignmentError(f"check {made.id}: write its docstring, the sentence that the student reads")
        return made

    return declare


def manual(
    question: str, *, points: float, bonus: bool = False, rubric: Mapping[float, str] | None = None, jury: bool = False
) -> Callable[[Callable[..., Any]], DeclaredManual]:
    """Make a question for a person to mark; the function's docstring says what is asked, its body does nothing.

    `rubric` says what earns how many points, up to all of them; other points may be given too. A `jury` marks the
    question at a defence: each examiner gives points, and their mean counts. Raises `AssignmentError` where the
    rubric's points are not from 0 to the question's, or none of them are all of it.
    """
    levels = tuple(sorted((float(earned), " ".join(text.split())) for earned, text in (rubric or {}).items()))

    def declare(function: Callable[..., Any]) -> DeclaredManual:
        if levels and not (levels[0][0] >= 0 and levels[-1][0] == points):
            raise AssignmentError(
                f"{function.__name__}: its rubric goes from {levels[0][0]:g} to {levels[-1][0]:g} points; "
                f"it must be within 0 and {points:g}, and say what earns {points:g}"
            )
        return DeclaredManual(function, question, points, bonus, levels, jury)

    return declare


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that students really make, as an edit of the reference: `old` stands in it once, `new` replaces it.

    `hint` is a question that leads on without giving the answer; `advice` explains, once solutions are out.
    """

    id: str
    old: str
    new: str
    hint: str
    advice: str
    module: str = ""  # where `old` stands, if the TD is made of several modules
    why_dear: str = field(default="", kw_only=True)  # why it may cost more than 2.5 points, if it does
