"""The part of `checks.py` that leaves the instructor's machine: probes, and what they name.

The sandbox gets the probes' source, the handout that of predicates too. From `checks.py` this takes each function
without its decorators, then, again and again, the top-level statements that bind or change a name which what was taken
reads: imports, constants, helpers. All else (cases, comparisons, points, comments between functions) stays. What is
taken keeps its order, runs by itself with numpy on Python 3.9, and needs no file.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from grader.authoring import names
from grader.authoring.declare import DeclaredCheck
from grader.authoring.stubs import OLDEST, evaluated_union
from grader.errors import AssignmentError

FUTURE = "from __future__ import annotations\n"


def probes_source(
    source: str,
    checks: Sequence[DeclaredCheck],
    *,
    file: str = "checks.py",
    packages: Collection[str] = ("numpy",),
    with_predicates: bool = False,
) -> str:
    """Source of the probes of `checks`, of the functions that `gradient(of=…)` names, and of what they name in turn.

    `with_predicates` adds the functions given to `predicate`. Raises `AssignmentError`, with the line, where a probe
    needs the grader, a file, a package that the assignment has not, a name that nothing defines, or a newer Python.
    """
    wanted = {check.id for check in checks}
    for check in checks:
        if with_predicates or check.compare.spec["kind"] != "predicate":
            wanted |= {function.__name__ for function in check.compare.functions}
    return _extract(source, wanted, file, packages)


@dataclass(frozen=True, slots=True)
class _Statement:
    line: int
    text: str
    binds: frozenset[str]
    reads: frozenset[str]
    is_import: bool
    is_function: bool


def _extract(source: str, wanted: Iterable[str], file: str, packages: Collection[str]) -> str:
    statements, future = _statements(source, file)
    needed_by = {name: name for name in sorted(wanted)}
    functions = {name for statement in statements if statement.is_function for name in statement.binds}
    for name in needed_by:
        if name not in functions:
            raise AssignmentError(f"{file}: {name} must be a function at the top level of this file, defined with def")
    taken: set[int] = set()
    waiting = list(needed_by)
    while waiting:
        name = waiting.pop()
        for position, statement in enumerate(statements):
            if name not in statement.binds or position in taken:
                continue
            taken.add(position)
            _check(statement, needed_by[name], file, packages, future)
            for read in sorted(statement.reads - set(needed_by)):
                needed_by[read] = needed_by[name]
                waiting.append(read)
    defined = {name for position in taken for name in statements[position].binds}
    for name in sorted(set(needed_by) - defined - names.BUILTINS):
        raise AssignmentError(f"{file}: {needed_by[name]} reads {name}, which nothing at the top level defines")
    texts = [statements[position].text for position in sorted(taken)]
    return (FUTURE if future else "") + "".join(
        f"{text}\n" if text.startswith(("import ", "from ")) else f"\n\n{text}\n" for text in texts
    ).lstrip("\n")


def _statements(source: str, file: str) -> tuple[list[_Statement], bool]:
    """The top-level statements, checks without their decorators, and whether annotations are never evaluated."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise AssignmentError(f"{file}, line {error.lineno}: not Python ({error.msg})") from None
    lines = source.split("\n")
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    declares = {
        alias.asname or alias.name.split(".")[0]
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).split(".")[0] == "grader"
    }
    statements: list[_Statement] = []
    for node in tree.body:
        text = ast.get_source_segment(source, node) or ""
        line = node.lineno
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            raise AssignmentError(f"{file}, line {line}: import names one by one, not *")
        is_function = isinstance(node, ast.FunctionDef)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            binds = frozenset({node.name})
            if node.decorator_list and not any(_root(decorator) in declares for decorator in node.decorator_list):
                line = min(decorator.lineno for decorator in node.decorator_list)
                text = "\n".join(lines[line - 1 : node.end_lineno])
        else:
            binds = names.bound(text) | _changed(node)
        reads = names.read(FUTURE * future + text)
        statements.append(_Statement(line, text, binds, reads, is_import, is_function))
    return statements, future


def _changed(node: ast.stmt) -> frozenset[str]:
    """Names whose items or attributes a statement assigns: `TABLE["a"] = 1` changes TABLE."""
    stores = (
        part
        for part in ast.walk(node)
        if isinstance(part, ast.Subscript | ast.Attribute) and isinstance(part.ctx, ast.Store | ast.Del)
    )
    return frozenset(filter(None, map(_root, stores)))


def _root(node: ast.expr) -> str:
    """The name that an expression like `a.b[0](c)` begins with, empty if it begins with none."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _check(statement: _Statement, wanted: str, file: str, packages: Collection[str], future: bool) -> None:
    """Raise `AssignmentError` if a statement that `wanted` needs cannot run elsewhere; `future`: unread annotations."""
    for offset, module in names.imports(statement.text):
        root = module.split(".")[0]
        if root not in packages and root not in sys.stdlib_module_names:
            where = f"{file}, line {statement.line + offset - 1}"
            raise AssignmentError(
                f"{where}: {wanted} needs {module}, and runs where only {', '.join(packages)} can be imported;"
                " do that part in cases or in the comparison"
            )
    if "__file__" in statement.reads:
        raise AssignmentError(
            f"{file}, line {statement.line}: {wanted} needs a path made of __file__, and runs where there are no files;"
            " give it the data as a case's value"
        )
    try:
        tree = ast.parse(statement.text, feature_version=OLDEST)
    except SyntaxError as error:
        line = statement.line + (error.lineno or 1) - 1
        oldest = ".".join(map(str, OLDEST))
        raise AssignmentError(
            f"{file}, line {line}: {wanted} must run on Python {oldest}, which cannot read this ({error.msg})"
        ) from None
    if not future and (union := evaluated_union(tree)):
        raise AssignmentError(
            f"{file}, line {statement.line}: {wanted} must run on Python 3.9, which cannot evaluate the"
            f" annotation {union}; leave it out"
        )
