"""A check in forks of the process that has the submission loaded: what they answer, how they end, and that they end.

A fork is killed, with all that it has started, when it has written what it should, when it ends or when its time is up.
Its pipe is not read until it closes: a grandchild could hold it open.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import select
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.sandbox.inside import linux, wire
from student_template.runner import codec, loading, probing

LIGHT = 32 << 20  # bytes that a process gives back in no time
QUICK = 0.02  # seconds in which nobody fills memory that takes long to give back
ROOM = 4 << 20  # a check's messages around its answers and printed text


def sweep_namespace(wait: bool) -> bool:
    """Kill every other process of this pid namespace; with `wait` until they are gone. Are they known to be?

    One that was killed runs none of its own code any more, but may end a system call that it is in.
    One kill(2) for all cannot miss a process that is being made: a fork with a signal waiting for its parent fails.
    """
    while True:
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:  # nobody, not even one that has ended and is still to be waited for
            return True
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not wait:
            return False
        time.sleep(0.0005)


def sweep_nothing(wait: bool) -> bool:
    """Without a sandbox there is no namespace to sweep: the fork's own process group has been killed."""
    return True


class Succession:
    """Makes forks, one after the other: each begins when nobody of the one before is left who could still write.

    The one before may still be dying: it has said all that it had to say, and is in no system call but the last one.
    That it has left nobody else is seen by the next one's number: processes of a namespace have them in a row.
    """

    def __init__(self, sweep: Callable[[bool], bool], restore: Callable[[], None]) -> None:
        self._sweep, self._restore = sweep, restore
        self._dying: int | None = None  # the one before, where it is not known to be gone

    def make(self) -> int:
        """Put back what the one before may have changed, and fork: in the fork 0, else its number."""
        self._restore()
        expected = None if self._dying is None else self._dying + 1
        pid = self._fork()
        if expected is None or expected == (pid or os.getpid()):
            return pid
        if pid == 0:
            os._exit(0)
        self._sweep(True)  # this one too, which was made too early
        self._restore()
        return self._fork()

    def end(self, pid: int, wait: bool) -> None:
        """Kill a fork and all that it has started; with `wait` they are gone then."""
        self._dying = None if self._sweep(wait) else pid

    def _fork(self) -> int:
        try:
            return linux.fork()
        except BlockingIOError:  # the processes of the check before are dying, and still count
            self._sweep(True)
            return linux.fork()


@dataclass(frozen=True)
class Session:
    """What the forks of one submission have in common."""

    sock: wire.Channel
    loaded: loading.Loaded
    job: Mapping[str, Any]  # the grader's message: what an answer and what is printed may be long
    printed: loading.Printed  # where it goes; empty
    succession: Succession
    meanwhile: Callable[[], None]  # called while a fork is at work


