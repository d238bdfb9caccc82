"""Files as they were handed in, from a folder or from an archive, and which of them nobody meant to hand in.

A `File` is read when it is needed and never further than a limit: what a folder or an archive says about sizes
is not believed. Symbolic links are not followed and only regular files are opened, so that nothing outside of
the folder is read and no device or pipe blocks.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from grader.contract import Note

MAX_FILES = 1000  # of one student
MAX_DEPTH = 32
MAX_NOTES = 20  # on what was left out of one folder or archive

IGNORED = frozenset(
    "__macosx .ds_store .ipynb_checkpoints __pycache__ .git .svn .hg .venv site-packages node_modules .idea .vscode "
    ".pytest_cache .mypy_cache .ruff_cache .hypothesis desktop.ini thumbs.db .gitignore .gitattributes icon\r".split(
        " "
    )
)


class Refused(Exception):
    """A file or an archive that cannot be read; the note says why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.note = Note(key, values)


@dataclass(frozen=True, slots=True)
class File:
    """A file by its path relative to what the student handed in, with "/" between parts.

    `read(limit)` gives at most `limit` bytes, and raises `Refused` where there are none to be had.
    """

    path: str
    size: int
    read: Callable[[int], bytes]

    @property
    def base(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


def ignored(name: str) -> bool:
    """Is a file or folder of this name left behind by a system, an editor or Python?"""
    low = name.casefold()
    return low in IGNORED or low.startswith(("._", "~$", ".~lock.", ".nfs")) or low.endswith((".pyc", ".pyo"))


def shown(name: str) -> str:
    """A name that can be written anywhere: bytes that are not UTF-8 as \\xNN."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def without_environments(files: Iterable[File]) -> list[File]:
    """Leave out virtual environments, whatever they are called."""
    files = list(files)
    roots: list[str] = []  # none lies in another, so that only the one before a path can hold it
    for root in sorted(file.folder + "/" for file in files if file.base == "pyvenv.cfg" and file.folder):
        if not (roots and root.startswith(roots[-1])):
            roots.append(root)
    if not roots:
        return files
    return [file for file in files if not file.path.startswith(roots[bisect(roots, file.path) - 1])]


def within(prefix: str, files: Iterable[File]) -> list[File]:
    """The same files, with their paths below `prefix`."""
    return [replace(file, path=f"{prefix}/{file.path}") for file in files]


def on_disk(path: str, relative: str, size: int) -> File:
    """A file of a folder."""
    return File(shown(relative), size, partial(_read, path, shown(relative)))


def left_out(entry: os.DirEntry[str], relative: str) -> Note | None:
    """Why an entry of a folder, not a folder itself, is not read; None for a plain file.

    A hard link has no target to look at: the other name may be a file of anybody's, so it is not read either.
    """
    values = {"file": shown(relative)}
    if entry.is_symlink():
        return Note("link_not_followed", values)
    if not entry.is_file(follow_symlinks=False):
        return Note("no_file", values)
    return Note("hard_link", values) if entry.stat(follow_symlinks=False).st_nlink > 1 else None


def walk(folder: str) -> tuple[list[File], list[Note]]:
    """All files below a folder, in the order of their paths, and notes on what was not looked into."""
    found: list[File] = []
    notes: list[Note] = []
    waiting = [(folder, "", 0)]
    while waiting:
        path, prefix, depth = waiting.pop()
        try:
            with os.scandir(path) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
            for entry in entries:
                relative = prefix + entry.name
                if ignored(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if depth >= MAX_DEPTH:
                        notes.append(Note("too_deep", {"file": shown(relative)}))
                    else:
                        waiting.append((entry.path, relative + "/", depth + 1))
                elif note := left_out(entry, relative):
                    notes.append(note)
                else:
                    found.append(on_disk(entry.path, relative, entry.stat(follow_symlinks=False).st_size))
        except OSError as error:
            notes.append(Note("not_opened", {"file": shown(prefix.rstrip("/")) or ".", "why": _why(error)}))
    found, too_many = bounded(without_environments(found))
    return found, [*notes[:MAX_NOTES], *too_many]


def bounded(files: Iterable[File]) -> tuple[list[File], list[Note]]:
    """The files in the order of their paths; of too many those nearest to the top, which someone meant to hand in."""
    files = sorted(files, key=lambda file: file.path)
    if len(files) <= MAX_FILES:
        return files, []
    files.sort(key=lambda file: (file.path.count("/"), file.path))
    return files[:MAX_FILES], [Note("too_many_files", {"limit": MAX_FILES})]


def _read(path: str, name: str, limit: int) -> bytes:
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Refused("not_opened", file=name, why="not a regular file")
            return stream.read(limit)
    except OSError as error:
        raise Refused("not_opened", file=name, why=_why(error)) from None


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long for the system
        return False
