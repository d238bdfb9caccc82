"""A session whose other end says what it likes, without any process behind it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace

from tests.sandbox.conftest import assignment

TD = assignment()


@contextlib.contextmanager
def other_end(said: bytes) -> Iterator[socket.socket]:
    """A socket whose other end says this and hangs up, and hears what it is told."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            theirs.send(said)
        theirs.shutdown(socket.SHUT_WR)
        yield ours


class Hostile:
    """A sandbox whose session says what it likes."""

    tier = "none"
    counts_memory = False

    def __init__(self, said: bytes) -> None:
        self.assignment = replace(TD, limits=replace(TD.limits, load_seconds=1.0, check_seconds=1.0))
        self.said = said

    @contextlib.contextmanager
    def session(self) -> Iterator[socket.socket]:
        with other_end(self.said) as sock:
            yield sock

    def lost(self) -> bool:
        return False

    def starved(self) -> bool:
        return False
