"""What every target of the fuzzing must keep: it returns, or raises what it documents, within bounds.

In `make test` each target tries a fixed list of examples, few but always the same. `make fuzz` (`tests.fuzz.__main__`)
calls the same functions again and again with new seeds, and keeps what it found in `.hypothesis/`.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from grader.errors import UserError

LONG = os.environ.get("FUZZ") is not None  # set by `make fuzz`
ROUND = 400  # examples of one call under `make fuzz`
SECONDS = 5.0  # of CPU; what is tried is small, and takes milliseconds
MEGABYTES = 400
MOST = 2500  # characters of a sentence
WRITES = frozenset(
    "os.mkdir os.rename os.remove os.rmdir os.link os.symlink os.chmod os.chown os.truncate os.utime shutil.rmtree "
    "subprocess.Popen os.system os.exec os.fork os.posix_spawn socket.connect".split()
)
LARGE = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of an example, when it is printed
tried: Counter[str] = Counter()  # examples, by what was tried
TARGETS: list[Callable[[], None]] = []


class TooLong(BaseException):
    """More CPU than any input may cost. No `except Exception` on the way catches it."""


def fuzz(short: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a test as a target, which tries `short` examples in `make test`."""

    def mark(test: Callable[..., Any]) -> Callable[..., Any]:
        target: Callable[..., Any] = settings(
            max_examples=ROUND if LONG else short,
            derandomize=not LONG,
            database=DirectoryBasedExampleDatabase(".hypothesis/fuzz") if LONG else None,
            deadline=None,  # `bounded` has its own, of CPU
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        )(test)
        TARGETS.append(target)
        return LARGE(target)

    return mark


@contextmanager
def bounded(target: str, seconds: float = SECONDS) -> Iterator[None]:
    """Count an example, and fail where it takes more than its seconds of CPU or its megabytes."""
    tried[target] += 1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    old = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except TooLong:
        raise AssertionError(f"{target}: still at work after {seconds:g} s of CPU") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert more < MEGABYTES, f"{target}: {more:.0f} MB more than before"


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TooLong


@contextmanager
def sentence(kind: type[Exception] = UserError) -> Iterator[None]:
    """Let `UserError` (or another) pass, if it is one line that a person can read."""
    try:
        yield
    except kind as error:
        text = str(error)
        assert text and len(text) <= MOST and text.isprintable(), f"no sentence: {text[:300]!r}"


_seen: list[str] | None = None


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail where a file is opened for writing, moved or removed, or a process started."""
    global _seen
    _install()
    _seen = []
    try:
        yield
        assert not _seen, f"it should only read: {_seen[:5]}"
    finally:
        _seen = None


@cache
def _install() -> None:
    """Once: a hook cannot be taken out again."""
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _seen is None:  # it costs every other test as little as that
        return
    if event == "open":
        path, _, flags = arguments
        nameless = not isinstance(path, int) and Path(os.fsdecode(path)).is_dir()  # a file in it: what was taken in
        if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and not nameless:
            _seen.append(f"open {path!r}")
    elif event in WRITES:
        _seen.append(f"{event} {arguments!r:.200}")
