"""Faults of the machine: real processes on the tiny course, and what is left of them."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.sandbox.groups import PREFIX
from tests import commands
from tests.authoring.conftest import tiny
from tests.cli.conftest import GOOD, SCALE
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


def groups_of(pid):
    """The control groups that a grader has; others of other graders come and go meanwhile."""
    walked = os.walk("/sys/fs/cgroup")
    return [Path(top, name) for top, names, _ in walked for name in names if name.startswith(f"{PREFIX}{pid}-")]


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


@dataclass(frozen=True)
class Desk:
    """What all tests of faults share, and none of them changes: the course, the store, and what was graded in peace."""

    course: Path
    environment: dict[str, str]
    folder: Path  # of a class that a program hands in
    undisturbed: Path  # its results

    def command(self, *arguments):
        return [sys.executable, "-m", "grader", *map(str, arguments), "--course", str(self.course)]

    def run(self, *arguments, before=(), **options):
        """Run `surdix …`; what it printed, and its exit status."""
        if not before and not options:
            done = commands.run(*arguments, "--course", self.course, env=self.environment)
        else:
            command = [*before, *self.command(*arguments)]
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                env=self.environment,
                timeout=120,
                stdin=subprocess.DEVNULL,
                **options,
            )
        return SimpleNamespace(status=done.returncode, out=done.stdout, err=done.stderr)

    def grade(self, out, *options, **others):
        return self.run("grade", "tdm", self.folder, "--out", out, "--jobs", 2, *options, **others)

    def finish(self, out):
        """The same command again ends well, with the grades of an undisturbed run."""
        done = self.grade(out)
        assert done.status == 0, done.err
        assert (out / "grades.csv").read_bytes() == (self.undisturbed / "grades.csv").read_bytes()
        no_half_file(out)


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """A class of 24 of all kinds, graded once."""
    top = tmp_path_factory.mktemp("desk")
    course = tiny(top / "course").folder
    for name, text in by_number(24).items():
        (top / "class" / name).mkdir(parents=True)
        (top / "class" / name / "tdm.py").write_text(text)
    environment = {**os.environ, "SURDIX_STORE": str(top / "store"), "COLUMNS": "120"}
    made = Desk(course, environment, top / "class", top / "undisturbed")
    done = made.grade(made.undisturbed)
    assert done.status == 0, done.err
    return made


@pytest.fixture
def start(desk):
    """Start `surdix …`, in a session of its own; the process."""
    started = []

    def run(*arguments, **options):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        heard = {
            "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
        }  # a shell's `&` ignores it
        options = {"env": desk.environment, "text": True, "start_new_session": True, **pipes, **heard, **options}
        started.append(subprocess.Popen(desk.command(*arguments), **options))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
