"""Packages beside numpy: seen in the sandbox and at home, and what they give is taken as numpy takes it."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest

from grader.authoring import generate, load, stubs
from grader.contract import Submission
from grader.errors import AssignmentError
from grader.pipeline import grade, prepare
from grader.sandbox import groups
from grader.sandbox.tiers import open_sandbox
from tests.authoring.with_packages import SCIPY, TORCH, write

KINDS = ("warm", "cold")
needs_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")


def made(folder, course, packages, placed):
    return load.load(write(folder, course, packages, placed), "tdp")


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    return made(tmp_path_factory.mktemp("fits"), SCIPY, ["numpy", "scipy", "scikit-learn"], ["smallest", "slope"])


@pytest.fixture(scope="module")
def nets(tmp_path_factory):
    return made(tmp_path_factory.mktemp("nets"), TORCH, ["numpy", "torch"], ["double", "slope", "train"])


def graded(loaded, kind, source):
    with open_sandbox(kind, loaded.assignment) as sandbox:
        _, report = grade(sandbox, Submission("ann", "A", "tdp.py", source.encode()), prepare(loaded, b"s" * 32))
    return report


def whys(report):
    return [(str(verdict.outcome), verdict.message.key, dict(verdict.message.values)) for verdict in report.verdicts]


def at_home(loaded, folder, source):
    handout = generate.generate(loaded, prepare(loaded, b"s" * 32), folder)
    (handout / "tdp.py").write_text(source)
    done = subprocess.run(
        [sys.executable, "check.py", "--json"], cwd=handout, capture_output=True, text=True, timeout=120
    )
    return {name: (check["outcome"], check["message"]) for name, check in json.loads(done.stdout).items()}


@pytest.mark.parametrize("kind", KINDS)
def test_scipy_and_scikit_learn(fits, kind):
    assert fits.assignment.imports == ("numpy", "scipy", "sklearn")
    report = graded(fits, kind, stubs.as_submission(fits.sources))
    assert report.score == 10, whys(report)


def test_what_they_require_is_there_and_cannot_be_imported(fits, tmp_path):
    source = stubs.as_submission(fits.sources) + "\nimport joblib\nimport pytest\n"
    report = graded(fits, "warm", source)
    said = [note.values["block"] for note in report.notes if note.key == "left_out"]
    assert [block["error"] for block in said] == [
        f"ModuleNotFoundError: the grader does not have '{name}'" for name in ("joblib", "pytest")
    ]
    assert report.score == 10
    assert {outcome for outcome, _ in at_home(fits, tmp_path, source).values()} == {"pass"}


def test_at_home_and_here_the_same(fits, tmp_path):
    source = stubs.as_submission(fits.sources)
    source = source.replace("fitted.coef_[0]", "__import__('scipy.sparse').sparse.csr_matrix(x)")
    source = source.replace("np.round(found.x, 6)", "range(3)")
    home, here = at_home(fits, tmp_path, source), graded(fits, "warm", source)
    assert [v.outcome for v in here.verdicts] == [outcome for outcome, _ in home.values()] == ["wrong", "wrong"]
    assert "a sparse matrix (csr_matrix): give it with .toarray()" in home["finds_the_slope"][1]
    assert "a sparse matrix (csr_matrix): give it with .toarray()" in str(whys(here))
    assert "has the shape (3,)" in home["finds_the_smallest"][1], home


def test_the_handout_says_what_to_install(fits, tmp_path):
    handout = generate.generate(fits, prepare(fits, b"s" * 32), tmp_path)
    assert "python -m pip install numpy scipy scikit-learn pytest\n" in (handout / "README.md").read_text()


def test_a_package_that_is_not_installed_is_named(tmp_path):
    with pytest.raises(AssignmentError, match=r"allows the package 'no-such-package', which is not installed: pip"):
        made(tmp_path, SCIPY, ["numpy", "no-such-package"], ["smallest", "slope"])


@needs_torch
@pytest.mark.parametrize("kind", KINDS)
def test_torch(nets, kind):
    """Tensors, also those that require grad, are arrays; backward runs in every check's fork."""
    report = graded(nets, kind, stubs.as_submission(nets.sources))
    assert report.score == 10, whys(report)


@needs_torch
def test_torch_at_home(nets, tmp_path):
    source = stubs.as_submission(nets.sources)
    assert {outcome for outcome, _ in at_home(nets, tmp_path, source).values()} == {"pass"}


@needs_torch
@pytest.mark.parametrize("counted", ["by the kernel", "by looking"])
def test_torch_has_one_thread_and_the_memory_that_the_limit_says(nets, counted, monkeypatch):
    if counted == "by looking":
        monkeypatch.setattr(groups, "make", lambda *arguments: None)
    source = stubs.as_submission(nets.sources)
    large = (
        "torch.zeros(900 << 20, dtype=torch.uint8)[:: 1 << 12].add_(1)\n    return 2 * leaf * torch.get_num_threads()"
    )
    assert graded(nets, "warm", source.replace("return 2 * leaf", large)).score == 10
    larger = source.replace("return 2 * leaf", large.replace("900 <<", "2000 <<"))
    found = {v.id: v.outcome for v in graded(nets, "warm", larger).verdicts}
    assert found["doubles"] in ("memory", "error") and found["trains"] == "pass"


@needs_torch
def test_torch_that_trains_while_it_is_loaded_can_be_forked(nets):
    source = stubs.as_submission(nets.sources) + (
        "\nimport numpy as np\nwarm = slope(np.ones(3))\na = torch.rand(500, 500) @ torch.rand(500, 500)\n"
    )
    report = graded(nets, "warm", source)
    assert report.score == 10 and not [note for note in report.notes if note.key == "left_out"], whys(report)


@needs_torch
@pytest.mark.parametrize(
    ("made", "says"),
    [
        ("leaf.to(torch.bfloat16)", "BFloat16"),
        ("leaf.to_sparse()", "Sparse"),
        ("torch.nn.Linear(2, 2)", "an object of type Linear"),
    ],
)
def test_tensors_of_which_numpy_makes_no_array_are_said(nets, made, says):
    source = stubs.as_submission(nets.sources).replace("return 2 * leaf", f"return {made}")
    report = graded(nets, "warm", source)
    verdict = next(v for v in report.verdicts if v.id == "doubles")
    assert verdict.message.key == "not_data" and says in verdict.message.values["why"]


@needs_torch
def test_without_it_at_home_check_py_says_what_to_install(nets, tmp_path):
    handout = generate.generate(nets, prepare(nets, b"s" * 32), tmp_path)
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('gone', name='torch')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    for command in ("check.py",), ("-m", "pytest"):
        done = subprocess.run(
            [sys.executable, *command], cwd=handout, capture_output=True, text=True, env=environment, timeout=120
        )
        assert "check.py needs torch: " in done.stderr and "-m pip install numpy torch" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    shutil.rmtree(handout)
