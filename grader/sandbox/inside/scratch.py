"""The files of a submission: as they were after loading, before each check.

What a check writes it may read again, and the next check finds none of it: neither a student's cache file nor a sign
left in a folder on purpose. A file is known to be untouched by its time of change, which nobody can set, and, since
that comes in ticks of some milliseconds, by a time of writing that no writing gives.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

UNTOUCHED = (0, 0)  # 1970


class Scratch:
    """What was there when it was made; `restore` makes it so again."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(folders)
        self._modes: dict[str, int] = {}  # of these folders, and of files
        self._contents: dict[str, bytes | str] = {}  # of a symbolic link: where it leads
        self._states: dict[str, tuple[int, int]] = {}
        self._inner: list[str] = []  # folders in them, the outer ones first
        for folder in self._folders:
            with contextlib.suppress(OSError):  # without a sandbox one may be gone
                self._modes[folder] = _mode(folder)
        for entry in self._walk():
            with contextlib.suppress(OSError):
                if entry.is_symlink():
                    self._contents[entry.path] = str(Path(entry.path).readlink())
                elif entry.is_file(follow_symlinks=False):
                    self._contents[entry.path] = Path(entry.path).read_bytes()
                    self._modes[entry.path] = _mode(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    self._inner.append(entry.path)
                else:
                    _remove(entry)  # a pipe: what is written into it is not put back
            self._mark(entry.path)
        self._names: dict[str, set[str]] = {folder: set() for folder in (*self._folders, *self._inner)}
        for path in (*self._contents, *self._inner):
            folder, name = os.path.split(path)
            self._names.setdefault(folder, set()).add(name)
        self._mark_folders()

    def restore(self) -> None:
        """Remove what is new, and make again what was changed or removed."""
        if self._is_untouched():
            return
        for folder in self._folders:
            with contextlib.suppress(OSError, KeyError):
                Path(folder).chmod(self._modes[folder])
        found = {entry.path: entry for entry in self._walk()}
        for path, entry in found.items():
            if path not in self._contents and path not in self._inner:
                _remove(entry)
        for folder in self._inner:
            now = found.get(folder)
            if now is None or not now.is_dir(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    if now is not None:
                        _remove(now)
                    Path(folder).mkdir(mode=0o700)
        for path, content in self._contents.items():
            now = found.get(path)
            if now is not None and _state(path) == self._states.get(path):
                continue
            with contextlib.suppress(OSError):
                if now is not None:
                    _remove(now)
                if isinstance(content, str):
                    Path(path).symlink_to(content)
                else:
                    Path(path).write_bytes(content)
                    Path(path).chmod(self._modes[path])
                self._mark(path)
        self._mark_folders()

    def _mark_folders(self) -> None:
        for folder in self._names:
            self._mark(folder)

    def _is_untouched(self) -> bool:
        """The usual case, told in a tenth of the time that the walk takes."""
        try:
            return all(_names(folder) == names for folder, names in self._names.items()) and all(
                _state(path) == state for path, state in self._states.items()
            )
        except OSError:
            return False

    def _mark(self, path: str) -> None:
        with contextlib.suppress(OSError):
            os.utime(path, UNTOUCHED, follow_symlinks=False)
            self._states[path] = _state(path)

    def _walk(self) -> Iterator[os.DirEntry[str]]:
        waiting = list(self._folders)
        while waiting:
            folder = waiting.pop()
            with contextlib.suppress(OSError):
                if folder not in self._folders:
                    Path(folder).chmod(0o700)  # one that hides what is in it
                with os.scandir(folder) as entries:
                    for entry in entries:
                        yield entry
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(entry.path)


def _names(folder: str) -> set[str]:
    with os.scandir(folder) as entries:
        return {entry.name for entry in entries}


def _mode(path: str) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


def _state(path: str) -> tuple[int, int]:
    """When it was changed and written to, in nanoseconds."""
    found = os.lstat(path)
    return found.st_ctime_ns, found.st_mtime_ns


def _remove(entry: os.DirEntry[str]) -> None:
    with contextlib.suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            Path(entry.path).unlink()
