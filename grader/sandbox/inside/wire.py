"""Messages over a stream socket: the runner's codec, a message after another, each side with its own limit."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Protocol

from student_template.runner import codec

ORDER = struct.Struct("<cI")  # to and from the warm process: R, K or D, and the number of a fork
LOOK_SECONDS = 0.03  # memory fills at some gigabytes a second
LIMIT = 256 << 20  # what the grader may send; what it accepts is far less


class Channel(Protocol):
    """What messages go through: of a socket's methods those that are used."""

    def sendall(self, data: Any, /) -> None: ...

    def recv_into(self, buffer: memoryview, /) -> int: ...

    def settimeout(self, seconds: float | None, /) -> None: ...

    def close(self) -> None: ...


class Pipes:
    """A channel of two pipes: a container's standard input and output, which no socket can be passed to."""

    def __init__(self, read_end: int, write_end: int) -> None:
        self.ends = self._read, self._write = os.dup(read_end), os.dup(write_end)

    def sendall(self, data: Any, /) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._write, view) :]

    def recv_into(self, buffer: memoryview, /) -> int:
        return os.readv(self._read, [buffer])

    def settimeout(self, seconds: float | None, /) -> None:
        """Inside nobody waits with a deadline."""

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)


def inherited(fd: int) -> socket.socket:
    """The socket that a process was started with."""
    return socket.socket(fileno=fd)


def descriptors(channel: Channel) -> tuple[int, ...]:
    """The file descriptors of a channel."""
    if isinstance(channel, Pipes):
        return channel.ends
    assert isinstance(channel, socket.socket)
    return (channel.fileno(),)


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """No whole message before the deadline."""


def send(sock: Channel, tree: Any) -> None:
    """Send one message; raises `Closed` where nobody reads any more."""
    send_raw(sock, codec.encode(tree, limit=LIMIT))


def send_raw(sock: Channel, messages: bytes) -> None:
    """Send bytes that are messages already. Raises `Closed`."""
    try:
        sock.sendall(messages)
    except OSError as error:
        raise Closed(str(error)) from None


def receive(
    sock: Channel,
    limit: int = LIMIT,
    deadline: float | None = None,
    look: Callable[[], None] = lambda: None,
) -> Any:
    """The next message, decoded. Raises `Closed`, `Late` (time.monotonic() passed `deadline`) or CodecError.

    `look` is called again and again meanwhile; what it raises ends the waiting.
    """
    prefix = _exactly(sock, codec.PREFIX.size, deadline, look)
    rest = _exactly(sock, codec.length(bytes(prefix), limit), deadline, look)
    return codec.decode(memoryview(prefix + rest))


def _exactly(sock: Channel, size: int, deadline: float | None, look: Callable[[], None]) -> bytearray:
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Late
            sock.settimeout(min(left, LOOK_SECONDS))
        look()
        try:
            count = sock.recv_into(view[filled:])
        except TimeoutError:
            continue
        except OSError as error:
            raise Closed(str(error)) from None
        if count == 0:
            raise Closed
        filled += count
    return data
