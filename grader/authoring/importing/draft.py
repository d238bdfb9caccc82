"""A notebook → the files of a TD, tried before they are handed over.

What is drafted is loaded as `surdix validate` would, in a folder of its own. A check that cannot be drawn, or that the
reference cannot answer, becomes a TODO; so a draft can always be looked at as a whole.
"""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring import draws, load, place
from grader.authoring.importing import asking, files, handout, notebook
from grader.authoring.importing.files import Parts
from grader.authoring.importing.graded import Draft, identifier
from grader.authoring.importing.module import Left, module
from grader.authoring.importing.solutions import UNWRITTEN
from grader.authoring.importing.writing import Seen
from grader.errors import AssignmentError, UserError
from student_template.runner import codec


@dataclass(frozen=True, slots=True)
class Drafted:
    """The files by their paths in the course, what could not be carried over, and how much was."""

    name: str
    files: Mapping[str, bytes]
    left: Sequence[Left]
    checks: int
    todo: int
    manual: int


def draft(path: Path, name: str = "") -> Drafted:
    """Draft a TD from a notebook. Raises `UserError` for what is no notebook, and for a name that no TD can have."""
    name = name or identifier(path.stem)
    place.check_name(name)
    try:
        # The notebook's own strings may have escapes like "\s", and its code may print.
        with (
            warnings.catch_warnings(category=SyntaxWarning, action="ignore"),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            return _draft(path, name)
    except RecursionError:
        raise UserError(f"{path}: its code or its JSON is nested too deeply to be read; simplify it") from None


def _draft(path: Path, name: str) -> Drafted:
    cells = notebook.read(path)
    code = module(cells, path.parent)
    if not any(part.solved for part in code.kept):
        why = f" ({code.left[0]})" if code.left else ""
        raise UserError(f"{path}: no function for students to write can be read in it{why}; mend its solution cells")
    data, missing = files.data(code, path)
    questions = handout.questions(cells)
    asked = asking.ask(cells, code, questions)
    needed = [
        Left(0, f"{package} is in `packages`: students, and the machine that grades, need it", "assignment.toml")
        for package in code.packages[1:]
    ]
    left = [*code.left, *missing, *asked.left, *needed]
    title = handout.title(cells) or name
    for run_rest in (True, False):
        text, of_prose = handout.text(cells, code, questions, run_rest)
        parts = Parts(name, path, title, code, text, asked.drafts, asked.manual, data, [*left, *of_prose])
        if _loads(parts, []) is None:
            break  # else without the code that only tries things out
    _try_out(parts)
    ordered = sorted(dict.fromkeys(parts.left), key=lambda each: (not each.cell, each.cell))
    todo = sum(bool(each.todo) for each in parts.drafts)
    return Drafted(name, parts.files(parts.drafts), ordered, len(parts.drafts), todo, len(parts.manual))


def _try_out(parts: Parts) -> None:
    """Ask the reference, and make a TODO of each check that does not work."""
    for each in parts.drafts:
        if each.todo:
            continue
        try:
            parts.seen[each.id] = _seen(parts, each)
        except AssignmentError as error:
            if UNWRITTEN not in str(error):  # else the reference has to be written first
                each.todo = f"its draft does not work ({_plain(error)})"
                parts.left.append(Left(each.cell, f"{each.id} is a TODO in checks.py: {each.todo}"))
    if trouble := _loads(parts, parts.drafts):
        parts.left.append(Left(0, f"the draft does not load yet: {trouble}"))


def _loads(parts: Parts, shown: Sequence[Draft]) -> str | None:
    """Why the TD cannot be loaded, with these checks and TODOs for all others; None if it can."""
    try:
        with _loaded(parts, shown):
            return None
    except AssignmentError as error:
        return _plain(error)


@contextlib.contextmanager
def _loaded(parts: Parts, shown: Sequence[Draft]) -> Iterator[load.Loaded]:
    """The TD with these checks, and TODOs for all others, there as long as the context."""
    drafts = [each if each.todo or each in shown else replace(each, todo="not looked at") for each in parts.drafts]
    with tempfile.TemporaryDirectory(prefix="surdix-import-") as folder:
        place.write(Path(folder), parts.name, parts.files(drafts))
        yield load.load(Path(folder), parts.name)


def _seen(parts: Parts, each: Draft) -> Seen:
    """What a draft gives. Raises `AssignmentError` where it gives nothing."""
    with _loaded(parts, [each]) as loaded:
        (check,) = (check for check in loaded.checks if check.id == each.id)
        _, drawn = draws.draw(replace(loaded, checks=(check,)), b"a draft, tried")
    values = {case.name: case.values for case in drawn[check.id]}
    answers = []
    for case in values.values():
        try:
            answer = check.probe(loaded.reference, **{name: case[name] for name in check.parameters})
            answers.append(codec.decode(codec.encode(answer)))
        except (Exception, SystemExit) as error:
            raise AssignmentError(f"{type(error).__name__}: {error}") from None
    return Seen(values, any(map(_has_fractions, answers)))


def _plain(error: AssignmentError) -> str:
    """What is wrong, without places in files that are gone."""
    return " ".join(re.sub(r"\S*surdix-import-\w+/(\S*checks\.py(, line \d+)?: )?", "", str(error)).split())


def _has_fractions(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_fractions, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_fractions, value))
    is_array = isinstance(value, np.ndarray | np.generic)
    return isinstance(value, float | complex) or (is_array and value.dtype.kind in "fc")
