"""Messages over a stream socket: the runner's codec, a message after another, each side with its own limit."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from student_template.runner import codec

ORDER = struct.Struct("<cI")  # to and from the warm process: R, K or D, and the number of a fork
LOOK_SECONDS = 0.03  # memory fills at some gigabytes a second
LIMIT = 256 << 20  # what the grader may send; what it accepts is far less


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """No whole message before the deadline."""


def send(sock: socket.socket, tree: Any) -> None:
    """Send one message; raises `Closed` where nobody reads any more."""
    send_raw(sock, codec.encode(tree, limit=LIMIT))


def send_raw(sock: socket.socket, messages: bytes) -> None:
    """Send bytes that are messages already. Raises `Closed`."""
    try:
        sock.sendall(messages)
    except OSError as error:
        raise Closed(str(error)) from None


def receive(
    sock: socket.socket,
    limit: int = LIMIT,
    deadline: float | None = None,
    look: Callable[[], None] = lambda: None,
) -> Any:
    """The next message, decoded. Raises `Closed`, `Late` (time.monotonic() passed `deadline`) or CodecError.

    `look` is called every now and then while nothing comes; what it raises ends the waiting.
    """
    return codec.decode(memoryview(receive_raw(sock, limit, deadline, look)))


def receive_raw(
    sock: socket.socket,
    limit: int = LIMIT,
    deadline: float | None = None,
    look: Callable[[], None] = lambda: None,
) -> bytearray:
    """The bytes of the next message. Raises as `receive` does."""
    prefix = _exactly(sock, codec.PREFIX.size, deadline, look)
    return prefix + _exactly(sock, codec.length(bytes(prefix), limit), deadline, look)


def _exactly(sock: socket.socket, size: int, deadline: float | None, look: Callable[[], None]) -> bytearray:
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Late
            sock.settimeout(min(left, LOOK_SECONDS))
        try:
            count = sock.recv_into(view[filled:])
        except TimeoutError:
            look()
            continue
        except OSError as error:
            raise Closed(str(error)) from None
        if count == 0:
            raise Closed
        filled += count
    return data
