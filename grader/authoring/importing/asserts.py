"""What an assert looks at, and how near it wants it: the forms that nbgrader's tests usually have.

    assert np.allclose(f(x), want)              f(x), numbers
    assert f(x) == want                         f(x), exactly (or numbers, if the reference answers with some)
    assert abs(f(x) - want) < 1e-6              f(x), numbers
    assert f(x).shape == (3, 2)                 f(x): its shape is compared along with its value
    np.testing.assert_allclose(f(x), want)      f(x), numbers

What is expected comes from the reference, so of each assert only the side that students' code gives is kept.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from grader.authoring.importing.statements import dotted


@dataclass(frozen=True, slots=True)
class Asserted:
    """The expression to compare. `near` is None where the assert asks for equality; `only` is all that it looked at."""

    value: ast.expr
    near: dict[str, float] | None = None
    only: str = ""


class Unreadable(Exception):
    """No form that is known; the message says what stands in the way."""


Depends = Callable[[ast.expr], bool]  # is the expression made by students' code?

_NEAR = {"allclose", "isclose", "assert_allclose", "assert_almost_equal", "assert_array_almost_equal"}
_NEAR |= {"assert_approx_equal"}
_SAME = {"array_equal", "array_equiv", "assert_array_equal", "assert_equal"}
_DECIMALS = {"assert_almost_equal": 7, "assert_array_almost_equal": 6}
_TOLERANCES = {"rtol": "rtol", "rel_tol": "rtol", "atol": "atol", "abs_tol": "atol"}
_SIZES = {"shape", "ndim", "size", "dtype"}
_REDUCED = {"abs", "max", "sum", "mean", "norm", "fabs", "absolute", "float", "amax"}


def asserted(node: ast.stmt, depends: Depends) -> list[Asserted]:
    """What a statement for which `is_test` holds compares. Raises `Unreadable`."""
    if isinstance(node, ast.Assert):
        return list(_condition(node.test, depends))
    assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return list(_condition(node.value, depends))


def _condition(test: ast.expr, depends: Depends) -> Iterator[Asserted]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for part in test.values:
            yield from _condition(part, depends)
    elif isinstance(test, ast.Compare):
        yield _comparison(test, depends)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield _negation(test.operand, depends)
    elif isinstance(test, ast.Call):
        yield from _call(test, depends)
    elif depends(test):
        yield Asserted(test)
    else:
        raise Unreadable("it looks at nothing that students write")


def _call(test: ast.Call, depends: Depends) -> Iterator[Asserted]:
    name = dotted(test.func).rpartition(".")[2]
    method = test.func.attr if isinstance(test.func, ast.Attribute) else ""
    if name in _NEAR and len(test.args) >= 2:
        yield Asserted(_side(test.args[0], test.args[1], depends), _tolerances(test, name))
    elif name in _SAME and len(test.args) >= 2:
        yield Asserted(_side(test.args[0], test.args[1], depends))
    elif name in ("all", "bool") and len(test.args) == 1 and not isinstance(test.args[0], ast.GeneratorExp):
        yield from _condition(test.args[0], depends)
    elif method == "all" and not test.args and isinstance(test.func, ast.Attribute):
        yield from _condition(test.func.value, depends)
    elif name in ("isinstance", "isfinite", "callable") and test.args and depends(test.args[0]):
        only = {"isinstance": "its type", "isfinite": "that it is finite", "callable": "that it can be called"}[name]
        yield Asserted(test.args[0], only=only)
    elif name.startswith("assert"):
        raise Unreadable(f"{name} is not known")
    elif depends(test):
        yield Asserted(test)
    else:
        raise Unreadable("it looks at nothing that students write")


def _negation(operand: ast.expr, depends: Depends) -> Asserted:
    inner = operand
    while isinstance(inner, ast.Call) and (inner.args or isinstance(inner.func, ast.Attribute)):
        name = dotted(inner.func).rpartition(".")[2]
        if name in ("isnan", "isinf") and inner.args and depends(inner.args[0]):
            return Asserted(inner.args[0], only="that it is finite")
        if name == "any" and inner.args:
            inner = inner.args[0]
        elif isinstance(inner.func, ast.Attribute) and inner.func.attr == "any" and not inner.args:
            inner = inner.func.value
        else:
            break
    if isinstance(operand, ast.Call) and depends(operand) and dotted(operand.func).rpartition(".")[2] not in _NEAR:
        return Asserted(operand)
    raise Unreadable("it asserts what must not be")


def _comparison(test: ast.Compare, depends: Depends) -> Asserted:
    if len(test.ops) != 1:
        raise Unreadable("it compares more than two values")
    left, right, operator = test.left, test.comparators[0], test.ops[0]
    if isinstance(operator, ast.Eq | ast.Is):
        if isinstance(right, ast.Call) and dotted(right.func).endswith("approx") and depends(left):
            return Asserted(left, {})
        value = _side(left, right, depends)
        if isinstance(value, ast.Attribute) and value.attr in _SIZES:
            return Asserted(value.value, only=f"its {value.attr}")
        if isinstance(value, ast.Call) and dotted(value.func) in ("len", "np.shape", "np.ndim", "type"):
            return Asserted(
                value.args[0], only={"len": "its length", "type": "its type"}.get(dotted(value.func), "its shape")
            )
        return Asserted(value)
    if isinstance(operator, ast.Lt | ast.LtE) and (difference := _difference(left)):
        bound = _number(right)
        return Asserted(_side(difference.left, difference.right, depends), {"atol": bound} if bound else {})
    raise Unreadable("it is no equality")


def _difference(node: ast.expr) -> ast.BinOp | None:
    """`a - b` in `np.abs(a - b).max()` and the like."""
    size = False
    while isinstance(node, ast.Call):
        name = dotted(node.func).rpartition(".")[2]
        if name in _REDUCED and node.args:
            size = size or name in ("abs", "fabs", "absolute", "norm")
            node = node.args[0]
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _REDUCED and not node.args:
            node = node.func.value
        else:
            return None
    return node if size and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) else None


def _side(a: ast.expr, b: ast.expr, depends: Depends) -> ast.expr:
    if depends(a):
        return a
    if depends(b):
        return b
    raise Unreadable("it looks at nothing that students write")


def _tolerances(call: ast.Call, name: str) -> dict[str, float]:
    found: dict[str, Any] = {
        _TOLERANCES[keyword.arg]: _number(keyword.value) for keyword in call.keywords if keyword.arg in _TOLERANCES
    }
    if name in _DECIMALS:
        decimals = [_number(keyword.value) for keyword in call.keywords if keyword.arg == "decimal"]
        decimals += [_number(part) for part in call.args[2:3]]
        found["atol"] = 1.5 * 10 ** -(decimals[0] if decimals and decimals[0] is not None else _DECIMALS[name])
    else:
        found |= dict(zip(("rtol", "atol"), map(_number, call.args[2:4]), strict=False))
    return {key: value for key, value in found.items() if isinstance(value, float) and value >= 0}


def _number(node: ast.expr) -> float | None:
    try:
        return float(ast.literal_eval(node))
    except (ValueError, TypeError, SyntaxError):
        return None
