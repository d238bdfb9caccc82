"""What is sent where, and what is done about what goes wrong: the engine of many machines.

A thread of its own holds all that is known: of workers, whether they are fit; of submissions, where they are under way.
It hears of everything through one queue, so that nothing needs a lock. Each trouble has its answer:

    a worker dies            what it had is given to others; what dask gives up is looked at alone
    three with the same      the submission is `crashed`, and a person has to look
    a worker is unfit        (no sandbox, other versions) it gets nothing; a person is told once
    a worker fails           the submission is given to another; it is a fault only if that fails too
    a worker does not answer what it has is given to another as well, and the first to answer counts
    the scheduler is gone    it is waited for; what was under way is sent again

Grading a submission twice changes nothing: the first answer is taken, and recorded once.
"""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from distributed import KilledWorker

from grader import pipeline
from grader.batch import Graded, utc_now
from grader.cluster import connect, worker
from grader.cluster.parcel import Parcel
from grader.cluster.worker import Answer, Failed, Fit, Unfit
from grader.contract import Run, Status, Submission
from grader.errors import GraderFault, SandboxUnavailable, UserError
from grader.pipeline import Marking

TICK = 1.0  # seconds between two looks at who is there
SLOW = 60.0  # a submission that is under way for so long is given to another worker too,
LEAST_SLOW = 10.0  # or, once some have come back, for so long
TIMES_SLOW = 6.0  # and so many times the longest
COPIES = 3  # of one submission
DEATHS = 3  # of workers with a submission,
ALONE = 2  # so many of them when it was alone on its worker: then it was its doing
FAILURES = 2  # of a worker over what another could do
WORKERS_SECONDS = 60.0  # until a first worker comes
PATIENCE = 300.0  # with a scheduler that is gone, or with workers that are


@dataclass(eq=False, slots=True)
class Job:
    """A submission that somebody waits for."""

    submission: Submission
    promise: Future[Graded]
    attempts: dict[Future[Any], str] = field(default_factory=dict)  # under way, with dask's keys
    only: frozenset[str] = frozenset()  # the workers that may have the last of them; empty: any
    sent: float = 0.0  # when the last of them was
    copies: int = 0
    deaths: int = 0  # of workers that had it
    alone: bool = False  # because of them nothing else is under way with it
    deaths_alone: int = 0
    failed: tuple[str, Graded] | None = None  # the worker that failed over it, and the fault


