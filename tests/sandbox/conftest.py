"""A tiny assignment with one check per thing that a submission may do to its sandbox."""

import errno
import shlex

import numpy as np
import pytest

from grader.contract import Assignment, Case, Check, Limits, Policy, Submission
from grader.sandbox import dialogue, jail
from grader.sandbox.tiers import open_sandbox

PROBES = """
def first(td, x):
    return td.first(x)
def second(td, x):
    return td.second(x)
"""
CLOSE = {"kind": "close", "rtol": 1e-6, "atol": 1e-9}
X = np.arange(6.0).reshape(2, 3)
NEW_USER = 0x10000000  # clone(2): CLONE_NEWUSER


def assignment(**limits):
    return Assignment(
        name="tdx",
        title="A tiny TD",
        language="en",
        timezone="Europe/Paris",
        packages=("numpy",),
        data=(),
        handout_url="",
        hours=1.0,
        files={"tdx.py": ("reference.tiny",)},
        limits=Limits(**{"load_seconds": 2.0, "check_seconds": 1.0, "memory": 256 << 20, **limits}),
        policy=Policy(),
        checks=tuple(Check(name, "1", 5.0, "It works.", CLOSE, ("x",)) for name in ("first", "second")),
        manual=(),
        interface=("first", "second"),
        stub="",
        probes=PROBES,
        folder="/nonexistent",
        version="1",
    )


@pytest.fixture(params=["warm", "cold"], scope="module")
def sandbox(request):
    with open_sandbox(request.param, assignment()) as opened:
        yield opened


@pytest.fixture
def grade(sandbox):
    """Run a source with `cases` cases a check; the run."""

    def grade(source, cases=1, others=None):
        asked = {c.id: [Case(f"c{i}", {"x": X + i}) for i in range(cases)] for c in sandbox.assignment.checks}
        submission = Submission("s", "S", "tdx.py", source.encode(), others=others or {})
        nothing = {c.id: [] for c in sandbox.assignment.checks}
        return dialogue.run(sandbox, submission, dialogue.questions(sandbox.assignment, asked, nothing))

    return grade


def outcomes(run, check="first"):
    return [str(answer.outcome or "value") for answer in run.checks[check].public]


@pytest.fixture
def no_nesting(monkeypatch, tmp_path):
    """As under Ubuntu's profile: bwrap makes its namespaces, and what it starts is really refused, by a filter."""
    pyseccomp = pytest.importorskip("pyseccomp")
    made = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    made.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, NEW_USER, NEW_USER))
    with (tmp_path / "filter").open("wb") as file:
        made.export_bpf(file)
    script = tmp_path / "bwrap"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(jail.bwrap())} --seccomp 9 "$@" 9<{tmp_path}/filter\n')
    script.chmod(0o755)
    monkeypatch.setattr(jail, "bwrap", lambda: str(script))
