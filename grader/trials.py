"""What a page tells of public cases that failed: the probe's code, the case, the answer, and what was expected.

    a failing check ── its public case ──► the reference ──► what was expected
                                     └───► the gradebook ──► what came back

Public cases are drawn with a key that everyone may know, and every handout holds them with what is expected: no secret
is needed here, and nothing hidden is looked at. A case is put to the reference once, when a page asks for it first.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from grader.authoring import draws, load, store
from grader.contract import Answer, Case, Check, Outcome, Report, Verdict
from grader.errors import AssignmentError
from grader.judging import expected
from grader.pages.tried import UNKNOWN, Asked, Tried, asked
from student_template.runner import codec
from student_template.runner.compare import SHOWN

Answers = Mapping[str, Mapping[str, Answer]]  # by check, by the case's name


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
        self._asked: dict[tuple[str, str], Asked] = {}

    def of(self, report: Report, answers: Answers) -> dict[str, Tried]:
        """By check what was tried, of checks that fail in a public case; nothing where the TD has changed since."""
        if report.assignment_version != self._assignment.version:
            return {}
        found = {}
        for verdict in report.verdicts:
            if (verdict.id, case := _failed(verdict)) in self._cases:
                found[verdict.id] = Tried(self._case(verdict.id, case), answers.get(verdict.id, {}).get(case))
        return found

    def _case(self, check_id: str, name: str) -> Asked:
        if (check_id, name) not in self._asked:
            check, case = self._checks[check_id], self._cases[check_id, name]
            code = self._code.get(check_id, "")
            self._asked[check_id, name] = asked(check, case, code, self._expected(check, case))
        return self._asked[check_id, name]

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
    """By name the code of each function, without signature, docstring and what all lines are indented by."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            code = node.body[1:] if ast.get_docstring(node) is not None else node.body
            found[node.name] = "\n".join(ast.unparse(statement) for statement in code)
    return found
