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
import signal
import stat
from collections.abc import Mapping
from typing import Any

from grader.sandbox.inside import wire

MOST_FILES = 1024  # descriptors that are looked at; a sandbox has fewer


class OpenFile:
    """A file, folder or device that is open: forks share the place in it, and its flags."""

    def __init__(self, fd: int) -> None:
        self._fd, self._place, self._flags = fd, os.lseek(fd, 0, os.SEEK_CUR), fcntl.fcntl(fd, fcntl.F_GETFL)

    def restore(self) -> None:
        """Put both back, so that each check reads what the first one would."""
        with contextlib.suppress(OSError):  # closed since then, when Python found that nobody uses it
            os.lseek(self._fd, self._place, os.SEEK_SET)
            fcntl.fcntl(self._fd, fcntl.F_SETFL, self._flags)


def keep_apart(sock: wire.Channel, handlers: Mapping[signal.Signals, Any]) -> list[OpenFile]:
    """Stop timers, give signals their handlers again and close whatever was opened that is no file, folder or device;
    those that are open. `handlers` are those of before loading."""
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    for number, handler in handlers.items():
        if handler is not None and signal.getsignal(number) != handler:
            signal.signal(number, handler)
    ours = wire.descriptors(sock)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    found = []
    for fd in range(MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)):
        with contextlib.suppress(OSError):
            mode = os.fstat(fd).st_mode
            if fd in ours:
                continue
            if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISCHR(mode):
                found.append(OpenFile(fd))
            else:
                os.close(fd)
    return found
