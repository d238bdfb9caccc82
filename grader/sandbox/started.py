"""The process that a sandbox has started, with all that it starts in turn: moved into a group, killed, waited for."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
from collections.abc import Callable

from grader.sandbox import jail, watch
from grader.sandbox.groups import Group

END_SECONDS = 10.0  # in which what was killed is gone


class Started:
    """A process that may hold a jail. bwrap tells the number of the jail's pid 1, whose death is that of all in it."""

    def __init__(self, command: Callable[[int, int], list[str]], fd: int, jailed: bool, through_pipes: bool) -> None:
        read_end, write_end = os.pipe()
        with os.fdopen(read_end, "rb") as info:
            with os.fdopen(write_end, "wb"):
                self._process = subprocess.Popen(
                    command(fd, write_end),
                    pass_fds=[fd, write_end] if jailed else [fd],
                    stdin=fd if through_pipes else subprocess.DEVNULL,
                    stdout=fd if through_pipes else subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    env=None if through_pipes else jail.environment(),
                    cwd="/",
                    start_new_session=True,
                )
            told = re.search(rb'"child-pid": *(\d+)', info.read())
        self.pid = int(told[1]) if told else self._process.pid
        self._init = None
        if told:
            with contextlib.suppress(ProcessLookupError):
                self._init = os.pidfd_open(self.pid)

    def join(self, group: Group) -> None:
        """Move all that has been started into a group."""
        moved: set[int] = set()
        while new := {self._process.pid, *watch.descendants(self.pid)} - moved:  # one may have made another meanwhile
            group.add(new)
            moved |= new

    def gone(self, seconds: float) -> bool:
        """Has the jail ended, or does it within so many seconds?"""
        return self._init is None or bool(select.select([self._init], [], [], seconds)[0])

    def kill(self) -> None:
        """Kill all of it, and wait for nothing: whoever owns it calls `end`. Any thread may ask for it, at any time."""
        with contextlib.suppress(OSError):  # it has ended, or is being ended
            if self._init is not None:
                signal.pidfd_send_signal(self._init, signal.SIGKILL)
            elif self._process.poll() is None:  # no jail: what it has started does not go with it
                for pid in watch.descendants(self._process.pid):
                    os.kill(pid, signal.SIGKILL)

    def end(self) -> str:
        """Kill all of it, wait until it is gone; what it had written to standard error."""
        if self._init is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init, signal.SIGKILL)
            select.select([self._init], [], [], END_SECONDS)
            os.close(self._init)
            self._init = None
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_SECONDS)  # it reaps its child: not every machine has a process 1 that does
        self.kill()
        self._process.kill()
        self._process.wait()
        assert self._process.stderr is not None
        if self._process.stderr.closed:
            return ""
        with self._process.stderr as pipe:
            os.set_blocking(pipe.fileno(), False)
            return (pipe.read() or b"").decode(errors="replace")
