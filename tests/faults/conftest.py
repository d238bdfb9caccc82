"""Faults of the machine: real processes on the tiny course, and what is left of them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox.groups import PREFIX
from tests.authoring.conftest import course  # noqa: F401  (a fixture)
from tests.cli.conftest import GOOD, SCALE, class_folder, surdix  # noqa: F401  (fixtures)
from tests.cli.test_killed import gone

ALL = os.environ.get("FAULTS") == "all"
TRIPLE = "def double(x):\n    return 3 * x\n" + SCALE
KINDS = (GOOD + SCALE, GOOD, TRIPLE, "x = 1\n", "")
HANGS = "import time\ndef double(x):\n    time.sleep(60)\n" + SCALE


def by_number(count):
    """A class of submissions of all kinds, by name."""
    return {f"s{number:02}": KINDS[number % len(KINDS)] for number in range(count)}


def one_sentence(done, *words, status=2):
    """A command that failed said one line that names each of the words, and no traceback."""
    assert done.status == status, (done.status, done.out, done.err)
    said = [line for line in done.err.splitlines() if line.startswith("surdix: ")]
    assert len(said) == 1 and "Traceback" not in done.err, done.err
    assert all(word in said[0] for word in words), said


def no_half_file(out):
    """Nothing in a folder of results was cut off, and nothing is left of what was being written."""
    found = [path for path in out.rglob("*") if path.is_file()]
    assert not [path for path in found if path.name.endswith(".tmp")]
    for path in found:
        text = path.read_bytes().rstrip()
        ends = {".json": b"}", ".html": b"</html>"}.get(path.suffix, b"")
        assert text.endswith(ends), path


def same_grades(out, undisturbed):
    """`grades.csv` is that of an undisturbed run, byte for byte."""
    assert (out / "grades.csv").read_bytes() == (undisturbed / "grades.csv").read_bytes()


def groups_of(pid):
    """The control groups that a grader has."""
    return [path for top in (Path("/sys/fs/cgroup"),) for path in top.glob(f"**/{PREFIX}{pid}-*")]


def all_gone(pids, seconds=5.0):
    """Whether all processes have ended, or do so within some seconds."""
    deadline = time.monotonic() + seconds
    while not all(map(gone, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def wait_until(true, seconds=20.0):
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


@pytest.fixture
def start(tmp_path, course):  # noqa: F811
    """Start `surdix …` on the tiny course, in a session of its own; the process."""
    environment = {**os.environ, "SURDIX_STORE": str(tmp_path / "store"), "COLUMNS": "120"}
    started = []

    def run(*arguments, **options):
        command = [sys.executable, "-m", "grader", *map(str, arguments), "--course", str(course.folder)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        started.append(
            subprocess.Popen(command, env=environment, text=True, start_new_session=True, **{**pipes, **options})
        )
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
