"""The cases of every check: public ones, drawn with a key that everyone may know, and hidden ones, with the secret.

Chance gives no mark: both have the same names, shapes and types, and only the drawn numbers differ. Whatever a
`cases` function does otherwise is refused here, before anyone is graded with it.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring import store
from grader.authoring.course import located
from grader.authoring.declare import DeclaredCheck
from grader.authoring.load import Loaded
from grader.contract import Case
from grader.errors import AssignmentError
from student_template.runner import codec

Cases = dict[str, tuple[Case, ...]]


def draw(loaded: Loaded, secret: bytes, student: str = "") -> tuple[Cases, Cases]:
    """The public and the hidden cases, by check; `student` draws hidden cases of one's own.

    Raises `AssignmentError` where a `cases` function fails, its draws differ in more than numbers, or what it gives is
    not what the probe takes.
    """
    public: Cases = {}
    hidden: Cases = {}
    path = loaded.folder / "checks.py"
    for check in loaded.checks:
        td = loaded.assignment.name
        shown = _cases(check, store.rng(store.PUBLIC, td, check.id), path)
        kept = _cases(check, store.rng(secret, td, check.id, student), path)
        _same(check, shown, kept, path)
        _fit(check, shown, path)
        names = [case.name for case in shown]
        if check.public is not None:
            for name in check.public:
                if name not in names:
                    raise AssignmentError(f"{path}: {check.id} shows {name!r}, and its cases are {', '.join(names)}")
            if not check.public:
                raise AssignmentError(f"{path}: {check.id} shows no case; a student could not try anything")
        public[check.id] = tuple(case for case in shown if check.public is None or case.name in check.public)
        hidden[check.id] = kept
    return public, hidden


def _cases(check: DeclaredCheck, rng: np.random.Generator, path: Path) -> tuple[Case, ...]:
    try:
        made = check.cases(rng)
    except Exception as error:
        raise AssignmentError(f"the cases of {check.id}: {located(error, path)}") from None
    if not isinstance(made, Mapping) or not made or not all(isinstance(values, Mapping) for values in made.values()):
        raise AssignmentError(
            f"{path}: the cases of {check.id} must be a dictionary from a case's name to its values, a dictionary too"
        )
    for name in (*made, *(key for values in made.values() for key in values)):
        if not isinstance(name, str) or not name:
            raise AssignmentError(f"{path}: the cases of {check.id} have a name that is no text: {name!r}")
    return tuple(Case(name, dict(values)) for name, values in made.items())


def _same(check: DeclaredCheck, a: tuple[Case, ...], b: tuple[Case, ...], path: Path) -> None:
    if [case.name for case in a] != [case.name for case in b]:
        raise AssignmentError(f"{path}: the cases of {check.id} have other names at another draw")
    for one, other in zip(a, b, strict=True):
        where = f"{path}: {check.id}, case {one.name!r}"
        if list(one.values) != list(other.values):
            raise AssignmentError(f"{where}: has other values at another draw")
        for name in one.values:
            forms = _form(one.values[name]), _form(other.values[name])
            if forms[0] != forms[1]:
                raise AssignmentError(
                    f"{where}: {name} is {forms[0]} in one draw and {forms[1]} in another; draws change numbers only"
                )


def _form(value: Any) -> str:
    """What draws have in common: types and shapes."""
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} of {'text' if value.dtype.kind == 'U' else value.dtype}"
    if isinstance(value, np.generic):
        return str(value.dtype)
    if isinstance(value, list | tuple):
        return f"{type(value).__name__} of [{', '.join(map(_form, value))}]"
    if isinstance(value, Mapping):
        return f"dict of {{{', '.join(f'{key}: {_form(item)}' for key, item in value.items())}}}"
    return type(value).__name__


def _fit(check: DeclaredCheck, cases: tuple[Case, ...], path: Path) -> None:
    """A case's values hold what the probe takes and what the comparison needs; any others stay outside."""
    kinds = {parameter.kind for parameter in inspect.signature(check.probe).parameters.values()}
    if not kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}:
        raise AssignmentError(f"{path}: {check.id} must name its parameters, without * and /")
    spec = check.compare.spec
    labels = {spec["labels"]} if spec["kind"] == "accuracy" else set()
    for function in check.compare.functions if spec["kind"] == "gradient" else ():
        if tuple(inspect.signature(function).parameters)[1:] != check.parameters:
            raise AssignmentError(f"{path}: {function.__name__} must take what {check.id} takes, after td")
    for case in cases:
        where = f"{path}: {check.id}, case {case.name!r}"
        for name in (*check.parameters, *labels):
            if name not in case.values:
                raise AssignmentError(f"{where}: there is no {name} among its values")
        if labels & set(check.parameters):
            raise AssignmentError(f"{where}: the probe takes the labels {labels.pop()}; they must stay outside")
        for name, value in case.values.items():
            try:
                codec.encode(value)
            except codec.CodecError as error:
                raise AssignmentError(f"{where}: {name} cannot be sent to the sandbox ({error})") from None
