"""What one check could tell the next through the process that serves both, and is in no file: closed once, before the
first check, or put back before each.

Not closed: a file that is open already has one content for all checks, and code that changes this very process while
it is loaded can do as it likes, on purpose.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import select
import signal
import stat
import struct
from collections.abc import Mapping
from typing import Any

from grader.sandbox.inside import wire

MOST_FILES = 1024  # descriptors that are looked at; a sandbox has fewer
# What one may leave in an open file, each with the value that says "none".
FREE: tuple[tuple[int, int | bytes], ...] = (
    (fcntl.F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_UNLCK, os.SEEK_SET, 0, 0, 0)),  # struct flock: all of the file
    (fcntl.F_SETLEASE, fcntl.F_UNLCK),
    (fcntl.F_SETOWN, 0),
    (fcntl.F_SETSIG, 0),
)


class OpenFile:
    """A file, folder or device that is open. Forks share what the kernel keeps of it: flags, the place, locks and more.

    Source: fcntl(2), flock(2), open(2) on open file descriptions.
    """

    def __init__(self, fd: int) -> None:
        self._fd, self._place = fd, os.lseek(fd, 0, os.SEEK_CUR)
        self._settings = ((fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL)), *FREE)

    def restore(self) -> None:
        """Put back flags and place, so that each check reads what the first one would, and let go of all else."""
        with contextlib.suppress(OSError):  # closed since then, when Python found that nobody uses it
            os.lseek(self._fd, self._place, os.SEEK_SET)
            fcntl.flock(self._fd, fcntl.LOCK_UN)
        for command, value in self._settings:
            with contextlib.suppress(OSError):  # or there is no such thing to let go of
                fcntl.fcntl(self._fd, command, value)


def keep_apart(sock: wire.Channel, handlers: Mapping[signal.Signals, Any]) -> list[OpenFile]:
    """Stop timers, give signals their handlers again and close whatever was opened that is no file, folder or device;
    those that are open. `handlers` are those of before loading."""
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    for number, handler in handlers.items():
        if handler is not None and signal.getsignal(number) != handler:
            signal.signal(number, handler)
    found = []
    for fd in _open_ones().difference(wire.descriptors(sock)):
        with contextlib.suppress(OSError):
            mode = os.fstat(fd).st_mode
            if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISCHR(mode):
                found.append(OpenFile(fd))
            else:
                os.close(fd)
    return found


def _open_ones() -> set[int]:
    """The descriptors that are open: poll(2) says of all at once which are not."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    numbers = set(range(MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)))
    poll = select.poll()
    for fd in numbers:
        poll.register(fd, 0)
    return numbers.difference(fd for fd, event in poll.poll(0) if event & select.POLLNVAL)
