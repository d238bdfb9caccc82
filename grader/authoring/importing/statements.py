"""What a statement reads and binds, and which earlier statements an expression depends on."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.authoring import names

Code = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
_IN_PLACE = {"shuffle", "fill_diagonal", "copyto", "put", "place", "putmask"}  # functions that write into an argument
MOST = 20  # rounds of a loop that are written out


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement of a cell; `hidden` if it stands among hidden tests."""

    node: ast.stmt
    cell: int
    hidden: bool = False

    @property
    def binds(self) -> frozenset[str]:
        """Names that it binds or changes: assigned, imported, defined, or assigned in part (`x[0] = 1`)."""
        return names.bound(ast.unparse(self.node)) | self._changed

    @property
    def reads(self) -> frozenset[str]:
        return reads(self.node)

    @property
    def is_code(self) -> bool:
        """Whether it binds what can be sent nowhere as a value: functions, classes, modules."""
        value = self.node.value if isinstance(self.node, ast.Assign) else None
        return isinstance(self.node, Code) or isinstance(value, ast.Lambda)

    @property
    def replaces(self) -> frozenset[str]:
        """Names whose former value it forgets."""
        return names.bound(ast.unparse(self.node)) - self.reads if not self._nested else frozenset()

    @property
    def _nested(self) -> bool:
        return isinstance(self.node, ast.If | ast.For | ast.While | ast.Try | ast.With)

    @property
    def _changed(self) -> frozenset[str]:
        parts = [
            part
            for part in ast.walk(self.node)
            if isinstance(part, ast.Subscript | ast.Attribute) and isinstance(part.ctx, ast.Store | ast.Del)
        ]
        if isinstance(self.node, ast.Expr) and isinstance(self.node.value, ast.Call):
            call = self.node.value  # layer.forward(x), rng.shuffle(x)
            parts += [call.func] if isinstance(call.func, ast.Attribute) else []
            changes = dotted(call.func).rpartition(".")[2] in _IN_PLACE
            of_arguments = {part.id for part in call.args[:1] if isinstance(part, ast.Name) and changes}
        else:
            of_arguments = set()
        return frozenset(filter(None, map(root, parts))) | of_arguments


def parsed(text: str) -> ast.Module:
    """A cell's code. Raises `SyntaxError` or `ValueError` also for what a parser alone lets pass (`return` outside)."""
    compile(text, "<cell>", "exec", dont_inherit=True)
    return ast.parse(text)


def reads(node: ast.AST) -> frozenset[str]:
    """Global names that are read, builtins left out."""
    return names.read(ast.unparse(node)) - names.BUILTINS


def root(node: ast.expr) -> str:
    """The name that `a.b[0](c)` begins with, empty if it begins with none."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.expr) -> str:
    """`np.random.randn` as text, `numpy` as `np`; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join(["np" if node.id == "numpy" else node.id, *reversed(parts)])


def needed(wanted: Collection[str], history: Sequence[Statement], modules: Collection[str]) -> list[Statement]:
    """The statements of `history`, in order, that these names get their values from; `modules` never change."""
    missing = set(wanted) - set(modules)
    found = []
    for statement in reversed(history):
        if missing & statement.binds:
            found.append(statement)
            missing = (missing - statement.replaces) | (statement.reads - set(modules))
    return found[::-1]


def is_test(node: ast.AST) -> bool:
    """Whether a statement asserts something: by `assert`, or by a call like `np.testing.assert_allclose(…)`."""
    if isinstance(node, ast.Assert):
        return True
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return False
    return dotted(node.value.func).rpartition(".")[2].startswith("assert")


def tests_inside(node: ast.stmt) -> bool:
    """Whether anything in a statement asserts, or fails on purpose."""
    return any(is_test(part) or isinstance(part, ast.Raise) for part in ast.walk(node))


def unrolled(statements: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, int]]:
    """The statements, with loops of asserts over a few written values as one round after another; and their lines."""
    for node in statements:
        rounds = _rounds(node) if isinstance(node, ast.For) and tests_inside(node) else None
        if rounds is None or not isinstance(node, ast.For):
            yield node, node.lineno
            continue
        for value in rounds:
            setting = ast.Assign([node.target], value)
            yield ast.parse(ast.unparse(ast.fix_missing_locations(setting))).body[0], node.lineno
            yield from unrolled(node.body)


def _rounds(loop: ast.For) -> list[ast.expr] | None:
    if loop.orelse:
        return None
    values = loop.iter
    if isinstance(values, ast.List | ast.Tuple):
        found = list(values.elts)
    elif isinstance(values, ast.Call) and dotted(values.func) == "range":
        try:
            found = [ast.Constant(i) for i in range(*(ast.literal_eval(part) for part in values.args))]
        except (ValueError, TypeError):
            return None
    else:
        return None
    return found if 0 < len(found) <= MOST else None
