"""Markdown cells → handout.md, with a call for each stub; and which question each cell belongs to.

Where the notebook's own headings number its questions ("Exercise 2", "2.1 Softmax"), these numbers are kept. Else each
cell that students write is a question, counted from 1, and a line says so.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from grader.authoring import names
from grader.authoring.importing.module import Left, Module, Part
from grader.authoring.importing.notebook import Cell, Role
from grader.authoring.importing.statements import Code
from grader.authoring.markers import BEGIN

_KEYWORD = r"(?:question|exercise|exercice|problem|problème|task|part|partie|step|q)"
_NUMBER = r"(\d+(?:\.\d+)*[a-z]?)\b"
_HEADING = re.compile(
    rf"^(?:#+\s*|\*\*\s*)(?:{_KEYWORD}\s*[.:°n]*\s*{_NUMBER}|{_NUMBER}[.):]?\s)", re.IGNORECASE | re.MULTILINE
)
_TITLE = re.compile(r"\A\s*#\s+(.+?)\s*#*\s*(?:\n|\Z)")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)[^)]*\)|<img[^>]+src=[\"']([^\"']+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Questions:
    """The question of each cell, by its number; `own` if they are the notebook's."""

    of_cells: Mapping[int, str]
    own: bool

    def of(self, cell: int) -> str:
        """The question that a cell belongs to: its own, or the one before it, or the first."""
        before = [number for number in self.of_cells if number <= cell]
        return self.of_cells[max(before) if before else min(self.of_cells)]


def questions(cells: Sequence[Cell]) -> Questions:
    """Number the cells that students write in."""
    asked = [cell for cell in cells if cell.role in (Role.SOLUTION, Role.MANUAL)]
    own: dict[int, str] = {}
    heading = ""
    seen: list[str] = []
    for cell in cells:
        if not cell.is_code:
            for found in _HEADING.finditer(cell.text):
                heading = found[1] or found[2]
                seen.append(heading)
        if cell in asked:
            own[cell.number] = heading
    if asked and own[asked[0].number] and len(set(seen)) == len(seen):
        return Questions(own, True)
    return Questions({cell.number: str(position) for position, cell in enumerate(asked, 1)}, False)


def title(cells: Sequence[Cell]) -> str:
    """The notebook's first heading, if it begins with one."""
    first = next((cell for cell in cells if cell.text.strip()), None)
    found = _TITLE.match(first.text) if first and first.role is Role.PROSE else None
    return " ".join(found[1].split()) if found else ""


def text(cells: Sequence[Cell], module: Module, asked: Questions, run_rest: bool) -> tuple[str, list[Left]]:
    """handout.md, and what of the notebook could not come along.

    Code that only tries things out is a cell of the handout's notebook, as what draws is; text where it cannot run, or
    without `run_rest`.
    """
    known = module.source("", ())
    left: list[Left] = []
    blocks = ["# {{ title }}"]
    hoisted = module.hoisted
    named = title(cells)
    for cell in cells:
        own = [part for part in module.kept if part.cell == cell.number and part not in hoisted]
        if cell.role in (Role.PROSE, Role.MANUAL) and not cell.is_code:
            prose = cell.text
            if named and _TITLE.match(prose) and _TITLE.match(prose)[1].split() == named.split():  # type: ignore[index]
                prose, named = _TITLE.sub("", prose), ""
            left += _images(prose, cell, module)
            blocks += [_markdown(prose)] if prose.strip() else []
        elif cell.role is Role.NONE and cell.text.strip():
            left.append(Left(cell.number, "is a raw cell", "handout.md"))
        if cell.role is Role.MANUAL:
            blocks.append(f"**Question {asked.of(cell.number)}** is marked by a person.")
            if cell.is_code:
                blocks.append("Write your code into a cell of your own.")
        elif cell.role is Role.SOLUTION and not asked.own:
            blocks.append(f"**Question {asked.of(cell.number)}**")
        blocks += [_stub(part, asked.of(cell.number)) for part in own]
        rest = [part for part in module.rest.get(cell.number, []) if not _is_text(part.node)]
        if rest:
            code = _rest(rest, module)
            runs = run_rest and _can_run(f"{known}\n{code}", module)
            known += f"\n{code}" * runs
            blocks.append(_markdown(f"```python{' plot' * runs}\n{code}\n```"))
            if not runs:
                left.append(
                    Left(cell.number, f"runs `{_short(code)}`; in the handout it is text to read", "handout.md")
                )
        left += [Left(cell.number, f"the command {command} is not Python", "handout.md") for command in cell.lost]
    return "\n\n".join(blocks) + "\n", left


def _rest(rest: Sequence[Part], module: Module) -> str:
    """The code that stays out of the module, with the imports that it needs."""
    code = rest[0].text
    for before, part in pairwise(rest):
        defined = isinstance(before.node, Code) or isinstance(part.node, Code)
        code += f"\n\n\n{part.text}" if defined else f"\n{part.text}"
    wanted = frozenset().union(*(part.reads for part in rest)) & set(module.imports)
    imports = sorted({module.imports[name] for name in wanted} - {"import numpy as np"})
    return "\n".join([*imports, *[""] * bool(imports), code])


def _can_run(code: str, module: Module) -> bool:
    """Whether a student has all that this code names: packages, and names that something before defines."""
    packages = {*module.packages, "matplotlib", *sys.stdlib_module_names}
    known = all(name.split(".")[0] in packages for _, name in names.imports(code))
    return known and not names.missing(code)


def _stub(part: Part, question: str) -> str:
    name = next(iter(sorted(part.names)))
    if not part.solved:
        return f'{{{{ stub("{name}") }}}}'
    if not isinstance(part.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return "" if BEGIN in part.text.split("\n")[0] else f'{{{{ stub("{name}") }}}}'
    return f'{{{{ stub("{name}", "{question}") }}}}'


def _markdown(prose: str) -> str:
    """Prose that jinja2 leaves as it is, with every fence closed."""
    prose = prose.strip("\n").rstrip()
    opened = ""
    for line in prose.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not opened or (mark[1].startswith(opened) and not line.strip().strip(opened[0]))):
            opened = "" if opened else mark[1]
    if opened:
        prose += f"\n{opened}"
    if not re.search(r"{[{%#]", prose):
        return prose
    if "endraw" in prose:
        return re.sub(r"{[{%#]", lambda found: f'{{{{ "{found[0]}" }}}}', prose)
    return f"{{% raw %}}\n{prose}\n{{% endraw %}}"


def _images(prose: str, cell: Cell, module: Module) -> list[Left]:
    found = []
    for match in _IMAGE.finditer(prose):
        source = match[1] or match[2]
        if not re.match(r"https?://|data:", source) and source not in module.files:
            found.append(
                Left(cell.number, f"shows the picture {source}, which the handout does not have", "handout.md")
            )
    return found


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _short(code: str, length: int = 60) -> str:
    line = " ".join(code.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
