"""A cell of tests → drafts of checks.

Asserts that ask the same of other numbers are the cases of one check; those that ask something else are further
checks, and the cell's points are shared by the number of asserts. What cannot be read is a check too: it is a TODO
that nobody, the reference included, gets points for, so that `surdix validate` goes on naming it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.authoring.importing.asserts import Asserted, Unreadable, asserted
from grader.authoring.importing.module import Left, statements
from grader.authoring.importing.notebook import Cell
from grader.authoring.importing.probing import Names, Piece, dependent, piece
from grader.authoring.importing.statements import Statement, is_test, needed, parsed, reads, tests_inside, unrolled


@dataclass(eq=False)
class Draft:
    """A check to be: its probe's body and its cases, or (`todo`) why there is none and the code that it was."""

    id: str
    question: str
    weight: float
    sentence: str
    cell: int
    body: tuple[str, ...] = ()
    near: dict[str, float] | None = None
    cases: list[tuple[Piece, bool]] = field(default_factory=list)  # with: hidden?
    asks: frozenset[str] = frozenset()  # names of students' that it calls
    only: bool = False  # whether the notebook looked at less than the value
    todo: str = ""
    code: str = ""

    @property
    def parameters(self) -> list[str]:
        return list(self.cases[0][0].values) if self.cases else []


Question = Callable[[frozenset[str], int], str]  # names of students', a cell → the question that they belong to


def drafts(cell: Cell, history: list[Statement], names: Names, question: Question) -> tuple[list[Draft], list[Left]]:
    """The checks that a cell's asserts become, their ids still to be made unique; `history` goes on with the cell."""
    found: list[Draft] = []
    left: list[Left] = []
    for statement in _statements(cell):
        node = statement.node
        if not tests_inside(node):
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                history.append(statement)
            continue
        try:
            looks = _read(statement, history, names)
        except Unreadable as error:
            asks = frozenset(reads(node) & names.students)
            found.append(_draft(cell, asks=asks, todo=str(error), code=ast.unparse(node)))
            left.append(Left(cell.number, f"`{_short(node)}` is a TODO in checks.py: {error}"))
            continue
        code = "\n".join(ast.unparse(s.node) for s in (*needed(reads(node), history, names.imports), statement))
        for look, made in looks:
            cases = [(made, statement.hidden)]
            only = bool(look.only)
            _add(
                found,
                _draft(
                    cell, asks=_asked(made, names), body=made.body, near=look.near, cases=cases, only=only, code=code
                ),
            )
            if only:
                why = f"`{_short(node)}` asks only for {look.only}; the draft compares the value"
                left.append(Left(cell.number, why))
    total = sum(draft.weight for draft in found)
    for draft in found:
        draft.question = question(draft.asks, cell.number)
        draft.weight *= cell.points / total
        if draft.cases and all(hidden for _, hidden in draft.cases):
            left.append(Left(cell.number, "of a check whose tests are all hidden the first is public: one has to be"))
    return found, left


def _draft(cell: Cell, **fields: Any) -> Draft:
    name = identifier(cell.grade_id) or f"cell_{cell.number}"
    return Draft(id=name, question="", weight=1.0, sentence=_sentence(cell), cell=cell.number, **fields)


def _read(statement: Statement, history: Sequence[Statement], names: Names) -> list[tuple[Asserted, Piece]]:
    """What a statement asserts, each with its part of a probe. Raises `Unreadable`."""
    if not is_test(statement.node):
        raise Unreadable("asserts in a loop, a branch, a function or a `try` say too little of what to call")
    of_students = dependent(history, names)
    looks = asserted(statement.node, lambda value: bool(reads(value) & of_students))
    return [(look, piece(look.value, history, names)) for look in looks]


def _statements(cell: Cell) -> list[Statement]:
    written = statements(cell)
    hidden = {line: s.hidden for s in written for line in range(s.node.lineno, (s.node.end_lineno or 0) + 1)}
    return [Statement(n, cell.number, hidden.get(line, False)) for n, line in unrolled([s.node for s in written])]


def _add(found: list[Draft], new: Draft) -> None:
    """A further case of the last check that asks the same, else a check of its own."""
    for draft in found:
        same = not draft.todo and (draft.body, draft.parameters) == (new.body, new.parameters)
        if same and (draft.near == new.near or draft.only or new.only):
            draft.near = new.near if draft.only else draft.near
            draft.only = draft.only and new.only
            case = new.cases[0][0]
            if all((made.values, made.setup) != (case.values, case.setup) for made, _ in draft.cases):
                draft.cases += new.cases
                draft.code += f"\n{new.code}"
                draft.weight += 1.0
            return
    found.append(new)


def _asked(made: Piece, names: Names) -> frozenset[str]:
    called = {name for line in made.body for name in re.findall(r"\btd\.(\w+)", line)}
    return frozenset(called & names.students)


def _sentence(cell: Cell) -> str:
    """What the cell says of itself: its docstring, else the comment that it begins with."""
    try:
        tree = parsed(cell.text)
    except (SyntaxError, ValueError):
        return ""
    text = ast.get_docstring(tree) or ""
    if not text:
        comments = []
        for line in cell.text.split("\n"):
            if not line.startswith("#"):
                break
            comments.append(line.strip("# \t"))
        text = " ".join(comments)
    words = " ".join(text.split())
    return "" if re.search(r"HIDDEN TESTS|%|get_ipython", words) else words


def identifier(text: str) -> str:
    """A Python name made of any text, empty if nothing of it can be in one."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()
    return f"cell_{name}" if name[:1].isdigit() else name


def _short(node: ast.stmt, length: int = 60) -> str:
    line = " ".join(ast.unparse(node).split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
