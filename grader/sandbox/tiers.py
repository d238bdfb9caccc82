"""The ways to run a submission apart from everything else, behind one interface.

    warm   one jail with a warm process; each submission in a fork with namespaces of its own: milliseconds
    cold   one jail a submission, no namespaces inside it, for hosts that refuse those: about 70 ms
    docker one container a submission, for hosts without user namespaces and macOS: only when it is asked for by name
    none   a plain process: no protection, only when it is asked for by name

A `Sandbox` hands out sessions, one at a time; a session is a socket to a process that serves one submission, and
closing it leaves nothing of that process.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.contract import Assignment, Limits
from grader.errors import GraderFault, SandboxUnavailable
from grader.sandbox import container, groups, inherited, jail, syscalls, watch
from grader.sandbox.inside import wire
from grader.sandbox.started import END_SECONDS, Started
from student_template.runner import codec

START_SECONDS = 30.0  # a cold start takes 0.1 s; a loaded machine may be slow
RESTARTS = 3  # tries; it worked before, and somebody may have killed what was starting
LOST_SECONDS = 0.05  # between the end of a session and of the jail that it was in
ROOM = 64 << 20  # bytes of a jail's own, beside what it holds once it has imported the assignment's packages
NO_FILTER = "without a system call filter"
_numbers = itertools.count()  # of the sandboxes of this process
FIRST_UID = 1_879_048_192  # no account has it: far above what useradd, systemd and containers hand out


class Sandbox:
    """What all have in common: the setup, one process with a control socket, and an eye on its memory."""

    kind = ""
    nested = False
    sealed = True  # by whatever means
    jailed = True  # by bubblewrap
    through_pipes = False  # or over a socket that the process inherits

    def __init__(self, assignment: Assignment, worker: int = 0, workers: int = 1) -> None:
        self.assignment = assignment
        self._worker = worker
        limits = assignment.limits
        self._data = {name: assignment.data_path(name).read_bytes() for name in assignment.data}
        name = f"{groups.PREFIX}{os.getpid()}-{worker}-{next(_numbers)}"
        self._group = groups.make(name, limits.memory, limits.processes) if self.jailed else None
        self._killed = 0
        self._own = groups.OWN
        self._process: Started | None = None
        self._stopped = False
        alone = workers == 1 or (self._group is not None and "cpu" in self._group.folders)
        self._cpu = None if alone or not self.jailed else processor(worker)
        self._uid = FIRST_UID + os.getpid() % 100_000 * 64 + worker if os.getuid() == 0 and self.jailed else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave no process behind, and no group."""
        if self._group is not None:
            self._group.remove()

    def stop(self) -> None:
        """Kill what is at work, and start nothing any more: asked by another thread than the one that is in a session,
        which then ends at once by a `GraderFault`. `close` is still to be called."""
        self._stopped = True
        if (process := self._process) is not None:
            process.kill()

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        raise NotImplementedError
        yield

    def _forgive(self) -> None:
        """A session begins: what the kernel has killed so far was another's."""
        if self._group is not None:
            self._killed = self._group.killed()

    @property
    def tier(self) -> str:
        """What reports call it: its kind, and which layer it has to do without."""
        return self.kind if syscalls.available() or not self.sealed else f"{self.kind}, {NO_FILTER}"

    @property
    def counts_memory(self) -> bool:
        """Is a submission's memory counted here, by looking, and not by the kernel?"""
        return self.jailed and self._group is None

    def starved(self) -> bool:
        """Has a submission been killed for memory since this was asked last, or does it have too much now?"""
        if self._group is not None:
            before, self._killed = self._killed, self._group.killed()
            return self._killed > before
        most = self.assignment.limits.memory + self._own
        return self.jailed and self._process is not None and watch.exceeds(self._process.pid, most)

    def lost(self) -> bool:
        """Is the jail gone, through no doing of a submission? Asked after a session ended by itself."""
        return False

    def _start(self, scratch: str = "/scratch") -> socket.socket:
        """Start the process and set it up. Raises `SandboxUnavailable` with its own words where that fails."""
        ours, theirs = socket.socketpair()
        try:
            self._refuse_if_stopped()
            with theirs:
                process = Started(self._command, theirs.fileno(), self.jailed, self.through_pipes)
        except BaseException:
            ours.close()
            raise
        self._process = process
        try:
            self._refuse_if_stopped()  # meanwhile: then `stop` may not have seen this process
            wire.send(ours, self._setup(scratch))
            answer = wire.receive(ours, 1 << 20, time.monotonic() + START_SECONDS)
            if not isinstance(answer, dict) or answer.get("kind") != "ready":
                why = str(answer.get("text", "")) if isinstance(answer, dict) else ""
                raise SandboxUnavailable(f"the {self.tier} sandbox does not start: {last_line(why)}")
            if self._group is not None:
                process.join(self._group)
            elif self.jailed:
                self._own = max(groups.OWN, watch.held(process.pid) + ROOM)
        except BaseException as error:
            ours.close()
            said = self._complaint(self._end()) or "no word from it"
            if isinstance(error, (wire.Closed, wire.Late, codec.CodecError, OSError)):
                raise SandboxUnavailable(f"the {self.tier} sandbox does not start: {said}") from None
            raise
        ours.settimeout(None)
        return ours

    def _refuse_if_stopped(self) -> None:
        if self._stopped:
            raise GraderFault("grading was stopped")

    def _complaint(self, said: str) -> str:
        return last_line(said)

    def _end(self) -> str:
        """Kill the process and all that it has started, wait until they are gone; its complaints."""
        process, self._process = self._process, None
        return process.end() if process is not None else ""

    def _command(self, fd: int, info: int) -> list[str]:
        return jail.command(
            fd,
            info,
            self.assignment.packages,
            root=self._uid is not None,
            nested=self.nested,
            written=self.assignment.limits.written,
        )

    def _setup(self, scratch: str) -> dict[str, Any]:
        return {
            "uid": self._uid,
            "nested": self.nested,
            "mounts": self.jailed and not self.nested,
            "sealed": self.sealed,
            "filter": (syscalls.program() if self.sealed else None) or b"",
            "limits": limits_of(self.assignment.limits),
            "packages": list(self.assignment.imports),
            "probes": self.assignment.probes,
            "checks": [
                {"id": c.id, "parameters": list(c.parameters), "compare": dict(c.compare)}
                for c in self.assignment.checks
            ],
            "data": self._data,
            "scratch": scratch,
            "cpu": self._cpu,
        }


