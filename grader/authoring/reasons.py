"""What predicates say, and its translation: a table from the English, with {names} for what is filled in."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping

from student_template.runner.sentences import PLACE


def said(checks: str, functions: Collection[str]) -> set[str]:
    """The texts that these functions of a source return, `{}` for each value that is filled in."""
    found: set[str] = set()
    for function in ast.walk(ast.parse(checks)):
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    found |= _texts(node.value)
    return found


def _texts(node: ast.expr) -> set[str]:
    """The texts that an expression may be."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    if isinstance(node, ast.BoolOp):
        return set().union(*map(_texts, node.values))
    if isinstance(node, ast.JoinedStr):
        return {"".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)}
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def amiss(table: Mapping[str, str], checks: str, functions: Collection[str]) -> str:
    """What is wrong with a table of reasons for these predicates, empty if nothing is."""
    wanted = said(checks, functions)
    given = {re.sub(PLACE, "{}", reason): reason for reason in table}
    for form, reason in given.items():
        if form not in wanted:
            return f"[reason] {reason!r} is not what a predicate of checks.py says"
        spare = set(PLACE.findall(table[reason])) - set(PLACE.findall(reason))
        if spare:
            return f"[reason] {table[reason]!r} fills in {spare.pop()}, which {reason!r} does not have"
    missing = sorted(wanted - set(given))
    return f"[reason] has nothing for {missing[0]!r}" if missing else ""
