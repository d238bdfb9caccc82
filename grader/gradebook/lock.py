"""One run at a time on a folder of results: the second waits until the first has ended, however it ends.

The lock is the kernel's (`flock`) on a file in the folder, so that a run that was killed holds nothing. In the file
stands who holds it, for the one who waits.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.gradebook.database import explained

NAME = ".lock"
NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)  # of network disks; the gradebook's own lock remains


@contextmanager
def alone(folder: Path, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold the folder's lock; `waiting` is told once who holds it, if it has to be waited for.

    Raises `UserError` where there can be no lock. On a disk that is read-only nobody writes, and nobody waits.
    """
    with explained(folder / NAME):
        descriptor = _opened(folder / NAME)
    if descriptor is None:
        yield
        return
    try:
        _take(descriptor, waiting)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return None


def _take(descriptor: int, waiting: Callable[[str], None]) -> None:
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting(os.pread(descriptor, 100, 0).decode("utf-8", "replace") or "another run")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
