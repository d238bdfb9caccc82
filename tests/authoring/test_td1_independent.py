"""td1: solutions that share nothing with the reference pass every check, whatever is drawn; one computes in float32."""

from __future__ import annotations

import runpy
from types import SimpleNamespace

import numpy as np
import pytest

from grader.authoring import load
from student_template.runner.compare import compare

SOLUTIONS = sorted((load.PROJECT / "tests" / "independent").glob("td1_*.py"))


@pytest.fixture(scope="module")
def loaded():
    return load.load(load.PROJECT, "td1")


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_an_independent_solution_passes(loaded, path):
    solution = SimpleNamespace(**runpy.run_path(str(path)))
    for seed in range(20):
        for check in loaded.checks:
            for name, values in check.cases(np.random.default_rng(seed)).items():
                expected = check.probe(loaded.reference, **{key: values[key] for key in check.parameters})
                answer = check.probe(solution, **{key: values[key] for key in check.parameters})
                finding = compare(check.compare.spec, expected, answer, values)
                assert finding.outcome == "pass", f"seed {seed}, {check.id}, {name}: {finding}"
