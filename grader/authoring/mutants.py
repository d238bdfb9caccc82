"""Small wrong programs made by machine from a right one: each differs from the source in one place.

The source is parsed, and each node of its tree is asked what could be wrong there: the table `RULES` says it, by type
of node. What comes of it is an edit of the text at the node's own position, so that comments and layout stay as they
were and a person can be shown the line.

Not mutated, because nothing could tell the difference:
- texts: docstrings, messages, f-strings; annotations and decorators; what is printed;
- guards against bad input (`if …: raise`, `assert`, a function of nothing but these, `zip(strict=True)`): what is done
  with bad input is not tested in td1 to td4;
- swapped arguments of functions that are symmetric, a minus before zeros.
"""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong program. `before` and `after` are the lines of the edit, for people: stripped, joined by blanks."""

    line: int  # where the edit begins, from 1
    operator: str  # what was done, in a word or two
    before: str
    after: str
    source: str  # the whole edited source
    function: str  # the dotted name of the function or method that the edit is in; empty at the top level


def mutate(source: str, lines: Collection[int] | None = None) -> Iterator[Mutant]:
    """The mutants of a source, in the order of their places; with `lines`, of what begins on these lines alone.

    The same source gives the same mutants in the same order, no two of them alike, each of them Python.
    Raises what `ast.parse` does where the source is not: SyntaxError, ValueError, RecursionError.
    """
    tree = ast.parse(source)
    text = _Text(source)
    found: list[tuple[int, str, _Edit]] = []
    for node, function in _nodes(tree):
        for rule in RULES.get(type(node), ()):
            found += [(edit.places[0][0], function, edit) for edit in rule(text, node)]
    seen = {source}
    for start, function, edit in sorted(found, key=lambda item: item[0]):  # stable: of one place, as in the table
        line = text.line(start)
        if lines is not None and line not in lines:
            continue
        edited, before, after = text.edited(edit.places)
        if edited not in seen:
            seen.add(edited)
            yield Mutant(line, edit.operator, before, after, edited, function)


Place = tuple[int, int, str]  # the characters from start to end, and what comes there instead


@dataclass(frozen=True, slots=True)
class _Edit:
    operator: str
    places: tuple[Place, ...]  # in order, none inside another


class _Text:
    """A source, and where its nodes are in it: the tree counts lines and bytes, an edit needs characters."""

    def __init__(self, source: str) -> None:
        self.source = source
        ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", source)]
        self._starts = [0, *ends]

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.source)
        return start + len(self.source[start:end].encode()[:column].decode())

    def span(self, node: Any) -> tuple[int, int]:
        """Where a node begins and ends; brackets around an expression are not part of it."""
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def operand(self, node: ast.expr) -> str:
        """An expression's text as it can stand anywhere: in brackets, but where it is one piece without them."""
        text = self.of(node)
        return text if isinstance(node, _PIECES) and not re.search(r"[\r\n]", text) else f"({text})"

    def after(self, node: ast.expr, pattern: str) -> tuple[int, int]:
        """Where the first operator after a node is: brackets that close, blanks and comments come before it."""
        match = re.compile(rf"(?:[\s\\)]|#[^\r\n]*+)*+({pattern})").match(self.source, self.span(node)[1])
        assert match, f"no {pattern} after line {node.end_lineno}"
        return match.span(1)

    def line(self, offset: int) -> int:
        return bisect.bisect_right(self._starts, offset)

    def edited(self, places: tuple[Place, ...]) -> tuple[str, str, str]:
        """The edited source, and the lines that were touched before and after."""
        edited = self.source
        for start, end, new in reversed(places):
            edited = edited[:start] + new + edited[end:]
        first = self._starts[self.line(places[0][0]) - 1]
        after_last = self.line(places[-1][1])
        last = self._starts[after_last] if after_last < len(self._starts) else len(self.source)
        grown = len(edited) - len(self.source)
        return edited, _in_one(self.source[first:last]), _in_one(edited[first : last + grown])


def _in_one(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines())


