"""One assert, with the statements before it → the body of a probe, and the values of a case.

What students' code takes part in belongs into the probe, which runs on every submission; all else is inputs, made once
outside by the cases function, from its generator. The border runs through the arguments of calls of students' code:

    rng = np.random.default_rng(0)                    def cases_of_…(rng):
    x = rng.normal(size=(3, 2))                           x = rng.normal(size=(3, 2))
    layer = Linear(2, 4)                                  return {"case_1": {"n": 2, "m": 4, "x": x}}
    assert layer.forward(x).shape == (3, 4)
                                                      layer = td.Linear(n, m)
                                                      return layer.forward(x)

A generator cannot be sent: where students' code takes one, the case has a seed and the probe makes it.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.authoring.importing.statements import Statement, dotted, needed, reads, root

_GENERATORS = {"default_rng", "RandomState"}
_LEGACY = {"randn": "normal", "rand": "uniform", "standard_normal": "normal"}  # whose arguments are the shape
_RENAMED = {"randint": "integers", "random_sample": "random", "ranf": "random", "sample": "random"}


@dataclass(frozen=True, slots=True)
class Names:
    """What the reference's module has: its names, those that students' code takes part in, parameters of functions."""

    module: frozenset[str]
    students: frozenset[str]
    parameters: Mapping[str, Sequence[str]]
    imports: frozenset[str] = frozenset()  # names of modules, and of what is imported from them
    files: frozenset[str] = frozenset()  # of the handout, by the name that code opens them with


@dataclass(frozen=True, slots=True)
class Piece:
    """A probe's body, and the case that this assert gives: statements, then the expression of each parameter."""

    body: tuple[str, ...]
    setup: tuple[tuple[Statement, str], ...]
    values: Mapping[str, str]


def dependent(history: Sequence[Statement], names: Names) -> frozenset[str]:
    """All names, of the module and of `history`, that students' code takes part in."""
    found = set(names.students)
    for statement in history:
        tainted = bool(statement.reads & found)
        found = found | statement.binds if tainted else found - statement.replaces
    return frozenset(found)


def piece(value: ast.expr, history: Sequence[Statement], names: Names) -> Piece:
    """Divide an expression, and what it needs of `history`, between the probe and the case."""
    relevant = needed(reads(value), history, names.imports)
    of_students = dependent(relevant, names)
    inside = [s for s in relevant if s.reads & of_students or (s.binds & of_students and not s.is_code)]
    wanted = frozenset().union(reads(value), *(s.reads for s in inside))
    while helpers := [s for s in relevant if s.is_code and s not in inside and s.binds & wanted]:
        inside += helpers
        wanted = wanted.union(*(s.reads for s in helpers))
    inside.sort(key=relevant.index)
    outside = [s for s in relevant if s not in inside or s.is_code]
    made = frozenset().union(*(s.binds for s in relevant))
    lift = _Lift(
        module=names.module - made,
        kept=of_students | frozenset().union(*(s.binds for s in inside)),
        variables=frozenset().union(*(s.binds for s in outside)) - frozenset().union(*(s.binds for s in inside)),
        generators=_generators(outside),
        parameters=names.parameters,
    )
    body = [lift.statement(s.node) for s in inside]
    body.append(f"return {lift.expression(value)}")
    setup = needed(frozenset().union(*map(reads, lift.values.values())), outside, names.imports)
    case = _CaseCode(names.module - made, _generators(setup), names.files)
    return Piece(
        tuple(body),
        tuple((s, text) for s in setup if (text := case.statement(s.node))),
        {name: case.expression(part) for name, part in lift.values.items()},
    )


def _generators(statements: Sequence[Statement]) -> frozenset[str]:
    return frozenset().union(
        *(s.binds for s in statements if isinstance(s.node, ast.Assign) and _is_generator(s.node.value))
    )


