"""Submissions graded on this machine: threads, each with a sandbox of its own, in which all the work happens."""

from __future__ import annotations

import queue
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from grader.batch import Clock, Graded, utc_now
from grader.contract import Submission
from grader.pipeline import Marking, grade
from grader.sandbox.tiers import Sandbox, open_sandbox


class Threads:
    """The engine of one machine. Raises `SandboxUnavailable` at once where there is no sandbox of this kind."""

    def __init__(self, marking: Marking, sandbox: str = "best", jobs: int = 1, now: Clock = utc_now) -> None:
        self.width = jobs
        self._marking, self._now = marking, now
        self._all: list[Sandbox] = []
        self._free: queue.Queue[Sandbox] = queue.Queue()
        with ExitStack() as stack:
            for worker in range(jobs):
                self._all.append(stack.enter_context(open_sandbox(sandbox, marking.assignment, worker, jobs)))
                self._free.put(self._all[-1])
            self._pool = ThreadPoolExecutor(jobs, "grade")
            self._sandboxes = stack.pop_all()

    def submit(self, submission: Submission) -> Future[Graded]:
        """Have a submission graded."""
        return self._pool.submit(self._grade, submission)

    def _grade(self, submission: Submission) -> Graded:
        started = self._now()
        sandbox = self._free.get()
        try:
            run, report = grade(sandbox, submission, self._marking)
        finally:
            self._free.put(sandbox)
        return Graded(run, report, started, self._now())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:  # whoever presses Ctrl-C waits for no submission
            for sandbox in self._all:
                sandbox.stop()
        self._pool.shutdown(cancel_futures=True)
        self._sandboxes.close()