_PIECES = (
    ast.Name | ast.Constant | ast.Attribute | ast.Subscript | ast.Call | ast.List | ast.Dict | ast.Set | ast.ListComp
)


# What is visited


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """The nodes that may be mutated, each with the function that it is in."""
    guards = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and _only_guards(node.body[ast.get_docstring(node) is not None :])
    }
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:  # no recursion: a student's expression may be deep
        node, function = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            function = f"{function}.{node.name}".lstrip(".")
        if not _is_guarding(node, guards):
            yield node, function
        waiting += [(child, function) for child in reversed(list(_children(node, guards)))]


def _children(node: ast.AST, guards: Collection[str]) -> Iterator[ast.AST]:
    if _is_guarding(node, guards):
        if isinstance(node, ast.If):
            yield from node.orelse
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "pattern", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child


def _is_guarding(node: ast.AST, guards: Collection[str]) -> bool:
    """Is this of no effect on right input, or a text?"""
    match node:
        case ast.Raise() | ast.Assert() | ast.JoinedStr() | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(body=[*_, ast.Raise()]):
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in guards or name == "print"
        case ast.keyword(arg="strict"):
            return True
    return False


def _only_guards(body: list[ast.stmt]) -> bool:
    return bool(body) and all(_is_guarding(node, ()) and not isinstance(node, ast.Expr) for node in body)


# What may be wrong with a node


SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: r"\+",
    ast.Sub: "-",
    ast.Mult: r"\*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: r"\*\*",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: r"\|",
    ast.And: "and",
    ast.Or: "or",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: r"is\s+not",
    ast.In: "in",
    ast.NotIn: r"not\s+in",
}
SIBLINGS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Add: ("-", "*"),
    ast.Sub: ("+",),
    ast.Mult: ("/", "+"),
    ast.Div: ("*",),
    ast.FloorDiv: ("*",),
    ast.Mod: ("//",),
    ast.Pow: ("*",),
    ast.MatMult: ("*",),
    ast.BitAnd: ("|",),
    ast.BitOr: ("&",),
    ast.And: ("or",),
    ast.Or: ("and",),
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
ORDERED = ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow | ast.MatMult  # where operands are not exchangeable
SYMMETRIC = {"maximum", "minimum", "max", "min", "logaddexp", "add", "multiply", "hypot", "equal", "array_equal", "gcd"}
OTHERS = {  # methods and functions of a module that are taken for each other
    "maximum": "minimum",
    "max": "min",
    "argmax": "argmin",
    "mean": "sum",
    "ones": "zeros",
    "ones_like": "zeros_like",
    "any": "all",
    "floor": "ceil",
    "sin": "cos",
    "std": "var",
    "vstack": "hstack",
    "cumsum": "cumprod",
    "append": "extend",
    "exp": "log",
}
OTHERS |= {other: name for name, other in OTHERS.items()}
BUILTINS = {"max": "min", "min": "max", "any": "all", "all": "any"}
FORGOTTEN = {"reversed", "sorted", "abs", "sqrt", "exp", "log", "square", "tanh", "cumsum"}  # f(x) → x
NO_SIGN = {"zeros", "zeros_like", "empty", "empty_like"}  # -0.0 is 0.0


def _operator(text: _Text, node: Any) -> Iterator[_Edit]:
    """+ for -, @ for *, in an expression or an assignment."""
    left = node.target if isinstance(node, ast.AugAssign) else node.left
    if _is_text(left) or (isinstance(node, ast.BinOp) and _is_text(node.right)):
        return
    symbol = SYMBOLS.get(type(node.op))
    if symbol is None:
        return
    start, end = text.after(left, symbol)
    for other in SIBLINGS[type(node.op)]:
        yield _Edit("arithmetic", ((start, end, other),))
    if isinstance(node, ast.AugAssign):
        yield _Edit("operator dropped", ((start, end, ""),))


def _swapped_operands(text: _Text, node: ast.BinOp) -> Iterator[_Edit]:
    if isinstance(node.op, ORDERED) and not _is_text(node.left):
        yield from _swap(text, node.left, node.right)


