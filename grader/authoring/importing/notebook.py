"""A notebook as nbgrader keeps it: cells, and what its metadata say of each.

Of the metadata (schema versions 1 to 3, and 0, which had no number) five keys matter: `solution` (students write
here), `grade` (worth points), both (a person marks it), `task` (version 3: a text that asks for cells to be added, and
is marked by a person), `points`. nbgrader finds its markers anywhere in a line; here they become the strict ones of
`markers.py`. A notebook without any metadata is read by its markers and its asserts.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from grader.authoring import markers
from grader.errors import UserError
from student_template.runner import reading

_SOLUTION = re.compile(r"^([ \t]*)#.*\b(BEGIN|END) SOLUTION\b.*$", re.MULTILINE)
_HIDDEN = re.compile(r"^[ \t]*#.*\b(BEGIN|END) HIDDEN TESTS\b.*$")
_SCHEME = re.compile(r"^[^\n]*BEGIN MARK SCHEME[^\n]*\n(.*?)^[^\n]*END MARK SCHEME[^\n]*$\n?", re.MULTILINE | re.DOTALL)
_TESTS = re.compile(r"^[ \t]*(assert\b|(np\.testing\.)?assert_\w+\()", re.MULTILINE)


class Role(Enum):
    """What a cell is for."""

    PROSE = "prose"
    GIVEN = "given"  # code that students get
    SOLUTION = "solution"  # code that students write
    TESTS = "tests"
    MANUAL = "manual"  # marked by a person
    NONE = "none"  # raw


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `number` counts all cells from 1, as on the page. Code is plain Python, without IPython's syntax."""

    number: int
    role: Role
    text: str
    points: float = 0.0
    grade_id: str = ""
    is_code: bool = False
    answer: str = ""  # of a manual one: what only the marker should see
    lost: tuple[str, ...] = ()  # commands that are not Python

    def hidden_lines(self) -> frozenset[int]:
        """Lines, from 1, between the markers of hidden tests."""
        inside = False
        found = set()
        for number, line in enumerate(self.text.split("\n"), 1):
            marker = _HIDDEN.match(line)
            inside = marker[1] == "BEGIN" if marker else inside
            if inside and not marker:
                found.add(number)
        return frozenset(found)


def read(path: Path) -> list[Cell]:
    """The cells of a notebook. Raises `UserError`, in one sentence, for what is none, or has nothing for students."""
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); name a notebook, a file .ipynb") from None
    except (ValueError, RecursionError):
        raise UserError(f"{path}: is no notebook (not JSON in UTF-8); save it from Jupyter as .ipynb") from None
    raw = _raw_cells(document)
    if raw is None:
        raise UserError(f"{path}: is no notebook (there are no cells in it); save it from Jupyter as .ipynb")
    language = _language(document)
    if language and not language.lower().startswith(("python", "ipython", "xpython")):
        raise UserError(f"{path}: its language is {language}; only notebooks in Python can be imported")
    marked = any(_flags(cell) for cell in raw)
    cells = [_cell(number, cell, marked) for number, cell in enumerate(raw, 1)]
    if not any(cell.role is Role.SOLUTION for cell in cells):
        raise UserError(
            f"{path}: no code cell is for students to write; in nbgrader mark such cells as autograded answers,"
            f" or put {markers.BEGIN} and {markers.END} around solutions"
        )
    return cells


def _raw_cells(document: Any) -> list[dict[str, Any]] | None:
    if not isinstance(document, dict):
        return None
    cells = document.get("cells")
    sheets = document.get("worksheets")  # nbformat 3
    if cells is None and isinstance(sheets, list):
        cells = [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells") or []]
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return None
    return cells


def _language(document: dict[str, Any]) -> str:
    """The language that a notebook says it is in, empty if it says none."""
    metadata = document.get("metadata")
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        inner = metadata.get(part) if isinstance(metadata, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get(key), str) and inner[key]:
            return str(inner[key])
    return ""


def _text(source: Any) -> str:
    """A cell's text, which is kept as one or line by line, with Python's line ends."""
    lines = [line for line in source if isinstance(line, str)] if isinstance(source, list) else [source]
    text = "".join(lines) if all(isinstance(line, str) for line in lines) else ""
    # Half a character, which JSON can hold and a file cannot.
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def _flags(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def _cell(number: int, cell: dict[str, Any], marked: bool) -> Cell:
    flags = _flags(cell)
    kind = cell.get("cell_type")
    text = _text(cell.get("source", cell.get("input", "")))
    if kind == "heading":  # nbformat 3
        level = cell.get("level")
        text = f"{'#' * (level if isinstance(level, int) else 1)} {text}"
    points = flags.get("points")
    worth = float(points) if isinstance(points, int | float) and math.isfinite(points) and points > 0 else 0.0
    grade_id = str(flags.get("grade_id") or "")
    solution, graded = flags.get("solution") is True, flags.get("grade") is True
    if kind == "code":
        plain, notes = reading.clean(text)
        lost = tuple(str(values.get("command") or values.get("magic")) for _, values in notes)
        plain = _SOLUTION.sub(lambda found: f"{found[1]}### {found[2]} SOLUTION", plain).rstrip()
        if not marked:
            solution = markers.BEGIN in plain
            graded = not solution and bool(_TESTS.search(plain))
            worth = float(graded)
        role = (
            Role.MANUAL if solution and graded else Role.SOLUTION if solution else Role.TESTS if graded else Role.GIVEN
        )
        answer = plain if role is Role.MANUAL else ""
        return Cell(number, role, plain, worth, grade_id, True, answer, lost)
    if kind not in ("markdown", "heading"):
        return Cell(number, Role.NONE, text)
    if flags.get("task") is True:
        scheme = "\n".join(found[1].strip() for found in _SCHEME.finditer(text))
        return Cell(number, Role.MANUAL, _SCHEME.sub("", text), worth, grade_id, answer=scheme)
    if solution and graded:
        return Cell(number, Role.MANUAL, "", worth, grade_id, answer=text)
    return Cell(number, Role.PROSE, text)
