"""Which functions a check runs, and which an edit changes: a check that runs none of these answers as before.

Up to the first call of a changed function a deterministic module does what it did, so what no check can reach need not
be run again. With a hundred secrets that is the difference between minutes and hours.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
Reached = frozenset[str]  # qualified names, as in `Linear.forward`


def functions_run(call: Callable[[], Any], files: Collection[str]) -> Reached:
    """The qualified names of the functions of these files that run while `call` does."""
    return traced(call, files)[1]


def traced(call: Callable[[], T], files: Collection[str]) -> tuple[T, Reached]:
    """What `call` returns, and the qualified names of the functions of these files that run meanwhile."""
    seen: set[types.CodeType] = set()

    def profile(frame: types.FrameType, event: str, argument: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        result = call()
    finally:
        sys.setprofile(before)
    # What is defined inside a function changes with that function.
    return result, frozenset(code.co_qualname.partition(".<locals>")[0] for code in seen if code.co_filename in files)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> Reached | None:
    """The functions that differ between two states of some modules; None where more than functions does."""
    found = [functions_changed(source, after[name]) for name, source in before.items() if after[name] != source]
    return None if None in found else frozenset().union(*(names for names in found if names is not None))


def functions_changed(before: str, after: str) -> Reached | None:
    """The functions whose bodies differ between two sources; None where something else differs too."""
    one, other = ast.parse(before), ast.parse(after)
    bodies, others = _by_name(one), _by_name(other)
    if bodies.keys() != others.keys() or ast.dump(one) != ast.dump(other):
        return None
    return frozenset(name for name, body in bodies.items() if body != others[name])


def _by_name(tree: ast.AST) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, body in _functions(tree):
        found[name] = found.get(name, "") + body  # a property and its setter have one name
    return found


def _functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each outermost function and method with its body as text; the bodies are taken out of the tree."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = "\n".join(ast.dump(statement) for statement in node.body)
            node.body = [ast.Pass()]
            yield f"{prefix}{node.name}", body
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        else:
            yield from _functions(node, prefix)