class Warm(Sandbox):
    """One warm process; a fork in fresh namespaces for each submission.

    The next fork is made while one is at work, and one that has ended is waited for when the next begins: making and
    ending namespaces takes milliseconds, in which something else can be done.
    """

    kind = "warm"
    nested = True

    def __init__(self, assignment: Assignment, worker: int = 0, workers: int = 1) -> None:
        super().__init__(assignment, worker, workers)
        try:
            self._begin()
        except BaseException:
            super().close()
            raise

    def _begin(self) -> None:
        self._control = self._start()
        self._asked = 0
        self._ended: set[int] = set()
        self._last: int | None = None
        self._next: tuple[int, socket.socket] | None = None

    def close(self) -> None:
        self._hang_up()
        super().close()

    def _hang_up(self) -> None:
        self._control.close()
        if self._next is not None:
            self._next[1].close()
        self._end()

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        try:
            self._settle()
            self._forgive()
            number, sock = self._next or self._fork()
            self._next = self._fork()
        except OSError:
            self._restart()
            number, sock = self._fork()
        try:
            with sock:
                yield sock
        finally:
            self._last = number
            with contextlib.suppress(OSError):  # a warm process that is gone is noticed when it is needed
                self._control.sendall(wire.ORDER.pack(b"K", number))

    def lost(self) -> bool:
        # No submission can kill it: each is two namespaces away from the warm process.
        return self._process is None or self._process.gone(LOST_SECONDS)

    def _fork(self) -> tuple[int, socket.socket]:
        """Ask for a fork: its number, and the socket to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [wire.ORDER.pack(b"R", 0)], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        self._asked += 1
        return self._asked - 1, ours

    def _settle(self) -> None:
        """Wait until nothing is left of the fork that was killed last. Raises OSError where nobody tells."""
        if self._last is None:
            return
        self._control.settimeout(END_SECONDS)
        while self._last not in self._ended:
            message = self._control.recv(wire.ORDER.size, socket.MSG_WAITALL)
            if len(message) < wire.ORDER.size:
                raise ConnectionResetError("the warm process is gone")
            self._ended.add(wire.ORDER.unpack(message)[1])
        self._ended.discard(self._last)
        self._last = None
        self._control.settimeout(None)

    def _restart(self) -> None:
        self._hang_up()
        for tries in range(1, RESTARTS + 1):
            try:
                self._begin()
                break
            except SandboxUnavailable as error:
                if tries == RESTARTS:
                    raise GraderFault(f"the sandbox worked and does not any more: {error}") from None


class Cold(Sandbox):
    """A jail of its own for each submission."""

    kind = "cold"

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        with self._start() as sock:
            self._forgive()
            try:
                yield sock
            finally:
                self._end()


class Docker(Cold):
    """A container for each submission, of docker or podman."""

    kind = "docker"
    jailed = False
    through_pipes = True
    _made = itertools.count()

    def _complaint(self, said: str) -> str:
        return said.strip().partition("\n")[0][:300]  # below it stands where to find help

    def _command(self, fd: int, info: int) -> list[str]:
        self._name = f"surdix-{os.getpid()}-{next(self._made)}"
        return container.command(self._name, self.assignment.limits, self._worker)

    def stop(self) -> None:
        super().stop()
        container.kill(self._name)

    def _end(self) -> str:
        container.kill(self._name)  # the engine's command is not the container's parent
        return super()._end()


class Unprotected(Sandbox):
    """A plain process: the submission may do all that the person who grades may do."""

    kind = "none"
    sealed = jailed = False

    def _command(self, fd: int, info: int) -> list[str]:
        site = next(path for path in sys.path if (Path(path) / "numpy").is_dir())
        return [sys.executable, *jail.code(jail.inherited(fd), [str(jail.PROJECT), site])]

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        scratch = tempfile.mkdtemp(prefix="surdix-")
        try:
            with self._start(scratch) as sock:
                try:
                    yield sock
                finally:
                    self._end()
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def open_sandbox(kind: str, assignment: Assignment, worker: int = 0, workers: int = 1) -> Sandbox:
    """The sandbox called `kind`, started and proved; `best` is warm, else cold. It is the `worker`-th of `workers`.

    Raises `SandboxUnavailable` with what is missing; never falls back to no sandbox.
    """
    if kind != "docker":
        inherited.refuse_narrow(assignment.limits)
    if kind == "none":
        return Unprotected(assignment, worker, workers)
    if kind == "docker":
        return _proved(Docker(assignment, worker, workers))
    if kind == "warm":
        return Warm(assignment, worker, workers)
    if kind == "best":
        with contextlib.suppress(SandboxUnavailable):
            return Warm(assignment, worker, workers)
    if kind not in ("best", "cold"):
        raise ValueError(f"no sandbox is called {kind!r}")
    return _proved(Cold(assignment, worker, workers))


def _proved(sandbox: Sandbox) -> Sandbox:
    try:
        with sandbox.session():
            return sandbox
    except BaseException:
        sandbox.close()
        raise


def processor(worker: int) -> int:
    """A processor for a worker's submissions: one for each as far as there are enough, spread over graders too."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[(os.getpid() + worker) % len(allowed)]


def limits_of(limits: Limits) -> Mapping[str, Any]:
    return {name: getattr(limits, name) for name in Limits.__dataclass_fields__}


def last_line(text: str) -> str:
    """Of a traceback or a program's complaints, the line that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
