"""Which sandbox is taken, what is said where there is none, and that `none` must be typed."""

import sys

import pytest

from grader.contract import Submission
from grader.errors import SandboxUnavailable
from grader.sandbox import dialogue, jail, syscalls, tiers
from tests.sandbox.conftest import assignment


def test_best_is_warm_here():
    with tiers.open_sandbox("best", assignment()) as sandbox:
        assert sandbox.tier == "warm"


def test_where_the_kernel_refuses_nesting_best_is_cold(no_nesting):
    with pytest.raises(SandboxUnavailable, match="Operation not permitted"):
        tiers.open_sandbox("warm", assignment())
    with tiers.open_sandbox("best", assignment()) as sandbox:
        assert sandbox.tier == "cold"
        submission = Submission("s", "S", "tdx.py", b"def first(x):\n    return x\n")
        assert dialogue.run(sandbox, submission, ()).died == 0


@pytest.mark.parametrize("kind", ["best", "warm", "cold"])
def test_without_any_bwrap_nothing_is_graded(monkeypatch, kind):
    def missing():
        raise SandboxUnavailable("there is no bwrap on this machine: sudo apt-get install bubblewrap")

    monkeypatch.setattr(jail, "bwrap", missing)
    with pytest.raises(SandboxUnavailable, match="apt-get install"):
        tiers.open_sandbox(kind, assignment())


def test_a_bwrap_that_fails_is_quoted(monkeypatch, tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(jail, "bwrap", lambda: str(broken))
    with pytest.raises(SandboxUnavailable, match="setting up uid map: Permission denied"):
        tiers.open_sandbox("cold", assignment())


def test_a_warm_process_that_died_is_replaced():
    with tiers.open_sandbox("warm", assignment()) as sandbox:
        submission = Submission("s", "S", "tdx.py", b"def first(x):\n    return x\n")
        sandbox._process._process.kill()
        sandbox._process._process.wait()
        assert dialogue.run(sandbox, submission, ()).died == 0


def test_none_runs_and_says_what_it_is():
    with tiers.open_sandbox("none", assignment()) as sandbox:
        submission = Submission("s", "S", "tdx.py", b"def first(x):\n    return x\n")
        run = dialogue.run(sandbox, submission, ())
        assert run.tier == "none" and "first" in run.loaded["names"]


@pytest.fixture
def no_libseccomp(monkeypatch):
    syscalls.program.cache_clear()
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    yield
    syscalls.program.cache_clear()


def test_without_libseccomp_every_report_says_what_is_missing(no_libseccomp):
    with tiers.open_sandbox("warm", assignment()) as sandbox:
        submission = Submission("s", "S", "tdx.py", b"def first(x):\n    return x\n")
        assert dialogue.run(sandbox, submission, ()).tier == "warm, without a system call filter"


def test_all_calls_of_the_filter_are_named_once_and_known_here():
    named = " ".join([*syscalls.KILLED.values(), *syscalls.REFUSED.values()]).split()
    assert len(named) == len(set(named))
    pyseccomp = pytest.importorskip("pyseccomp")
    unknown = {name for name in named if not syscalls._known(pyseccomp, name)}
    assert unknown <= {"vm86", "vm86old", "nfsservctl", "iopl", "ioperm", "modify_ldt"}  # of other processors
