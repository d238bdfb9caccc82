"""On a worker: a TD unpacked once, a sandbox for each of its threads, one submission graded after the other.

A worker gets its parcel as dask's plugin: also one that joins later, or that was started again. What it is asked to do
before it has one, or with other versions than the parcel's, it answers with `Unfit`, so that nothing is graded by it.
"""

from __future__ import annotations

import queue
import socket
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from grader.batch import Graded, utc_now
from grader.cluster.parcel import Parcel, different, unpacked, versions
from grader.contract import Submission
from grader.errors import GraderFault, UserError
from grader.pipeline import Marking, grade
from grader.sandbox.doctor import Examination, examine
from grader.sandbox.tiers import Sandbox, open_sandbox


@dataclass(frozen=True, slots=True)
class Unfit:
    """A worker that cannot grade, and why: the submission that it was given goes to another."""

    worker: str
    why: str
    bare: bool = False  # it has not been given the parcel, and is fit perhaps once it has


@dataclass(frozen=True, slots=True)
class Fit:
    """A worker that can grade."""

    worker: str
    threads: int
    tier: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The grader failed over a submission. As a value: not every exception survives the way back."""

    what: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a submission, and where."""

    worker: str
    what: Graded | Unfit | Failed


class Grading(WorkerPlugin):
    """What a worker holds while a TD is graded: its parcel, and from the first submission on its sandboxes."""

    def __init__(self, name: str, parcel: Parcel) -> None:
        self.name = name
        self.parcel = parcel

    def setup(self, worker: Worker) -> None:
        """Called by dask when a worker gets the plugin; nothing here may fail or take long."""
        self.address, self._threads = str(worker.address), worker.state.nthreads
        self._scratch = Path(worker.local_directory)  # of a worker that was killed dask empties it
        self._ended = False
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._all: list[Sandbox] = []
        self._free: queue.Queue[Sandbox] = queue.Queue()
        self._marking: Marking | None = None

    def teardown(self, worker: Worker) -> None:
        """Called by dask when the plugin is taken away, or the worker ends."""
        for sandbox in self._all:  # what is at work in one must not begin another
            sandbox.stop()
        with self._lock:
            self._ended = True
            self._stack.close()
            self._marking = None

    def ready(self) -> Fit:
        """Unpack, and open sandboxes, if this has not been done. Raises `UserError` where that cannot be."""
        with self._lock:
            if self._ended:
                raise UserError("its work is over")
            if self._marking is None:
                if wrong := different(versions(self.parcel.packages), self.parcel.versions):
                    raise UserError(wrong)
                with ExitStack() as stack:
                    marking = stack.enter_context(unpacked(self.parcel, self._scratch))
                    self._all = [
                        stack.enter_context(open_sandbox(self.parcel.sandbox, marking.assignment, one, self._threads))
                        for one in range(self._threads)
                    ]
                    self._stack = stack.pop_all()
                for sandbox in self._all:
                    self._free.put(sandbox)
                self._marking, self._tier = marking, self._all[0].tier
            return Fit(self.address, self._threads, self._tier)

    def grade(self, submission: Submission) -> Graded:
        """Grade one submission, in a sandbox that is free, once `ready`."""
        assert self._marking is not None
        started = utc_now()
        sandbox = self._free.get()
        try:
            run, report = grade(sandbox, submission, self._marking)
        finally:
            self._free.put(sandbox)
        return Graded(run, report, started, utc_now())


def _here(name: str) -> Grading | Unfit:
    worker = get_worker()
    found: Any = worker.plugins.get(name)
    return found if isinstance(found, Grading) else Unfit(str(worker.address), "it has no TD to grade", bare=True)


def prepare(name: str) -> Fit | Unfit:
    """Is this worker fit for the grading of this name? Everything is made ready that it needs."""
    here = _here(name)
    if isinstance(here, Unfit):
        return here
    try:
        return here.ready()
    except (UserError, GraderFault, OSError) as error:
        return Unfit(here.address, str(error))


def graded(name: str, submission: Submission) -> Answer:
    """Grade one submission on this worker."""
    address = str(get_worker().address)
    try:
        if isinstance(ready := prepare(name), Unfit):
            return Answer(address, ready)
        here = _here(name)
        return Answer(address, here if isinstance(here, Unfit) else here.grade(submission))
    except Exception as bug:
        return Answer(address, Failed(f"{type(bug).__name__}: {bug}"))


@dataclass(frozen=True, slots=True)
class Examined:
    """What a worker is like: what it runs with, and what was found of each kind of sandbox, or why it is not there."""

    host: str
    threads: int
    versions: dict[str, str]
    tiers: dict[str, Examination | str]


def examined() -> Examined:
    """Attack each kind of sandbox on this worker, as `surdix doctor` does on one machine."""
    tiers: dict[str, Examination | str] = {}
    for tier in ("warm", "cold"):
        try:
            tiers[tier] = examine(tier)
        except UserError as error:
            tiers[tier] = str(error)
    return Examined(socket.gethostname(), get_worker().state.nthreads, versions(), tiers)
