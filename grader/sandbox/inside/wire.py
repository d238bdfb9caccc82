"""Messages over a stream socket: the runner's codec, a message after another, each side with its own limit."""

from __future__ import annotations

import socket
import time
from typing import Any

from student_template.runner import codec

LIMIT = 256 << 20  # what the grader may send; what it accepts is far less


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """No whole message before the deadline."""


def send(sock: socket.socket, tree: Any) -> None:
    """Send one message; raises `Closed` where nobody reads any more."""
    try:
        sock.sendall(codec.encode(tree, limit=LIMIT))
    except (BrokenPipeError, ConnectionResetError, OSError) as error:
        raise Closed(str(error)) from None


def receive(sock: socket.socket, limit: int = LIMIT, deadline: float | None = None) -> Any:
    """The next message, decoded. Raises `Closed`, `Late` (time.monotonic() passed `deadline`) or CodecError."""
    prefix = _exactly(sock, codec.PREFIX.size, deadline)
    return codec.decode(memoryview(prefix + _exactly(sock, codec.length(bytes(prefix), limit), deadline)))


def _exactly(sock: socket.socket, size: int, deadline: float | None) -> bytearray:
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Late
            sock.settimeout(left)
        try:
            count = sock.recv_into(view[filled:])
        except TimeoutError:
            raise Late from None
        except OSError as error:
            raise Closed(str(error)) from None
        if count == 0:
            raise Closed
        filled += count
    return data
