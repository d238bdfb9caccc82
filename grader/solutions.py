"""What is shown of the reference once it is released: the solutions that a student's failing checks run.

    a failing check ── its probe on the reference, its public cases ──► functions that run ──► their solutions

Nothing else of the reference is told, and of the hidden cases only their names. A solution is a function with its
signature and its code, without docstring and markers. A check is traced once, when a page asks for it first.
"""

from __future__ import annotations

import ast
import functools

from grader.authoring import draws, load, markers, reach, store
from grader.authoring.course import Course
from grader.contract import Outcome, Report
from grader.judging import expected
from grader.pages.released import Explained, Released

Definition = ast.FunctionDef | ast.AsyncFunctionDef


class Solutions:
    """The solutions of one TD. Raises `AssignmentError` where the TD itself fails."""

    def __init__(self, loaded: load.Loaded) -> None:
        self._loaded = loaded
        self._advice = {mistake.id: mistake.advice for mistake in loaded.mistakes}
        # Public cases have the names of the hidden ones, so that no secret is needed here.
        self._public, self._named = draws.draw(loaded, store.PUBLIC)
        self._code: dict[str, str] = {}
        for module, source in loaded.sources.items():
            self._code |= solutions(source, module)
        self._used: dict[str, tuple[str, ...]] = {}

    def of(self, report: Report) -> Released:
        """What a student's page shows: of the checks that did not pass alone."""
        checks, shown = {}, set()
        for verdict in report.verdicts:
            if verdict.outcome in (Outcome.PASS, Outcome.GRADER_FAULT) or verdict.id not in self._public:
                continue
            functions = self.used(verdict.id)
            shown |= set(functions)
            mistake = str(verdict.hint.values.get("mistake", "")) if verdict.hint else ""
            names = tuple(case.name for case in self._named[verdict.id])
            checks[verdict.id] = Explained(functions, self._advice.get(mistake, ""), names)
        return Released(checks, {name: code for name, code in self._code.items() if name in shown})

    def used(self, check_id: str) -> tuple[str, ...]:
        """The functions with a solution that a check runs, in the order of the reference."""
        if check_id not in self._used:
            course, sources = self._loaded.course, self._loaded.sources
            files = {str(course.path(name)) for name in sources}
            probe = expected.probes(self._loaded.assignment.probes, self._loaded.assignment.checks)[check_id]
            fresh = load.reference(Course(course.folder, course.sources), list(sources))
            asked = functools.partial(expected.answers, probe, fresh, self._public[check_id])
            ran = reach.functions_run(asked, files)
            self._used[check_id] = tuple(name for name in self._code if name in ran)
        return self._used[check_id]


def solutions(source: str, module: str) -> dict[str, str]:
    """By dotted name the code of each function that holds a solution, or stands in one.

    Raises `AssignmentError` for markers that do not pair.
    """
    lines = source.splitlines()
    regions = markers.regions(source, module)
    markings = {number for region in regions for number in (region.first_line, region.last_line)}
    found = {}
    for dotted, node in _functions(ast.parse(source)):
        last = node.end_lineno or node.lineno
        if not any(node.lineno <= r.first_line <= last or r.first_line < node.lineno < r.last_line for r in regions):
            continue
        body = node.body[0]
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        described = range(body.lineno, (body.end_lineno or 0) + 1) if ast.get_docstring(node) is not None else ()
        kept = [number for number in range(first, last + 1) if number not in markings and number not in described]
        found[dotted] = _dedented([lines[number - 1] for number in kept], node.col_offset)
    return found


def _functions(tree: ast.Module) -> list[tuple[str, Definition]]:
    """Functions, and methods of classes, with their dotted names."""
    found: list[tuple[str, Definition]] = []
    for node in tree.body:
        if isinstance(node, Definition):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef):
            found += [(f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, Definition)]
    return found


def _dedented(lines: list[str], blanks: int) -> str:
    return "\n".join(line[blanks:] if not line[:blanks].strip() else line for line in lines)
