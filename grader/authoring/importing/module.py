"""Code cells → the reference module.

All functions and classes come along, and of other statements what these need: imports, and constants that can be made
without students' code and without files. What remains (calls to try something out, plots, data) is prose in the
handout, and may still be what a test begins with.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring import markers, names
from grader.authoring.importing.notebook import Cell, Role
from grader.authoring.importing.probing import Names
from grader.authoring.importing.solutions import solution
from grader.authoring.importing.statements import Code, Statement, dotted, parsed, reads, root

_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_PLOTS = {"matplotlib", "seaborn", "plotly", "bokeh", "IPython", "ipywidgets", "mpl_toolkits", "pylab", "google"}
_READERS = {"open", "load", "loadtxt", "genfromtxt", "fromfile", "read_csv", "read_table", "read_excel", "urlopen"}
_READERS |= {"urlretrieve", "read_pickle", "read_json", "imread", "Path"}


@dataclass(frozen=True, slots=True)
class Left:
    """What could not be carried over as it was: the cell's number, why, and the drafted file that it concerns."""

    cell: int
    why: str
    file: str = "checks.py"

    def __str__(self) -> str:
        return f"cell {self.cell}: {self.why}" if self.cell else self.why


def commented(left: Sequence[Left]) -> str:
    """A comment for the end of a file of Python or TOML."""
    lines = [f"Not carried over: {each}" for each in left]
    return "".join(textwrap.fill(line, 118, initial_indent="# ", subsequent_indent="#   ") + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Part:
    """A top-level statement of a cell: its text with the comments above it, and markers."""

    cell: int
    node: ast.stmt
    text: str
    solved: bool  # whether a solution is in it

    @property
    def names(self) -> frozenset[str]:
        return (
            frozenset({self.node.name}) if isinstance(self.node, _DEFINITION) else names.bound(ast.unparse(self.node))
        )

    @property
    def reads(self) -> frozenset[str]:
        return reads(self.node)


@dataclass
class Module:
    """The reference as it is drafted, and all that the drafts of prose and checks need to know of it."""

    imports: dict[str, str] = field(default_factory=dict)  # bound name → statement, of the whole notebook
    kept: list[Part] = field(default_factory=list)
    rest: dict[int, list[Part]] = field(default_factory=dict)  # what stays prose, by cell
    unwritten: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)  # as code names them → where they are

    @property
    def definitions(self) -> list[Part]:
        return [part for part in self.kept if isinstance(part.node, _DEFINITION)]

    @property
    def hoisted(self) -> list[Part]:
        """Constants that stand before all functions."""
        defined = frozenset().union(*(part.names for part in self.definitions))
        return [p for p in self.kept if not isinstance(p.node, _DEFINITION) and not p.solved and not p.reads & defined]

    @property
    def names(self) -> Names:
        module = frozenset().union(*(part.names for part in self.kept))
        return Names(module, self.students, self._parameters, frozenset(self.imports), frozenset(self.files))

    @property
    def students(self) -> frozenset[str]:
        """Names that students write, and given ones that need these."""
        found = frozenset().union(*(part.names for part in self.kept if part.solved))
        while more := frozenset().union(*(part.names for part in self.kept if part.reads & found)) - found:
            found |= more
        return found

    @property
    def _parameters(self) -> Mapping[str, Sequence[str]]:
        found = {}
        for part in self.definitions:
            function = part.node
            skip = 0
            if isinstance(function, ast.ClassDef):
                inits = [n for n in function.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
                if not inits:
                    continue
                function, skip = inits[0], 1
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = function.args
                found[next(iter(part.names))] = [a.arg for a in (*arguments.posonlyargs, *arguments.args)][skip:]
        return found

    def source(self, title: str, notes: Sequence[Left]) -> str:
        """The module's text."""
        hoisted = self.hoisted
        body = [part.text for part in self.kept if part not in hoisted]
        wanted = frozenset().union(*(part.reads for part in self.kept))
        imports = sorted({self.imports[name] for name in wanted & set(self.imports)} | {"import numpy as np"})
        docstring = title.replace("\\", "\\\\").replace('"', "'")
        header = "\n".join([*imports, *[""] * bool(hoisted), *(part.text for part in hoisted)])
        comments = commented(notes)
        return "\n\n\n".join([f'"""{docstring}"""\n\n{header}', *body]) + "\n" + f"\n\n{comments}" * bool(comments)

    @property
    def packages(self) -> list[str]:
        wanted = frozenset().union(*(part.reads for part in self.kept))
        used = [self.imports[name] for name in wanted & set(self.imports)]
        roots = {module.split(".")[0] for line in used for _, module in names.imports(line)}
        return ["numpy", *sorted(roots - {"numpy"} - sys.stdlib_module_names)]


def module(cells: Sequence[Cell], folder: Path) -> Module:
    """The reference of these cells; files that they read are looked for in the notebook's `folder`."""
    made = Module()
    parts: list[Part] = []
    hidden_files: list[tuple[Cell, str]] = []  # that solutions and tests name
    for cell in cells:
        if not cell.is_code:
            continue
        try:
            tree = parsed(cell.text)
        except (SyntaxError, ValueError) as error:
            made.left.append(Left(cell.number, f"is not Python ({getattr(error, 'msg', error)})"))
            continue
        if cell.role is Role.GIVEN:
            _find_files(tree, cell, folder, made)
        else:
            hidden_files += [(cell, name) for name in _beside(tree, folder)]
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                _import(node, cell, made)
        if cell.role in (Role.GIVEN, Role.SOLUTION):
            parts += [part for part in _parts(cell, made) if not isinstance(part.node, ast.Import | ast.ImportFrom)]
    for cell, name in hidden_files:
        if name not in made.files:
            what = f"names {name!r}, which is not handed out: if students need it, put it into data/ and into `data`"
            made.left.append(Left(cell.number, what, "assignment.toml"))
    _keep(parts, made)
    return made


def statements(cell: Cell) -> list[Statement]:
    """Statements of a cell of code that is no import, `hidden` as its markers say; none where it is not Python."""
    try:
        tree = parsed(cell.text)
    except (SyntaxError, ValueError):
        return []
    hidden = cell.hidden_lines()
    return [
        Statement(n, cell.number, n.lineno in hidden)
        for n in tree.body
        if not isinstance(n, ast.Import | ast.ImportFrom)
    ]


def _parts(cell: Cell, made: Module) -> Iterator[Part]:
    text = cell.text
    if cell.role is Role.SOLUTION:
        solved = solution(text)
        text = solved.text
        made.unwritten += solved.unwritten
        if solved.trouble:
            made.left.append(
                Left(
                    cell.number,
                    f"its markers do not fit ({solved.trouble.rpartition(': ')[2]}); the whole bodies are solutions",
                    "reference",
                )
            )
        for name in solved.unwritten:
            made.left.append(
                Left(cell.number, f"{name} has no solution in it (a release version?): write it", "reference")
            )
        for name in solved.whole:
            made.left.append(
                Left(
                    cell.number,
                    f"all of {name} was the solution; its signature and docstring are handed out now",
                    "reference",
                )
            )
        for name in solved.loose:
            made.left.append(
                Left(
                    cell.number,
                    f"{name} is assigned outside of any function; make a function of it that returns it",
                    "reference",
                )
            )
    lines = text.split("\n")
    nodes = ast.parse(text).body
    starts = [_start(node, lines) for node in nodes] + [len(lines)]
    for position, node in enumerate(nodes):
        shared = position + 1 < len(nodes) and starts[position + 1] <= node.lineno - 1  # a; b
        if shared or (position and nodes[position - 1].end_lineno == node.lineno):
            piece = ast.unparse(node)
        else:
            piece = "\n".join(lines[starts[position] : starts[position + 1]]).strip("\n").rstrip()
        yield Part(cell.number, node, piece, markers.BEGIN in piece)


def _start(node: ast.stmt, lines: Sequence[str]) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(part.lineno for part in decorators)]) - 1
    while first > 0 and lines[first - 1].startswith("#") and lines[first - 1] != markers.END:
        first -= 1
    return first


