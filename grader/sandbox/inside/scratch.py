"""The files of a submission: as they were after loading, before each check.

What a check writes it may read again, and the next check finds none of it: neither a student's cache file nor a sign
left on purpose. Files are told apart by their time of change, which nobody can set.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path


class Scratch:
    """What was there when it was made; `restore` makes it so again."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(folders)
        self._before = {entry.path: _changed(entry) for entry in self._walk()}
        self._contents: dict[str, bytes] = {}
        for path in self._before:
            with contextlib.suppress(OSError), open(path, "rb", opener=_opener) as file:
                self._contents[path] = file.read()

    def restore(self) -> None:
        """Remove what is new, and write again what was changed or removed."""
        found = {entry.path: entry for entry in self._walk()}
        for path, entry in found.items():
            if path not in self._before:
                _remove(entry)
        for path, content in self._contents.items():
            now = found.get(path)
            if now is None or _changed(now) != self._before[path]:
                with contextlib.suppress(OSError):
                    if now is not None:
                        _remove(now)
                    Path(path).parent.mkdir(parents=True, exist_ok=True)
                    Path(path).write_bytes(content)
                    self._before[path] = os.lstat(path).st_ctime_ns

    def _walk(self) -> Iterator[os.DirEntry[str]]:
        waiting = list(self._folders)
        while waiting:
            try:
                with os.scandir(waiting.pop()) as entries:
                    for entry in entries:
                        yield entry
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)
            except OSError:
                continue


def _changed(entry: os.DirEntry[str]) -> int:
    """When it was changed, in nanoseconds; of a folder that does not matter."""
    with contextlib.suppress(OSError):
        return 0 if entry.is_dir(follow_symlinks=False) else entry.stat(follow_symlinks=False).st_ctime_ns
    return -1


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)  # a fifo has nobody at its other end


def _remove(entry: os.DirEntry[str]) -> None:
    with contextlib.suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            Path(entry.path).unlink()
