"""The folder that a pull brings up to date: whose it is, which version of each file lies in it, what goes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.atomic import put
from grader.errors import UserError
from grader.moodle import paths
from grader.moodle.answers import StoredFile
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client

STATE = ".surdix-moodle.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file that should be in the folder: fetched from Moodle, or `text` as it is."""

    version: str  # changes when the file does
    file: StoredFile | None = None
    text: bytes = b""


def claim(site: str, assignment: Assignment, folder: Path) -> dict[str, str]:
    """Make the folder ours, or know it again: the version of each file in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = {"site": site, "assignment": assignment.id}
    path = folder / STATE
    if not path.exists():
        if any(entry.suffix != ".tmp" or not entry.name.startswith(".surdix-") for entry in folder.iterdir()):
            raise UserError(f"{folder}: there are other files in this folder; name a new one with --to")
        folder.chmod(0o700)
        write(path, json.dumps({**mine, "files": {}}).encode())
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        theirs, files = {key: kept[key] for key in mine}, dict(kept["files"])
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path}: this file is damaged; delete the folder and pull again") from None
    if theirs != mine:
        raise UserError(
            f"{folder}: this folder holds assignment {theirs['assignment']} of {theirs['site']}; name another with --to"
        )
    for left in folder.glob(".surdix-*.tmp"):
        left.unlink()
    return files


def remove(folder: Path, wanted: Mapping[str, Any]) -> int:
    """Take away what was withdrawn, and the folders that are empty then. Only Moodle's own folders are looked at."""
    tops = {path.partition("/")[0] for path in wanted}
    removed = 0
    for top in sorted(folder.iterdir()):
        if not paths.TAIL.search(top.name) or top.is_symlink() or not top.is_dir():
            continue
        if top.name not in tops:
            removed += sum(1 for _, _, files in os.walk(top) for _ in files)
            shutil.rmtree(top)
            continue
        for here, folders, files in os.walk(top, topdown=False):
            for name in files:
                path = Path(here) / name
                if path.relative_to(folder).as_posix() not in wanted:
                    path.unlink()
                    removed += 1
            for name in folders:
                with suppress(OSError):  # not empty
                    (Path(here) / name).rmdir()
    return removed


def fetch(
    client: Client,
    folder: Path,
    state: dict[str, str],
    wanted: Mapping[str, Wanted],
    progress: Callable[[int, int], None],
) -> int:
    fetched = 0
    kept = json.loads((folder / STATE).read_text(encoding="utf-8"))
    known = {path: version for path, version in state.items() if path in wanted}
    student = ""
    for done, (path, want) in enumerate(sorted(wanted.items())):
        progress(done, len(wanted))
        if path.partition("/")[0] != student and fetched:
            write(folder / STATE, json.dumps({**kept, "files": known}).encode())
        student = path.partition("/")[0]
        size = len(want.text) if want.file is None else want.file.filesize
        target = folder / path
        if known.get(path) == want.version and target.is_file() and target.stat().st_size == size:
            continue
        data = want.text if want.file is None else client.download(want.file.fileurl, size)
        write(target, data, folder)
        fetched += 1
        known[path] = want.version
    write(folder / STATE, json.dumps({**kept, "files": known}).encode())
    progress(len(wanted), len(wanted))
    return fetched


def write(path: Path, data: bytes, top: Path | None = None) -> None:
    """Replace a file, all of it or nothing; new folders on the way are for their owner alone."""
    top = top or path.parent
    for parent in reversed(path.relative_to(top).parents[:-1]):
        (top / parent).mkdir(mode=0o700, exist_ok=True)
    put(path, data, beside=top)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """A disk's troubles as a `UserError`."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"{error.filename or folder}: cannot be written ({error.strerror or error}); name another folder with --to"
        ) from None
