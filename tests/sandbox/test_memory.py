"""Memory of a submission, all of its processes together: counted by the kernel, or looked at from outside."""

import subprocess
import sys
import textwrap
import time

import pytest

from grader.contract import Case, Outcome, Submission
from grader.sandbox import dialogue, groups, watch
from grader.sandbox.tiers import open_sandbox
from tests.sandbox.conftest import X, assignment, outcomes

CHILDREN = """
import mmap, os, time

def hoard(children, megabytes, seconds):
    for _ in range(children):
        if os.fork() == 0:
            block = bytearray(megabytes << 20)
            block[::4096] = b"x" * len(block[::4096])
            time.sleep(seconds)
            os._exit(0)
"""
GOOD = "\ndef second(x):\n    return 2 * x\n"


@pytest.fixture(params=["warm", "cold"])
def tier(request):
    return request.param


@pytest.fixture(params=["counted", "looked at"])
def sandbox(request, tier, monkeypatch):
    if request.param == "looked at":
        monkeypatch.setattr(groups, "make", lambda *_: None)
    with open_sandbox(tier, assignment(check_seconds=3.0, load_seconds=3.0)) as opened:
        if request.param == "counted" and opened.counts_memory:
            pytest.skip("no control groups of our own here")
        yield opened


def run(sandbox, source):
    asked = {c.id: [Case("c", {"x": X})] for c in sandbox.assignment.checks}
    asked = dialogue.questions(sandbox.assignment, asked, {c.id: [] for c in sandbox.assignment.checks})
    return dialogue.run(sandbox, Submission("s", "S", "tdx.py", textwrap.dedent(source).encode()), asked)


def test_what_many_processes_have_together_is_limited(sandbox):
    found = run(sandbox, CHILDREN + "\ndef first(x):\n    hoard(8, 150, 3)\n    time.sleep(2.5)\n    return x\n" + GOOD)
    assert outcomes(found) == [Outcome.MEMORY]
    assert outcomes(found, "second") == ["value"]
    assert not found.crashed


def test_so_it_is_while_a_file_loads(sandbox):
    found = run(sandbox, CHILDREN + "\nhoard(8, 150, 3); time.sleep(2.5)\n\ndef first(x):\n    return x\n" + GOOD)
    assert [block["why"] for block in found.loaded["left_out"]] == ["memory"]
    assert outcomes(found) == outcomes(found, "second") == ["value"]


def test_one_submissions_memory_is_not_held_against_the_next(sandbox):
    hoards = "\n".join(f"class C{i}:\n    hoard(8, 150, 3); time.sleep(2.5)\n" for i in range(2))
    run(sandbox, CHILDREN + hoards + "\ndef first(x):\n    return x\n" + GOOD)
    honest = run(sandbox, "def first(x):\n    return x\n" + GOOD)
    assert outcomes(honest) == outcomes(honest, "second") == ["value"]


def test_it_is_held_against_the_check_that_took_it(tier):
    hoards = CHILDREN + (
        "import numpy\ndef first(x):\n    return numpy.zeros(1_900_000)\n"
        "def second(x):\n    hoard(4, 150, 3)\n    time.sleep(0.5)\n    return x\n"
    )
    with open_sandbox(tier, assignment(check_seconds=3.0)) as opened:
        if opened.counts_memory:
            pytest.skip("no control groups of our own here")
        for _ in range(8):  # the first check's 15 MB are read while the second one dies, or nearly so
            found = run(opened, hoards)
            assert outcomes(found) == ["value"] and outcomes(found, "second") == [Outcome.MEMORY]


def test_what_is_shared_counts_once(sandbox):
    shared = """
        import os, time
        block = bytearray(180 << 20)
        block[::4096] = b"x" * len(block[::4096])
        def first(x):
            for _ in range(6):
                if os.fork() == 0:
                    time.sleep(0.5)
                    os._exit(0)
            time.sleep(0.4)
            return x
    """
    assert outcomes(run(sandbox, textwrap.dedent(shared) + GOOD)) == ["value"]


def test_a_group_is_gone_with_its_sandbox(tier):
    with open_sandbox(tier, assignment()) as opened:
        if opened.counts_memory:
            pytest.skip("no control groups of our own here")
        folders = list(opened._group.folders.values())
        run(opened, CHILDREN + "\nhoard(2, 1, 100)\n" + GOOD)
        assert all(folder.is_dir() for folder in folders)
    assert not any(folder.exists() for folder in folders)


def test_descendants_are_found_and_measured():
    code = "import os, sys; os.fork() and os.fork(); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        end = time.monotonic() + 5
        while len(found := watch.descendants(process.pid)) < 3 and time.monotonic() < end:
            time.sleep(0.01)
        assert len(found) == 3 and found[0] == process.pid
        assert watch.exceeds(process.pid, 1 << 10) and not watch.exceeds(process.pid, 1 << 30)