class Cluster:
    """The engine of the workers at `address`. `said` is called with what a person should know, from another thread.

    Raises `UserError` where there is no scheduler or no worker, `SandboxUnavailable` where no worker is fit.
    """

    def __init__(self, address: str, parcel: Parcel, marking: Marking, said: Callable[[str], None]) -> None:
        self._address, self._parcel, self._marking, self._said = address, parcel, marking, said
        self._name = f"surdix-{uuid.uuid4().hex}"
        self._events: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._workers: dict[str, Fit | Unfit | None] = {}  # None: it is being asked
        self._waiting: deque[Job] = deque()
        self._suspects: deque[Job] = deque()
        self._under_way: dict[Future[Any], Job] = {}
        self._jobs: set[Job] = set()
        self._numbers = 0
        self._longest = 0.0
        self._told: set[str] = set()
        self._failures: Counter[str] = Counter()  # by worker
        self._empty_since = time.monotonic()
        self._stopping = threading.Event()
        self._opened: Future[None] = Future()
        self._thread: threading.Thread | None = None
        self._stack = ExitStack()
        try:
            self._target = connect.target_of(address, self._stack)
            self._join()
            self._thread = threading.Thread(target=self._coordinate, name="cluster", daemon=True)
            self._thread.start()
            self._opened.result()
        except BaseException:
            self._leave()
            raise

    @property
    def width(self) -> int:
        """The threads of all workers that are fit."""
        return sum(one.threads for one in list(self._workers.values()) if isinstance(one, Fit)) or 1

    def submit(self, submission: Submission) -> Future[Graded]:
        """Have a submission graded, by whichever worker."""
        job = Job(replace(submission, earlier=()), Future())
        self._events.put(("new", job))
        return job.promise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leave()

    # The rest is the coordinator's.

    def _coordinate(self) -> None:
        tick = time.monotonic()
        try:
            while not self._stopping.is_set():
                event: tuple[Any, ...] = ()
                with suppress(queue.Empty):
                    event = self._events.get(timeout=max(0.0, tick - time.monotonic()))
                match event:
                    case ("new", job):
                        self._jobs.add(job)
                        self._waiting.append(job)
                    case ("asked", address, future):
                        self._asked(address, future)
                    case ("done", future):
                        self._done(future)
                if time.monotonic() >= tick:
                    self._look()
                    tick = time.monotonic() + TICK
                self._dispatch()
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """Whoever waits for anything hears of it."""
        if not self._opened.done():
            self._opened.set_exception(error)
        while True:
            with suppress(queue.Empty):
                while True:
                    match self._events.get_nowait():
                        case ("new", job):
                            self._jobs.add(job)
            for job in self._jobs:
                job.promise.set_exception(error)
            self._jobs.clear()
            if self._stopping.wait(TICK):
                return

    def _dispatch(self) -> None:
        fit = self._fit()
        if not fit or any(job.alone for job in self._under_way.values()):
            return
        if self._suspects:
            # Alone is alone: a death is nobody else's. So it must not be sent to who has just died.
            if not self._under_way and (alive := fit & (self._there() or frozenset())):
                job = self._suspects.popleft()
                job.alone = True
                self._send(job, frozenset({min(alive)}))
            return
        while self._waiting:
            job = self._waiting.popleft()
            others = fit - {job.failed[0]} if job.failed else fit
            self._send(job, others or fit)

    def _send(self, job: Job, to: frozenset[str]) -> None:
        """To any of these workers; to one alone dask does not give it to another when that dies."""
        only = to if len(to) < len(self._workers) or job.alone else frozenset()
        self._numbers += 1
        key = f"{self._name}-{self._numbers}"
        future = self._executor.submit(worker.graded, self._name, job.submission, key=key, **_restricted(only))
        job.attempts[future] = key
        job.only, job.sent = only, time.monotonic()
        self._under_way[future] = job
        future.add_done_callback(lambda done: self._events.put(("done", done)))

    def _done(self, future: Future[Any]) -> None:
        job = self._under_way.pop(future, None)
        if job is None:
            return  # of an attempt that nobody waits for any more
        del job.attempts[future]
        if future.cancelled():
            self._again(job)
            self._rejoin()
            return
        error = future.exception()
        if isinstance(error, KilledWorker):
            self._died(job, error.allowed_failures + 1)
            return
        answer = Answer("", Failed(f"{type(error).__name__}: {error}")) if error is not None else future.result()
        match answer.what:
            case Unfit() as unfit:
                self._is_unfit(unfit)
                self._again(job)
            case Failed(what):
                self._failed(job, answer.worker, self._fault(job, what))
            case Graded() as graded if graded.report.status is Status.GRADER_FAULT:
                self._failed(job, answer.worker, graded)
            case Graded() as graded:
                self._longest = max(self._longest, time.monotonic() - job.sent)
                if job.failed is not None:
                    self._could_not(*job.failed)
                self._settle(job, graded)

    def _again(self, job: Job) -> None:
        if job.attempts:
            return  # another worker has it too
        (self._suspects if job.alone else self._waiting).appendleft(job)
        job.alone = False

    def _forget(self, job: Job) -> None:
        """Let go of what is under way of it."""
        for future in job.attempts:
            del self._under_way[future]
            future.cancel()
        job.attempts.clear()

    def _settle(self, job: Job, graded: Graded) -> None:
        self._forget(job)
        self._jobs.discard(job)
        job.promise.set_result(graded)

    def _died(self, job: Job, deaths: int) -> None:
        """So many workers have died that had this submission."""
        job.deaths += deaths
        job.deaths_alone += deaths if job.alone else 0
        if job.deaths >= DEATHS and job.deaths_alone >= ALONE:
            run = Run({}, tier=self._parcel.sandbox, died=job.deaths, crashed=True)
            self._settle(
                job, Graded(run, pipeline.judged_again(run, job.submission, self._marking), utc_now(), utc_now())
            )
        elif not job.attempts:
            job.alone = False
            self._suspects.append(job)

    def _failed(self, job: Job, where: str, graded: Graded) -> None:
        """A worker has failed over it. Where another fails too, or there is none, it is a fault, without a score."""
        if job.failed is None and self._fit() - {where}:
            job.failed = (where, graded)
            self._again(job)
        elif not job.attempts:
            self._settle(job, graded)

    def _could_not(self, where: str, graded: Graded) -> None:
        """Another worker could do what this one failed over: one that fails quickly would get the most work."""
        self._failures[where] += 1
        if self._failures[where] >= FAILURES and len(self._fit()) > 1:
            because = next((str(n.values["what"]) for n in graded.report.notes if "what" in n.values), "it fails")
            self._is_unfit(Unfit(where, because))

    def _fault(self, job: Job, what: str) -> Graded:
        """A fault of ours: there is no score, and the command fails."""
        return Graded(None, pipeline.fault_report(job.submission, self._marking, what), utc_now(), utc_now())

    # Workers

    def _fit(self) -> frozenset[str]:
        return frozenset(address for address, one in self._workers.items() if isinstance(one, Fit))

    def _there(self) -> frozenset[str] | None:
        """The workers that are there now; None where the scheduler does not answer, or is another than before."""
        found = connect.answer_within(connect.CONNECT_SECONDS, lambda: self._client.scheduler_info(n_workers=-1))
        return frozenset(found["workers"]) if found is not None and found["id"] == self._scheduler else None

    def _look(self) -> None:
        """See who has come and gone, and what takes too long."""
        there = self._there()
        if there is None:
            self._rejoin()
            return
        for gone in self._workers.keys() - there:
            del self._workers[gone]
        for new in there - self._workers.keys():
            self._workers[new] = None
            asked = self._executor.submit(
                worker.prepare, self._name, key=f"{self._name}-fit-{uuid.uuid4().hex}", **_restricted({new})
            )
            asked.add_done_callback(lambda done, address=new: self._events.put(("asked", address, done)))
        for job in {*self._under_way.values()}:
            if job.only and not job.only & there:  # a worker that is started again has another address
                self._forget(job)
                self._died(job, 1)
        self._copy_slow()
        self._wait_for_workers()

    def _asked(self, address: str, future: Future[Any]) -> None:
        """A worker has said whether it is fit, or died over it."""
        if address not in self._workers or future.cancelled():
            return
        if error := future.exception():
            self._is_unfit(Unfit(address, f"{type(error).__name__}: {error}"))
        elif isinstance(found := future.result(), Unfit) and found.bare:
            self._give_parcel()
            del self._workers[address]  # and is asked again
        elif isinstance(found, Unfit):
            self._is_unfit(found)
        else:
            self._workers[address] = found
            if not self._opened.done():
                self._opened.set_result(None)

    def _is_unfit(self, found: Unfit) -> None:
        if found.worker in self._workers:
            self._workers[found.worker] = found
        if found.why not in self._told:
            self._told.add(found.why)
            self._said(f"the worker {found.worker} gets nothing to grade: {found.why}")

    def _wait_for_workers(self) -> None:
        """Raises, when there has been none for too long, or all are unfit."""
        now = time.monotonic()
        if self._fit():
            self._empty_since = now
            return
        unfit = [one for one in self._workers.values() if isinstance(one, Unfit)]
        if unfit and len(unfit) == len(self._workers) and not self._opened.done():
            raise SandboxUnavailable(f"{self._address}: none of its workers can grade: {unfit[0].why}")
        if not self._opened.done() and now - self._empty_since > WORKERS_SECONDS:
            waited = f"{WORKERS_SECONDS:.0f} s"
            raise UserError(f"{self._address}: no worker has come in {waited}; start some, then try again")
        if now - self._empty_since > PATIENCE:
            raise GraderFault(f"{self._address}: no worker that can grade for {PATIENCE:.0f} s; {RESUME}")

    def _copy_slow(self) -> None:
        """Give to another worker what has been under way for too long."""
        slow = max(LEAST_SLOW, TIMES_SLOW * self._longest) if self._longest else SLOW
        late = [job for job in {*self._under_way.values()} if time.monotonic() - job.sent > slow]
        held = connect.answer_within(connect.CONNECT_SECONDS, self._client.processing) if late else None
        if held is None:
            return
        for job in late:
            keys = set(job.attempts.values())
            others = self._fit() - {address for address, its in held.items() if not keys.isdisjoint(its)}
            if job.copies >= COPIES or not others:
                continue
            job.copies += 1
            if job.alone:  # it moves: two would not be alone
                self._forget(job)
                others = frozenset({min(others)})
            self._send(job, others)

    # The scheduler

    def _join(self) -> None:
        """Become a client, and leave the parcel with the scheduler, which gives it to each worker."""
        try:
            self._client = connect.client(self._target)
        except OSError:
            raise UserError(f"{self._address}: {connect.NOBODY}") from None
        self._executor = self._client.get_executor(pure=False, retries=0)
        self._scheduler = self._client.scheduler_info(n_workers=-1)["id"]
        self._give_parcel()

    def _give_parcel(self) -> None:
        """To the scheduler, for each worker that is there or comes. One that does not answer does not matter."""
        grading = worker.Grading(self._name, self._parcel)
        connect.within(connect.CONNECT_SECONDS, lambda: self._client.register_plugin(grading, name=self._name))

    def _rejoin(self) -> None:
        """The scheduler is gone: wait for it, then send again what was under way."""
        if self._stopping.is_set():
            return  # no wonder
        self._said(f"{self._address}: the scheduler is gone; waiting for it to come back")
        for job in {*self._under_way.values()}:
            job.attempts.clear()
            self._again(job)
        self._under_way.clear()
        self._workers.clear()
        since = time.monotonic()
        connect.within(connect.CLOSE_SECONDS, self._client.close)
        while not self._stopping.wait(TICK):
            with suppress(UserError):
                self._join()
                self._empty_since = time.monotonic()
                return
            if time.monotonic() - since > PATIENCE:
                raise GraderFault(f"{self._address}: no scheduler for {PATIENCE:.0f} s; {RESUME}")

    def _leave(self) -> None:
        """Take the parcel away from the workers, as far as they answer, and go."""
        self._stopping.set()

        def leave() -> None:
            if self._thread is not None:
                self._thread.join(connect.CLOSE_SECONDS / 4)
            if hasattr(self, "_client"):
                self._client.unregister_worker_plugin(self._name)
                self._client.close()

        connect.within(connect.CLOSE_SECONDS, leave)
        self._stack.close()


RESUME = "what was graded is kept: start the same command again when there are some"


def _restricted(workers: frozenset[str] | set[str]) -> dict[str, Any]:
    return {"workers": sorted(workers), "allow_other_workers": False} if workers else {}
