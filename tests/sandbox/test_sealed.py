"""What is inside the jail, and what is not."""

import contextlib
import json
import os
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grader.sandbox import jail
from student_template.runner import codec

REPORT = """
import json, os

def first(x):
    seen = {"files": [], "writable": [], "environment": sorted(os.environ), "uid": os.getuid()}
    for top in ("/", "/surdix", "/surdix/site", "/home", "/root", "/etc", "/usr/bin"):
        try:
            seen[top] = sorted(os.listdir(top))
        except OSError:
            seen[top] = None
    for folder, below, _ in os.walk("/"):
        if os.access(folder, os.W_OK):
            seen["writable"].append(folder)
        if folder.count("/") > 3:
            below.clear()
    for name in ("sklearn", "grader.authoring", "reference", "msgspec"):
        try:
            __builtins__["__import__"]("importlib").import_module(name)
            seen["files"].append(name)
        except ImportError:
            pass
    return json.dumps(seen)

def second(x):
    import socket
    try:
        socket.create_connection(("127.0.0.1", 80), timeout=1)
        return "connected"
    except OSError as error:
        return type(error).__name__
"""


@pytest.fixture
def seen(grade):
    return json.loads(codec.decode(grade(REPORT).checks["first"].public[0].value))


def test_nothing_of_the_project_or_of_people_is_there(seen):
    assert seen["/surdix"] == ["grader", "site", "student_template"]
    assert seen["/surdix/site"] == ["numpy", "numpy.libs"]
    assert seen["/home"] is None and set(seen["/root"] or []) <= {*Path(sys.base_prefix).parts}
    assert set(seen["/usr/bin"] or []) <= {Path(jail.python()).name}
    assert seen["files"] == []
    assert seen["uid"] != 0


def test_only_the_scratch_space_can_be_written_to(seen):
    roots = {"/" + path.split("/")[1] for path in seen["writable"]}
    assert roots <= {"/scratch", "/dev", "/tmp"}
    assert {path for path in seen["writable"] if path.startswith("/dev")} <= {
        "/dev/shm",
        "/dev/pts",
    }  # pts: terminals, no files


def test_the_scratch_space_is_bounded(grade, sandbox):
    fill = """
        def first(x):
            total = 0
            for folder in ("/scratch", "/dev/shm"):
                try:
                    for i in range(50):
                        with open(f"{folder}/{i}", "wb") as file:
                            total += file.write(bytes(1 << 20))
                except OSError:
                    pass
            return total
    """
    written = codec.decode(grade(textwrap.dedent(fill)).checks["first"].public[0].value)
    assert 0 < written <= 2 * sandbox.assignment.limits.written


def test_odd_files_beside_the_submission_are_no_fault_of_ours(grade):
    others = {"a": b"x", "a/b": b"y", "n" * 300: b"z", **{f"d{i}/f": b"" for i in range(1200)}}
    assert grade("def first(x):\n    return x\n", others=others).checks["first"].public[0].outcome is None


def test_the_environment_is_the_jails_own(seen):
    assert "SURDIX_STORE" not in seen["environment"] and "PYTHONPATH" not in seen["environment"]


def test_there_is_no_network(grade):
    assert codec.decode(grade(REPORT).checks["second"].public[0].value) != "connected"


def test_a_submission_leaves_nothing_for_the_next(grade):
    grade(
        "import os\nfor d in ('/tmp', '/scratch', '/dev/shm', '.'):\n"
        "    open(d + '/left', 'w').write('x')\ndef first(x):\n    return x\n"
    )
    folders = "('/tmp', '/scratch', '/dev/shm', '.')"
    look = f"import os\ndef first(x):\n    return [os.path.exists(d + '/left') for d in {folders}]\n"
    assert codec.decode(grade(look).checks["first"].public[0].value) == [False] * 4


def test_no_process_is_left(grade, sandbox):
    grade("def first(x):\n    return x\n")
    before = len(_sandboxed(sandbox))
    grade("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\ndef first(x):\n    return x\n")
    end = time.monotonic() + 5
    while len(_sandboxed(sandbox)) > before and time.monotonic() < end:  # the last one is waited for by the next
        time.sleep(0.01)
    assert len(_sandboxed(sandbox)) <= before


def _sandboxed(sandbox):
    """The numbers of this sandbox's processes: by its uid where it has one of its own, else by what they run."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid != (os.getuid() if sandbox._uid is None else sandbox._uid):
                continue
            if sandbox._uid is not None or "inside.warm" in (folder / "cmdline").read_text():
                found.add(folder.name)
    return found
