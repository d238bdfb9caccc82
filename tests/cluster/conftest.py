"""A dask cluster of real processes, and a class of the tiny course to grade on it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.authoring.conftest import course  # noqa: F401  (a fixture)
from tests.cli.conftest import GOOD, SCALE, class_folder, surdix  # noqa: F401  (fixtures)

every_fault = pytest.mark.skipif(os.environ.get("FAULTS") != "all", reason="FAULTS=all has it")

KINDS = (GOOD + SCALE, GOOD, "def double(x):\n    return 3 * x\n" + SCALE, "x = 1\n", "")
SLOWLY = "import time\ntime.sleep(0.3)\n"  # a class that takes long enough to be disturbed


@pytest.fixture
def a_class(class_folder):  # noqa: F811
    """Write a class of so many, each a little other than the rest."""

    def write(count, before="", **others):
        texts = {f"s{n:03}": f"{before}{KINDS[n % len(KINDS)]}\n# {n}\n" for n in range(count)}
        return class_folder(**{**texts, **others})

    return write


class Processes:
    """A scheduler and its workers; whatever they print is kept in files, to be looked at where a test fails."""

    def __init__(self, folder: Path, protocol: str = "tcp", **environment: str) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"{protocol}://127.0.0.1:{self.port}"
        self.protocol = protocol
        self.running: list[subprocess.Popen] = []
        self.environment = {**os.environ, "SURDIX_STORE": str(folder / "workers-store"), **environment}
        self.scheduler = self.schedule()

    def schedule(self):
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--protocol", self.protocol)
        return self._start("scheduler", *where, "--no-dashboard")

    def worker(self, *options, before=(), preload="", nanny=False, **environment):
        """Start one, with code that it runs first, or in surroundings that `before` makes."""
        if preload:
            path = self.folder / f"preload{len(self.running)}.py"
            path.write_text(preload)
            options += ("--preload", str(path))
        options += ("--nthreads", "1", "--no-dashboard", "--nanny" if nanny else "--no-nanny", "--memory-limit", "0")
        options += ("--local-directory", str(self.folder))
        return self._start("worker", self.address, *options, before=before, **environment)

    def _start(self, what, *arguments, before=(), **environment):
        with (self.folder / f"{what}{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**self.environment, **environment},
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def end(self):
        for process in reversed(self.running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def start_cluster(tmp_path):
    """Start a scheduler, whose workers the test starts."""
    started = []

    def start(*arguments, **environment):
        folder = tmp_path / f"cluster{len(started)}"
        folder.mkdir()
        started.append(Processes(folder, *arguments, **environment))
        return started[-1]

    yield start
    for processes in started:
        processes.end()


@pytest.fixture
def cluster(start_cluster):
    return start_cluster()


def until(true, seconds=60.0, what="it"):
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.05)
    return found
