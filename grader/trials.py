"""What a page tells of public cases that failed: the probe's code, the case, the answer, and what was expected.

    a failing check ── its public case ──► the reference ──► what was expected
                                     └───► the gradebook ──► what came back

Public cases are drawn with a key that everyone may know, and every handout holds them with what is expected: no secret
is needed here, and nothing hidden is looked at. A case is put to the reference once, when a page asks for it first.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from typing import Any

from grader.authoring import draws, load, store
from grader.contract import Answer, Case, Check, Outcome, Report, Verdict
from grader.errors import AssignmentError
from grader.judging import expected
from grader.pages.tried import UNKNOWN, PublicCase, Tried
from student_template.runner import codec
from student_template.runner.compare import SHOWN

Answers = Mapping[str, Mapping[str, Answer]]  # by check, by the case's name

HELPER = 16  # lines of a function of ours that is shown below what calls it


class Trials:
    """The public cases of one TD. Raises `AssignmentError` where the TD itself fails."""

    def __init__(self, loaded: load.Loaded) -> None:
        self._assignment = loaded.assignment
        self._reference = loaded.reference
        self._checks = {check.id: check for check in loaded.assignment.checks}
        public, _ = draws.draw(loaded, store.PUBLIC)
        self._cases = {(check, case.name): case for check, cases in public.items() for case in cases}
        self._probes = expected.probes(loaded.assignment.probes, loaded.assignment.checks)
        self._code = bodies(loaded.assignment.probes)
        self._calls = calls(loaded.assignment.probes)
        self._public: dict[tuple[str, str], PublicCase] = {}

    def of(self, report: Report, answers: Answers) -> dict[str, Tried]:
        """By check what was tried, of checks that fail in a public case; nothing where the TD has changed since."""
        if report.assignment_version != self._assignment.version:
            return {}
        found = {}
        for verdict in report.verdicts:
            if (verdict.id, case := _failed(verdict)) in self._cases:
                found[verdict.id] = Tried.of(self._case(verdict.id, case), answers.get(verdict.id, {}).get(case))
        return found

    def _case(self, check_id: str, name: str) -> PublicCase:
        if (check_id, name) not in self._public:
            check, case = self._checks[check_id], self._cases[check_id, name]
            code = self._code.get(check_id, "")
            self._public[check_id, name] = PublicCase.of(
                check, case, code, self._expected(check, case), self._calls.get(check_id, ())
            )
        return self._public[check_id, name]

    def _expected(self, check: Check, case: Case) -> Any:
        if check.compare["kind"] not in SHOWN:
            return UNKNOWN
        try:
            (value,) = expected.expected(self._probes[check.id], self._reference, [case])
            return codec.decode(value)
        except AssignmentError:  # it did answer when the class was graded
            return UNKNOWN


def _failed(verdict: Verdict) -> str:
    """The name of the public case that a verdict speaks of; "" where it speaks of none."""
    values = verdict.message.values
    told = verdict.public.outcome is not Outcome.PASS and values.get("public") is True
    return str(values.get("case", "")) if told else ""


def bodies(source: str) -> dict[str, str]:
    """By name the code of each function, without signature, docstring and what all lines are indented by.

    Small functions of our own that it calls stand below it: nobody else has them.
    """
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    found = {}
    for name, node in functions.items():
        helpers = [functions[called] for called in _helpers(node, functions)]
        below = [f"def {one.name}({ast.unparse(one.args)}):\n{textwrap.indent(_body(one), '    ')}" for one in helpers]
        found[name] = "\n\n".join([_body(node), *(text for text in below if text.count("\n") <= HELPER)])
    return found


def _helpers(node: ast.AST, functions: Mapping[str, ast.FunctionDef]) -> list[str]:
    """Names of the functions that a piece of code calls, and those call."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        named = (one.id for one in ast.walk(waiting.pop()) if isinstance(one, ast.Name) and one.id in functions)
        for name in named:
            if name not in found and functions[name] is not node:
                found[name] = None
                waiting.append(functions[name])
    return list(found)


def _body(node: ast.FunctionDef) -> str:
    code = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return "\n".join(ast.unparse(statement) for statement in code)


def calls(source: str) -> dict[str, tuple[str, ...]]:
    """By name of a function which of the student's functions it may call: what it takes from `td`, and methods of that.

    The last method called comes first: it is what a check is about. Functions that are handed `td` count as its own.
    """
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    found = {}
    for name, node in functions.items():
        helpers = [functions[used.id] for used in ast.walk(node) if isinstance(used, ast.Name) and used.id in functions]
        taken = dict.fromkeys(attribute for one in (node, *helpers) for attribute in _taken(one))
        inner = [c.func for c in ast.walk(node) if isinstance(c, ast.Call)]
        methods = {f.attr: f.end_lineno or 0 for f in inner if isinstance(f, ast.Attribute)}
        last_first = [*sorted(methods, key=lambda method: -methods[method]), "__init__"]
        found[name] = (*(f"{owner}.{method}" for method in last_first for owner in taken), *taken)
    return found


def _taken(node: ast.AST) -> list[str]:
    """The attributes of `td` that are used in a piece of code."""
    used = (one for one in ast.walk(node) if isinstance(one, ast.Attribute))
    return [one.attr for one in used if isinstance(one.value, ast.Name) and one.value.id == "td"]
