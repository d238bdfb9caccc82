"""Right solutions that share no code with the reference get all the points, at any secret: two for each TD."""

from __future__ import annotations

import ast
import builtins
import copy
import functools
import runpy
import secrets
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from grader.authoring import load
from grader.contract import Submission
from grader.pipeline import grade, prepare
from grader.sandbox.tiers import open_sandbox
from student_template.runner import reading
from student_template.runner.compare import compare

SOLUTIONS = sorted(path for path in (load.PROJECT / "tests" / "independent").iterdir() if path.stem.startswith("td"))
REFERENCE = sorted((load.PROJECT / "reference").glob("[a-z]*.py"))
TDS = sorted(path.parent.name for path in (load.PROJECT / "assignments").glob("*/assignment.toml"))
LONG = 3  # statements: a body of more than these is nobody's by chance

loaded = functools.cache(functools.partial(load.load, load.PROJECT))


def td_of(path: Path) -> str:
    return path.stem.partition("_")[0]


def test_there_are_two_for_each_td_and_one_of_them_is_a_notebook():
    assert Counter(map(td_of, SOLUTIONS)) == dict.fromkeys(TDS, 2)
    assert Counter(path.suffix for path in SOLUTIONS)[".ipynb"] == 1


# --- points -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("td", TDS)
def test_both_get_all_the_points(td: str):
    """At a secret that was never tried before; `surdix validate` has those that always are."""
    secret = secrets.token_bytes(32)
    marking = prepare(loaded(td), secret, mistakes=False)
    lost = {}
    with open_sandbox("best", marking.assignment) as box:
        for path in SOLUTIONS:
            if td_of(path) == td:
                _, report = grade(box, Submission(path.stem, path.stem, path.name, path.read_bytes()), marking)
                if report.score != 10.0:
                    lost[path.name] = [report.score, *(v.id for v in report.verdicts if v.points < v.max_points)]
    assert lost == {}, f"with the secret {secret.hex()}"


@pytest.mark.parametrize("path", [path for path in SOLUTIONS if td_of(path) == "td1"], ids=lambda path: path.stem)
def test_td1_asks_for_no_more_than_single_precision_whatever_is_drawn(path: Path):
    solution = SimpleNamespace(**runpy.run_path(str(path)))
    for seed in range(20):
        for check in loaded("td1").checks:
            for name, values in check.cases(np.random.default_rng(seed)).items():
                arguments = {key: values[key] for key in check.parameters}
                expected = check.probe(loaded("td1").reference, **arguments)
                finding = compare(check.compare.spec, expected, check.probe(solution, **arguments), values)
                assert finding.outcome == "pass", f"seed {seed}, {check.id}, {name}: {finding}"


# --- no code of the reference -----------------------------------------------------------------------------------------


class Anonymous(ast.NodeTransformer):
    """Numbers in the places of names, in the order in which they come; texts and annotations are left out.

    What is Python's or was imported keeps its name, so that a call of `np.exp` is not one of `np.log`.
    """

    def __init__(self, imported: dict[str, str]) -> None:
        self.kept = {**{name: name for name in dir(builtins)}, **imported}
        self.numbers: dict[str, str] = {}

    def name(self, name: str) -> str:
        return self.kept.get(name) or self.numbers.setdefault(name, f"name {len(self.numbers)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.name(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self.name(node.arg))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        of_a_module = isinstance(node.value, ast.Name) and node.value.id in self.kept
        value = self.visit(node.value)
        return ast.Attribute(value, node.attr if of_a_module else self.name(f".{node.attr}"), node.ctx)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name, node.returns, node.body = self.name(node.name), None, without_docstring(node)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        return self.visit(ast.Assign([node.target], node.value)) if node.value else None

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("" if isinstance(node.value, str) else node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant("")


def without_docstring(node: ast.FunctionDef) -> list[ast.stmt]:
    return node.body[ast.get_docstring(node) is not None :]


def imported_names(tree: ast.Module) -> dict[str, str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name: alias.name for node in imports for alias in node.names}


def long_bodies(source: str) -> dict[str, str]:
    """What is done in each function of more than three statements, whatever it is called: the function's name by it."""
    tree = ast.parse(source)
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = ast.Module(copy.deepcopy(without_docstring(node)), [])
            if sum(isinstance(part, ast.stmt) for part in ast.walk(body)) > LONG:
                found[ast.dump(Anonymous(imported_names(tree)).visit(body))] = node.name
    return found


def code_of(path: Path) -> str:
    cells, _ = reading.read(path.name, path.read_bytes())
    return "\n".join(reading.clean(cell.text)[0] for cell in cells)


class Renamed(ast.NodeTransformer):
    """Another name for everything that is neither Python's nor imported."""

    def __init__(self, tree: ast.Module) -> None:
        self.kept = {*dir(builtins), *imported_names(tree)}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return node if node.id in self.kept else ast.Name(f"my_{node.id}", node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(f"my_{node.arg}")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = f"my_{node.name}"
        return self.generic_visit(node)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_no_long_body_of_the_reference_is_in_it(path: Path):
    own = long_bodies(code_of(path))
    assert own
    for module in REFERENCE:
        theirs = long_bodies(module.read_text())
        assert {own[body]: theirs[body] for body in own.keys() & theirs.keys()} == {}, module.name


@pytest.mark.parametrize("path", REFERENCE, ids=lambda path: path.stem)
def test_a_copy_with_other_names_would_be_found(path: Path):
    tree = ast.parse(path.read_text())
    copied = ast.unparse(Renamed(tree).visit(copy.deepcopy(tree)).body)
    bodies = long_bodies(path.read_text())
    assert copied != ast.unparse(tree) and len(bodies) > 1
    assert long_bodies(copied).keys() == bodies.keys()
