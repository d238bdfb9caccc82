"""A command that is told to stop: by Ctrl-C, by the system (SIGTERM), by a terminal that goes away (SIGHUP).

All three are the same interruption, which unwinds the command so that it leaves no process and no control group behind.
What comes again while it unwinds is the impatience of a person, and changes nothing.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
UNWINDING = 5.0  # seconds; one that comes later is heard again: the first may have come where Python loses exceptions


@dataclass(slots=True)
class Told:
    """By which signal the command was told to stop; 0: by none."""

    number: int = 0

    @property
    def status(self) -> int:
        """The exit status of who ends by it, as shells count."""
        return 128 + (self.number or signal.SIGINT)


@contextmanager
def on_signals() -> Iterator[Told]:
    """Each signal is a `KeyboardInterrupt` in the body; but one that is ignored (by nohup) stays so."""
    told, last = Told(), 0.0

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal last
        if told.number and time.monotonic() - last < UNWINDING:
            return
        told.number, last = told.number or number, time.monotonic()
        raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: handler for number in SIGNALS if (handler := signal.getsignal(number)) is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, interrupt)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if told.number else handler)