def _is_generator(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _GENERATORS


class _Lift(ast.NodeTransformer):
    """The probe's side: names of the module become `td.name`, arguments of students' code become parameters."""

    def __init__(
        self,
        module: frozenset[str],
        kept: frozenset[str],
        variables: frozenset[str],
        generators: frozenset[str],
        parameters: Mapping[str, Sequence[str]],
    ) -> None:
        self.module, self.kept, self.variables, self.generators = module, kept, variables, generators
        self.parameters = parameters
        self.values: dict[str, ast.expr] = {}
        self._local: set[str] = set()

    def statement(self, node: ast.stmt) -> str:
        return self._text(node)

    def expression(self, node: ast.expr) -> str:
        return self._text(node)

    def _text(self, node: ast.AST) -> str:
        self._local = _bound_inside(node)
        return ast.unparse(ast.fix_missing_locations(self.visit(copy.deepcopy(node))))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        start = root(node.func)
        if start in self._local or not (start in self.module or start in self.kept):
            return self.generic_visit(node)
        named = list(self.parameters.get(dotted(node.func), ()))
        node.func = self.visit(node.func)
        node.args = [
            self._argument(part, named[position] if position < len(named) else "")
            for position, part in enumerate(node.args)
        ]
        for keyword in node.keywords:
            keyword.value = self._argument(keyword.value, keyword.arg or "")
        return node

    def _argument(self, node: ast.expr, name: str) -> ast.expr:
        if isinstance(node, ast.Starred) or any(isinstance(part, ast.Lambda) for part in ast.walk(node)):
            made: ast.expr = self.visit(node)
            return made
        if _is_generator(node) or (isinstance(node, ast.Name) and node.id in self.generators):
            return self._generator(node)
        if reads(node) & (self.kept | self._local | self.generators):
            visited: ast.expr = self.visit(node)
            return visited
        return self._parameter(name or (node.id if isinstance(node, ast.Name) else "value"), node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not isinstance(node.ctx, ast.Load) or node.id in self._local:
            return node
        if node.id in self.generators:
            return self._generator(node)
        if node.id in self.variables:
            return self._parameter(node.id, ast.Name(node.id, ast.Load()))
        if node.id in self.module:
            return ast.Attribute(ast.Name("td", ast.Load()), node.id, ast.Load())
        return node

    def _generator(self, node: ast.expr) -> ast.expr:
        seed = self._parameter("seed", ast.parse("int(rng.integers(2**31))", mode="eval").body)
        legacy = isinstance(node, ast.Call) and dotted(node.func).endswith("RandomState")
        made = ast.parse(f"np.random.{'RandomState' if legacy else 'default_rng'}(0)", mode="eval").body
        assert isinstance(made, ast.Call)
        made.args = [seed]
        return made

    def _parameter(self, name: str, value: ast.expr) -> ast.Name:
        text = ast.unparse(value)
        wanted, number = name, 1
        while name == "td" or name in self.kept or (name in self.values and ast.unparse(self.values[name]) != text):
            number += 1
            name = f"{wanted}_{number}"
        self.values[name] = value
        return ast.Name(name, ast.Load())


class _CaseCode(ast.NodeTransformer):
    """The case's side: numbers come from the generator `rng`, files from the data folder, given code from reference."""

    def __init__(self, module: frozenset[str], generators: frozenset[str], files: Collection[str]) -> None:
        self.module, self.generators, self.files = module, generators, files

    def statement(self, node: ast.stmt) -> str:
        """The statement, empty if it only makes a generator that is called rng as well."""
        made = ast.unparse(ast.fix_missing_locations(self.visit(copy.deepcopy(node))))
        return "" if made == "rng = rng" else made

    def expression(self, node: ast.expr) -> str:
        return ast.unparse(ast.fix_missing_locations(self.visit(copy.deepcopy(node))))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _is_generator(node):
            return ast.Name("rng", ast.Load())
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute):
            return node
        name = node.func.attr
        if dotted(node.func) == f"np.random.{name}" or root(node.func) in self.generators:
            if dotted(node.func).startswith("np.random."):
                node.func.value = ast.Name("rng", ast.Load())
            if name in _LEGACY:
                shape = ast.Tuple(node.args, ast.Load()) if len(node.args) != 1 else node.args[0]
                node.keywords += [ast.keyword("size", shape)] if node.args else []
                node.args = []
            node.func.attr = _LEGACY.get(name) or _RENAMED.get(name) or name
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.module and isinstance(node.ctx, ast.Load):
            return ast.Attribute(ast.Name("given", ast.Load()), node.id, ast.Load())
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and node.value in self.files:
            return ast.parse(f"str(DATA / {node.value.rpartition('/')[2]!r})", mode="eval").body
        return node


def _bound_inside(node: ast.AST) -> set[str]:
    """Names of parameters, of comprehensions, and of what a function in it assigns."""
    found = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
    for part in ast.walk(node):
        if isinstance(part, ast.comprehension):
            found |= {name.id for name in ast.walk(part.target) if isinstance(name, ast.Name)}
        elif isinstance(part, ast.FunctionDef):
            found |= {n.id for n in ast.walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return found
