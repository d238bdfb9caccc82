"""What was pushed: a private file among the results, one line of JSON for each step, never rewritten.

`sending` is written before Moodle is told, `sent` after it was read back, each on the disk before the next step. A
`sending` without its `sent` is a push that was cut there: whether Moodle acted is then looked up, not assumed. A last
line that was cut in the middle counts as not written.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import UserError

FILE = ".surdix-moodle.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One step for one user. Texts are kept as digests: nothing of a student's result but the grade lies here."""

    kind: str  # "sending" or "sent"
    user: int
    digest: str  # of all that the student was to get: the next push compares with it
    grade: str  # as it was sent
    page: str  # digest of the page that was sent, "" if none was
    comment: str  # digest of the comment: sent, or, in `sent`, as Moodle gives it back
    back: str = ""  # `sent`: the grade read back, "" if there was none
    attempt: int = 0  # the attempt that it was for


class Journal:
    """The journal of one assignment among RESULTS; a context manager, which only one push at a time may hold."""

    def __init__(self, results: Path, site: str, assignment: int, *, writable: bool = True) -> None:
        self.path = results / FILE
        self._mine = {"site": site, "assignment": assignment}
        self._writable = writable
        self._descriptor = -1
        self._entries: dict[int, list[Entry]] = {}

    def __enter__(self) -> Self:
        try:
            if self._writable:
                self._open()
            data = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            raise UserError(f"{self.path}: cannot be written ({error.strerror}); check its permissions") from None
        for line in data.split(b"\n"):
            self._read(line)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def last(self, user: int) -> Entry | None:
        """What this user got last, read back."""
        return next((entry for entry in reversed(self._entries.get(user, [])) if entry.kind == "sent"), None)

    def unfinished(self, user: int) -> tuple[Entry, ...]:
        """What was being sent when pushes were cut since then, oldest first."""
        pending: tuple[Entry, ...] = ()
        for entry in self._entries.get(user, []):
            pending = (*pending, entry) if entry.kind == "sending" else ()
        return pending

    def write(self, entries: Sequence[Entry]) -> None:
        """Add entries: on the disk when this returns. Raises `UserError` if the disk is full."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        lines = [json.dumps({**self._mine, "at": now, **asdict(entry)}, ensure_ascii=True) for entry in entries]
        data = "".join(f"{line}\n" for line in lines).encode()
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
            os.fsync(self._descriptor)
        except OSError as error:
            raise UserError(f"{self.path}: cannot be written ({error.strerror}); make room, then push again") from None
        for entry in entries:
            self._entries.setdefault(entry.user, []).append(entry)

    def _open(self) -> None:
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            self._descriptor = -1
            raise UserError(f"{self.path.parent}: another push of these results is running; wait for its end") from None
        size = os.fstat(self._descriptor).st_size
        if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
            os.write(self._descriptor, b"\n")  # after a line that was cut

    def _read(self, line: bytes) -> None:
        try:
            kept: dict[str, Any] = json.loads(line)
            if all(kept[key] == value for key, value in self._mine.items()):
                entry = Entry(**{name: kept[name] for name in Entry.__slots__})
                self._entries.setdefault(entry.user, []).append(entry)
        except (ValueError, KeyError, TypeError):
            return