def _swap(text: _Text, one: ast.expr, other: ast.expr) -> Iterator[_Edit]:
    if ast.dump(one) != ast.dump(other):
        yield _Edit(
            "swapped arguments", ((*text.span(one), text.operand(other)), (*text.span(other), text.operand(one)))
        )


def _sign_dropped(text: _Text, node: ast.UnaryOp) -> Iterator[_Edit]:
    symbol = {ast.USub: "-", ast.Not: "not", ast.Invert: "~"}.get(type(node.op))
    if symbol is None:
        return
    start, _ = text.span(node)
    end = start + len(symbol)
    end += text.source[end : end + 1] == " "
    # Without a blank, `return-x` would be a name.
    glued = start > 0 and (text.source[start - 1].isalnum() or text.source[start - 1] == "_")
    yield _Edit("negation dropped" if symbol == "not" else "sign", ((start, end, " " if glued else ""),))


def _sign_added(text: _Text, node: Any) -> Iterator[_Edit]:
    """A minus before what is returned or assigned."""
    value = node.value
    called = _called(value) if isinstance(value, ast.Call) else ""
    if isinstance(value, ast.BinOp | ast.Call | ast.Name | ast.Attribute | ast.Subscript) and called not in NO_SIGN:
        yield _around("sign", text, value, "-")


def _around(operator: str, text: _Text, node: ast.AST, before: str) -> _Edit:
    start, end = text.span(node)
    return _Edit(operator, ((start, start, f"{before}("), (end, end, ")")))


def _comparison(text: _Text, node: ast.Compare) -> Iterator[_Edit]:
    for left, op in zip([node.left, *node.comparators], node.ops, strict=False):
        start, end = text.after(left, SYMBOLS[type(op)])
        for other in SIBLINGS[type(op)]:
            yield _Edit("comparison", ((start, end, other),))


def _logic(text: _Text, node: ast.BoolOp) -> Iterator[_Edit]:
    for left in node.values[:-1]:
        start, end = text.after(left, SYMBOLS[type(node.op)])
        for other in SIBLINGS[type(node.op)]:
            yield _Edit("logic", ((start, end, other),))


def _condition(text: _Text, node: Any) -> Iterator[_Edit]:
    """The opposite condition; a single comparison and `not` have theirs elsewhere."""
    for test in node.ifs if isinstance(node, ast.comprehension) else [node.test]:
        single = isinstance(test, ast.Compare) and len(test.ops) == 1
        if not single and not isinstance(test, ast.UnaryOp | ast.Constant):
            yield _around("negated condition", text, test, "not ")


def _constant(text: _Text, node: ast.Constant) -> Iterator[_Edit]:
    """0 → 1, 1 → 2 and 0, c → 2c; True ↔ False."""
    value = node.value
    if isinstance(value, bool):
        yield _Edit("constant", ((*text.span(node), str(not value)),))
    elif isinstance(value, int | float):
        if value > 1e300:  # nothing that a course computes with, and 2c may have no digits
            return
        for other in (1,) if value == 0 else (2, 0) if value == 1 else (2 * value,):
            yield _Edit("constant", ((*text.span(node), repr(type(value)(other))),))


def _axis(text: _Text, node: ast.Call) -> Iterator[_Edit]:
    for keyword in node.keywords:
        axis = ast.unparse(keyword.value)
        if keyword.arg == "axis" and re.fullmatch(r"-?\d|None", axis):
            for other in {"None": ("0",), "0": ("1", "None")}.get(axis, ("0", "None")):
                yield _Edit("axis", ((*text.span(keyword.value), other),))


def _swapped_arguments(text: _Text, node: ast.Call) -> Iterator[_Edit]:
    """The first two, and the two branches of np.where."""
    args = node.args
    if len(args) < 2 or any(isinstance(arg, ast.Starred) for arg in args) or _called(node) in SYMMETRIC:
        return
    yield from _swap(text, args[0], args[1])
    if _called(node) == "where" and len(args) == 3:
        yield from _swap(text, args[1], args[2])