def _import(node: ast.Import | ast.ImportFrom, cell: Cell, made: Module) -> None:
    for alias in node.names:
        if alias.name == "*":
            made.left.append(
                Left(cell.number, f"`{ast.unparse(node)}`: import the names that are used one by one", "reference")
            )
            continue
        kind = type(node)
        one = ast.Import([alias]) if kind is ast.Import else ast.ImportFrom(node.module, [alias], node.level)  # type: ignore[union-attr]
        made.imports.setdefault(alias.asname or alias.name.split(".")[0], ast.unparse(one))


def _find_files(tree: ast.Module, cell: Cell, folder: Path, made: Module) -> None:
    """Files that code names: those beside the notebook come along, of others it is said that they are missing."""
    for file in _beside(tree, folder):
        made.files.setdefault(file, folder / file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _READERS and node.args:
            name = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if isinstance(name, str) and name not in made.files:
                made.left.append(
                    Left(
                        cell.number,
                        f"reads {name!r}, which is not beside the notebook: put it into data/ and name it in `data`",
                        "assignment.toml",
                    )
                )


def _beside(tree: ast.Module, folder: Path) -> Iterator[str]:
    """The names of files beside the notebook that code has as texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < 200:
            path = folder / node.value if "\0" not in node.value else folder
            if path != folder and path.is_file() and not Path(node.value).is_absolute() and ".." not in node.value:
                yield node.value


def _keep(parts: Sequence[Part], made: Module) -> None:
    """Sort statements into the module and what stays prose."""
    kept = {
        id(part) for part in parts if part.solved or (isinstance(part.node, _DEFINITION) and not _draws(part, made))
    }
    while True:
        chosen = [part for part in parts if id(part) in kept]
        wanted = frozenset().union(*(part.reads for part in chosen))
        students = frozenset().union(*(part.names for part in chosen if part.solved))
        more = {
            id(part)
            for part in parts
            if id(part) not in kept
            and part.names & wanted
            and not part.reads & students
            and not _reads_file(part, made)
        }
        if not more:
            break
        kept |= more
    for part in parts:
        if id(part) in kept:
            made.kept.append(part)
        else:
            made.rest.setdefault(part.cell, []).append(part)
    last = {name: part for part in made.kept for name in part.names}
    for part in list(made.kept):
        if isinstance(part.node, _DEFINITION) and last[part.node.name] is not part:
            made.kept.remove(part)
            made.left.append(
                Left(
                    part.cell,
                    f"{part.node.name} is defined again in cell {last[part.node.name].cell}; that one is kept",
                    "reference",
                )
            )


def _draws(part: Part, made: Module) -> bool:
    """Does a given function need what students may not have, a library that draws?"""
    used = [made.imports[name] for name in part.reads if name in made.imports]
    return any(module.split(".")[0] in _PLOTS for line in used for _, module in names.imports(line))


def _reads_file(part: Part, made: Module) -> bool:
    return any(
        (isinstance(node, ast.Constant) and node.value in made.files)
        or (isinstance(node, ast.Call) and root(node.func) and dotted(node.func).rpartition(".")[2] in _READERS)
        for node in ast.walk(part.node)
        if not isinstance(part.node, Code)
    )
