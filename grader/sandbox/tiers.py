"""The ways to run a submission apart from everything else, behind one interface.

    warm   one jail with a warm process; each submission in a fork with namespaces of its own: milliseconds
    cold   one jail a submission, no namespaces inside it, for hosts that refuse those: about 70 ms
    none   a plain process: no protection, only when it is asked for by name

A `Sandbox` hands out sessions, one at a time; a session is a socket to a process that serves one submission, and
closing it leaves nothing of that process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.contract import Assignment, Limits
from grader.errors import GraderFault, SandboxUnavailable
from grader.sandbox import jail, syscalls
from grader.sandbox.inside import wire

START_SECONDS = 30.0  # a cold start takes 0.1 s; a loaded machine may be slow
FIRST_UID = 1_879_048_192  # no account has it: far above what useradd, systemd and containers hand out


class Sandbox:
    """What the three have in common: the setup, and one process with a control socket."""

    tier = ""
    nested = False
    sealed = True

    def __init__(self, assignment: Assignment, worker: int = 0) -> None:
        self.assignment = assignment
        self._uid = FIRST_UID + os.getpid() % 100_000 * 64 + worker if os.getuid() == 0 and self.sealed else None
        self._data = {name: (Path(assignment.folder) / "data" / name).read_bytes() for name in assignment.data}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave no process behind."""

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        raise NotImplementedError
        yield

    def _start(self, scratch: str = "/scratch") -> tuple[subprocess.Popen[bytes], socket.socket]:
        """Start the process and set it up. Raises `SandboxUnavailable` with its own words where that fails."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                self._command(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=jail.environment(),
                cwd="/",
                start_new_session=True,
            )
        try:
            wire.send(ours, self._setup(scratch))
            answer = wire.receive(ours, 1 << 20, time.monotonic() + START_SECONDS)
            if answer.get("kind") != "ready":
                raise SandboxUnavailable(
                    f"the {self.tier} sandbox does not start: {_last_line(answer.get('text', ''))}"
                )
        except (wire.Closed, wire.Late, SandboxUnavailable) as error:
            ours.close()
            said = _end(process)
            if isinstance(error, SandboxUnavailable):
                raise
            raise SandboxUnavailable(
                f"the {self.tier} sandbox does not start: {_last_line(said) or 'no word from it'}"
            ) from None
        ours.settimeout(None)
        return process, ours

    def _command(self, fd: int) -> list[str]:
        return jail.command(fd, self.assignment.packages, root=self._uid is not None, nested=self.nested)

    def _setup(self, scratch: str) -> dict[str, Any]:
        return {
            "uid": self._uid,
            "nested": self.nested,
            "sealed": self.sealed,
            "filter": syscalls.program() if self.sealed else b"",
            "limits": limits_of(self.assignment.limits),
            "packages": list(self.assignment.packages),
            "probes": self.assignment.probes,
            "checks": [
                {"id": c.id, "parameters": list(c.parameters), "compare": dict(c.compare)}
                for c in self.assignment.checks
            ],
            "data": self._data,
            "scratch": scratch,
        }


class Warm(Sandbox):
    """One warm process; a fork in fresh namespaces for each submission."""

    tier = "warm"
    nested = True

    def __init__(self, assignment: Assignment, worker: int = 0) -> None:
        super().__init__(assignment, worker)
        self._process, self._control = self._start()

    def close(self) -> None:
        self._control.close()
        _end(self._process)

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                try:
                    socket.send_fds(self._control, [b"R"], [theirs.fileno()])
                except OSError:
                    self._restart()
                    socket.send_fds(self._control, [b"R"], [theirs.fileno()])
            with ours:
                yield ours
        finally:
            self._finish()

    def _finish(self) -> None:
        """End the run and wait until nothing of it is left; a warm process that does not answer is replaced."""
        try:
            self._control.sendall(b"K")
            self._control.settimeout(10.0)
            if self._control.recv(1) == b"D":
                self._control.settimeout(None)
                return
        except OSError:
            pass
        self._restart()

    def _restart(self) -> None:
        self.close()
        try:
            self._process, self._control = self._start()
        except SandboxUnavailable as error:
            raise GraderFault(f"the sandbox worked and does not any more: {error}") from None


class Cold(Sandbox):
    """A jail of its own for each submission."""

    tier = "cold"

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        process, sock = self._start()
        try:
            with sock:
                yield sock
        finally:
            _end(process)


class Unprotected(Sandbox):
    """A plain process: the submission may do all that the person who grades may do."""

    tier = "none"
    sealed = False

    def _command(self, fd: int) -> list[str]:
        site = next(path for path in sys.path if (Path(path) / "numpy").is_dir())
        return [sys.executable, *jail.code(fd, str(jail.PROJECT), site)]

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        scratch = tempfile.mkdtemp(prefix="surdix-")
        try:
            process, sock = self._start(scratch)
            try:
                with sock:
                    yield sock
            finally:
                _end(process)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def open_sandbox(kind: str, assignment: Assignment, worker: int = 0) -> Sandbox:
    """The sandbox called `kind`, started and proved; `best` is warm, else cold.

    Raises `SandboxUnavailable` with what is missing; never falls back to no sandbox.
    """
    if kind == "none":
        return Unprotected(assignment, worker)
    if kind == "docker":
        raise SandboxUnavailable("--sandbox docker is not built yet: use warm or cold (surdix doctor says which works)")
    if kind == "warm":
        return Warm(assignment, worker)
    if kind == "best":
        with contextlib.suppress(SandboxUnavailable):
            return Warm(assignment, worker)
    cold = Cold(assignment, worker)
    with cold.session():  # proves that it starts
        return cold


def limits_of(limits: Limits) -> Mapping[str, Any]:
    return {name: getattr(limits, name) for name in Limits.__dataclass_fields__}


def _end(process: subprocess.Popen[bytes]) -> str:
    """Kill the process if it still runs; what it had written to standard error."""
    process.kill()
    try:
        _, said = process.communicate(timeout=10)
    except (subprocess.TimeoutExpired, ValueError):
        return ""
    return said.decode(errors="replace")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