def _other_function(text: _Text, node: ast.Call) -> Iterator[_Edit]:
    name = _called(node)
    other = (OTHERS if isinstance(node.func, ast.Attribute) else BUILTINS).get(name)
    if other:
        _, end = text.span(node.func)
        yield _Edit("function", ((end - len(name), end, other),))


def _forgotten(text: _Text, node: ast.Call) -> Iterator[_Edit]:
    """x for reversed(x), np.sqrt(x) or x.copy()."""
    if _called(node) in FORGOTTEN and len(node.args) == 1 and not node.keywords:
        yield _Edit("function dropped", ((*text.span(node), text.operand(node.args[0])),))
    if _called(node) == "copy" and isinstance(node.func, ast.Attribute) and not (node.args or node.keywords):
        yield _Edit("function dropped", ((text.span(node.func.value)[1], text.span(node)[1], ""),))


def _transposed(text: _Text, node: ast.Attribute) -> Iterator[_Edit]:
    if node.attr == "T" and isinstance(node.ctx, ast.Load):
        yield _Edit("transpose dropped", ((*text.span(node), text.operand(node.value)),))


def _slice(text: _Text, node: ast.Slice) -> Iterator[_Edit]:
    """One entry less, at either end; where that is a number, it is changed as other numbers are."""
    start, _ = text.span(node)
    if node.lower is None:
        yield _Edit("slice", ((start, start, "1"),))
    elif not _is_number(node.lower):
        yield _Edit("slice", ((*text.span(node.lower), f"{text.operand(node.lower)} + 1"),))
    if node.upper is None:
        colon = text.after(node.lower, ":")[1] if node.lower else start + 1
        yield _Edit("slice", ((colon, colon, "-1"),))
    elif not _is_number(node.upper):
        yield _Edit("slice", ((*text.span(node.upper), f"{text.operand(node.upper)} - 1"),))


def _range(text: _Text, node: ast.Call) -> Iterator[_Edit]:
    """One turn less."""
    if isinstance(node.func, ast.Name) and node.func.id == "range" and node.args and not node.keywords:
        stop = node.args[min(len(node.args) - 1, 1)]
        if not isinstance(stop, ast.Starred) and not _is_number(stop):
            yield _Edit("range", ((*text.span(stop), f"{text.operand(stop)} - 1"),))


def _dropped(text: _Text, node: ast.stmt) -> Iterator[_Edit]:
    """A statement that something happens by; a name's first value cannot go, all that reads it would fail."""
    match node:
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.Await()) | ast.AugAssign() | ast.Break() | ast.Continue():
            goes = True
        case ast.Assign(targets=targets, value=value):
            goes = any(isinstance(target, ast.Attribute | ast.Subscript) or _reads(value, target) for target in targets)
        case _:
            goes = False
    if goes:
        yield _Edit("statement dropped", ((*text.span(node), "pass"),))


def _reads(value: ast.expr, target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and any(
        isinstance(node, ast.Name) and node.id == target.id for node in ast.walk(value)
    )


def _called(node: ast.Call) -> str:
    """The last part of a function's name."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_number(node: ast.expr) -> bool:
    return re.fullmatch(r"-?[\d.]+", ast.unparse(node)) is not None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


RULES: dict[type[ast.AST], tuple[Callable[[_Text, Any], Iterator[_Edit]], ...]] = {
    ast.BinOp: (_operator, _swapped_operands),
    ast.UnaryOp: (_sign_dropped,),
    ast.Compare: (_comparison,),
    ast.BoolOp: (_logic,),
    ast.Constant: (_constant,),
    ast.Call: (_axis, _swapped_arguments, _other_function, _forgotten, _range),
    ast.Attribute: (_transposed,),
    ast.Slice: (_slice,),
    ast.If: (_condition,),
    ast.While: (_condition,),
    ast.IfExp: (_condition,),
    ast.comprehension: (_condition,),
    ast.Return: (_sign_added,),
    ast.Assign: (_sign_added, _dropped),
    ast.AnnAssign: (_sign_added,),
    ast.AugAssign: (_operator, _sign_added, _dropped),
    ast.Expr: (_dropped,),
    ast.Break: (_dropped,),
    ast.Continue: (_dropped,),
}