def in_forks(session: Session, probe: probing.Probe, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Run a check's cases in a fork, and those after a case that ended it in a further one; not after a time-out.

    For each fork what it wrote, and how it ended: done, exited, status N, signal N, time, flood.
    """
    cases, deadline = asked["cases"], time.monotonic() + asked["seconds"]
    while cases:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            yield {"how": "time", "data": b""}
            return
        written, how = _in_a_fork(session, probe, cases, seconds)
        yield {"how": how, "data": bytes(written.data)}
        if how in ("done", "time"):
            return
        cases = cases[written.messages + 1 :]


def _in_a_fork(
    session: Session, probe: probing.Probe, cases: Sequence[Mapping[str, Any]], seconds: float
) -> tuple[_Written, str]:
    job, succession = session.job, session.succession
    read_end, write_end = os.pipe()
    started = time.monotonic()
    pid = succession.make()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.setpgid(0, 0)
            os.close(read_end)
            session.sock.close()
            _answer(write_end, session, probe, cases, seconds)
            os._exit(0)
        os._exit(1)
    os.close(write_end)
    written = _Written(read_end, messages_expected=len(cases) + 1, most=job["answer"] + job["printed"] + ROOM)
    how, status = "exited", 0
    try:
        session.meanwhile()
        how = _watch(pid, written, started + seconds)
    finally:
        os.close(read_end)
        for target in (pid, -pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(target, signal.SIGKILL)
        if how != "done":
            with contextlib.suppress(ChildProcessError):
                status = os.waitpid(pid, 0)[1]
        # What is killed takes a millisecond to be gone: to go on meanwhile is safe, but not where it may have much
        # memory to give back.
        succession.end(pid, how != "done" or (time.monotonic() - started > QUICK and not written.says_light()))
    if how == "exited":
        code = os.waitstatus_to_exitcode(status)
        how = "exited" if code == 0 else f"signal {-code}" if code < 0 else f"status {code}"
    return written, how


class _Written:
    """What comes out of a fork's pipe: messages, counted as they come."""

    def __init__(self, pipe: int, messages_expected: int, most: int) -> None:
        self.pipe, self.expected, self.most = pipe, messages_expected, most
        self.data = bytearray()
        self.messages = 0
        self._counted = self._last = 0  # where what was counted ends, and where the last message of it begins
        os.set_blocking(pipe, False)

    @property
    def complete(self) -> bool:
        return self.messages >= self.expected

    def says_light(self) -> bool:
        """Does the fork say, in its last message, that it has no more memory than it began with, and no children?"""
        try:
            said = codec.decode(memoryview(self.data)[self._last : self._counted])
        except codec.CodecError:
            return False
        return isinstance(said, dict) and said.get("light") is True

    @property
    def too_much(self) -> bool:
        return len(self.data) > self.most

    def read(self) -> bool:
        """Take what is there; False once every writer is gone."""
        open_still = True
        while open_still and not self.too_much:
            try:
                chunk = os.read(self.pipe, 1 << 20)
            except BlockingIOError:
                break
            self.data += chunk
            open_still = bool(chunk)
        with contextlib.suppress(codec.CodecError):  # of what is no message none is counted any more
            while len(self.data) - self._counted >= codec.PREFIX.size:
                prefix = bytes(self.data[self._counted : self._counted + codec.PREFIX.size])
                end = self._counted + len(prefix) + codec.length(prefix, self.most)
                if end > len(self.data):
                    break
                self._last, self._counted = self._counted, end
                self.messages += 1
        return open_still


def _watch(pid: int, written: _Written, deadline: float) -> str:
    """Read until the fork has written all that it should, has ended, is out of time or writes too much."""
    process = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(written.pipe, select.POLLIN)
    try:
        while True:
            left = max(0.0, deadline - time.monotonic())
            ready = {fd for fd, _ in poll.poll(left * 1000)}
            ended = process in ready
            if (ended or written.pipe in ready) and not written.read():
                with contextlib.suppress(KeyError):
                    poll.unregister(written.pipe)
            if written.too_much:
                written.data.clear()
                written.messages = 0
                return "flood"
            if written.complete:
                return "done"
            if ended:
                return "exited"
            if left == 0.0:  # asked last: this process may be late to look, and the grader has a clock of its own
                return "time"
    finally:
        os.close(process)


def _answer(
    pipe: int, session: Session, probe: probing.Probe, cases: Sequence[Mapping[str, Any]], seconds: float
) -> None:
    """In the fork: put every case to the module and write each answer as soon as it is there."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
    before = _peak_memory()
    for case in cases:
        limit = session.job["answer"]
        answer = probing.ask(probe, session.loaded, case, limit=limit, interruptible=False, once=True)
        _write(pipe, vars(answer))
    light = _peak_memory() - before < LIGHT and not _has_children()
    _write(pipe, {"printed": session.printed.text(), "light": light})


def _peak_memory() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _write(pipe: int, tree: dict[str, Any]) -> None:
    view = memoryview(codec.encode(tree))
    while view:
        view = view[os.write(pipe, view) :]
