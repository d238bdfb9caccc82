"""Archives that students hand in: opened in memory, within bounds, and never written to disk.

All archives of one student share one budget: of their own bytes, of files, and of bytes that are really unpacked. So
a bomb costs no more than the budget, whatever sizes it declares. Of a zip only what is asked for is unpacked: a data
set of 100 MB beside a small td2.py is no trouble. A tar must be unpacked as a whole; one above the budget is refused
as a whole, since what comes behind the limit may be what counts.
"""

from __future__ import annotations

import bz2
import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import IO, cast

from grader.contract import Note
from grader.intake.files import MAX_DEPTH as MAX_PARTS
from grader.intake.files import MAX_FILES, MAX_NOTES, File, Refused, ignored, within, without_environments

MAX_BYTES = 64 << 20
MAX_DEPTH = 3  # archives in archives
MAX_ENTRIES = 20_000  # of an archive, before what is ignored is left out
MAX_PATH = 1000
MAX_NAME = 255  # of each part of a path
LOCAL_HEADER = 30  # bytes before an entry's data, at least
SPECIAL = (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)

ZIPS = (".zip",)
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
FOREIGN = (".rar", ".7z", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.lz", ".tar.z", ".cab", ".ace")


@dataclass
class Budget:
    """What one student's archives may still cost."""

    files: int = MAX_FILES
    room: int = MAX_BYTES
    held: int = 2 * MAX_BYTES  # of archives as they are, which stay in memory as long as their files are read

    def take(self, stream: IO[bytes], limit: int, archive: str) -> bytes:
        data = stream.read(min(limit, self.room + 1))
        self.room -= len(data)
        if self.room < 0:
            raise Refused("archive_too_large", file=archive)
        return data

    def hold(self, file: File) -> bytes:
        limit = min(self.held, MAX_BYTES)
        data = file.read(limit + 1)
        self.held -= min(len(data), limit)
        if len(data) > limit:
            raise Refused("archive_too_large", file=file.path)
        return data

    def count(self, files: int, archive: str) -> None:
        self.files -= files
        if self.files < 0:
            raise Refused("archive_too_many", file=archive, limit=MAX_FILES)


def is_archive(path: str) -> bool:
    return path.casefold().endswith(ZIPS + TARS + FOREIGN)


def expand(files: Iterable[File], budget: Budget) -> tuple[list[File], list[Note]]:
    """The files, with those of archives in place of the archives (`work.zip/td2.py`), and notes on archives refused."""
    kept: list[File] = []
    notes: list[Note] = []
    waiting = [(file, 0) for file in files]
    while waiting:
        file, depth = waiting.pop()
        if not is_archive(file.path):
            kept.append(file)
            continue
        try:
            if depth == MAX_DEPTH:
                raise Refused("archive_too_deep", file=file.path)
            inside, left_out = _open(file, budget)
            waiting.extend((inner, depth + 1) for inner in inside)
            notes.extend(left_out)
        except Refused as refused:
            notes.append(refused.note)
    kept.sort(key=lambda file: file.path)
    return kept, notes[:MAX_NOTES]


def safe_path(name: str) -> str:
    """An entry's path with "/" between its parts; empty for what nobody meant to hand in.

    Raises `Refused` for a path that leads outside, or that no system could write.
    """
    name = name.replace("\\", "/")  # what some programs on Windows write
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if any(map(ignored, parts)):
        return ""
    if name.startswith("/") or ".." in parts or name[1:2] == ":":
        raise Refused("path_outside", file=clipped(name))
    if len(name) > MAX_PATH or len(parts) > MAX_PARTS or any(len(part) > MAX_NAME for part in parts):
        raise Refused("name_too_long", file=clipped(name))
    return "/".join(parts)


def clipped(name: str) -> str:
    """A name short enough for a sentence."""
    return name if len(name) <= MAX_NAME else name[:MAX_NAME] + "…"


def zip_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name. macOS writes UTF-8 without saying so; zipfile then takes it for cp437."""
    if not entry.flag_bits & 0x800:
        try:
            return entry.filename.encode("cp437").decode("utf-8")
        except ValueError:
            pass
    return entry.filename.encode("utf-8", "replace").decode()


def is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith(("/", "\\"))


def zip_files(
    opened: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], archive: str = "", budget: Budget | None = None
) -> tuple[list[File], list[Note]]:
    """The files of a zip, each unpacked when it is read, and notes on entries that are left out.

    `archive` is the zip's own path, empty for a class's.
    """
    found: dict[str, File] = {}
    notes: list[Note] = []
    for entry in entries:
        try:
            inner = safe_path(zip_name(entry))
            if not inner or is_folder(entry):
                continue
            shown = f"{archive}/{inner}".lstrip("/")
            mode = entry.external_attr >> 16
            if stat.S_ISLNK(mode):
                raise Refused("link_not_followed", file=inner)
            if stat.S_IFMT(mode) in SPECIAL:
                raise Refused("no_file", file=inner)
        except Refused as refused:
            notes.append(refused.note)
            continue
        if inner in found:
            notes.append(Note("name_twice", {"file": inner}))
        found[inner] = File(inner, entry.file_size, partial(_unpack, opened, entry, shown, archive, budget))
    return list(found.values()), notes


def overlapping(entries: Iterable[zipfile.ZipInfo]) -> bool:
    """Do entries share bytes of the zip? So the worst bombs are built, and no program packs like that."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    return any(
        one.header_offset + LOCAL_HEADER + one.compress_size > other.header_offset for one, other in pairwise(ordered)
    )


def _open(file: File, budget: Budget) -> tuple[list[File], list[Note]]:
    low = file.path.casefold()
    if low.endswith(FOREIGN):
        raise Refused("archive_unknown", file=file.path, kind=low.rpartition(".")[2])
    data = budget.hold(file)
    try:
        found, notes = _zip(file.path, data, budget) if low.endswith(ZIPS) else _tar(file.path, data, budget)
    except Refused:
        raise
    except Exception as error:  # hostile bytes make these modules raise nearly anything
        raise Refused("archive_unreadable", file=file.path, why=why(error)) from None
    found = without_environments(found)
    budget.count(len(found), file.path)
    placed = [Note(note.key, {"file": f"{file.path}/{note.values['file']}"}) for note in notes[:MAX_NOTES]]
    return within(file.path, found), placed


def _zip(path: str, data: bytes, budget: Budget) -> tuple[list[File], list[Note]]:
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise Refused("archive_too_many", file=path, limit=MAX_FILES)
    opened = zipfile.ZipFile(io.BytesIO(data))
    entries = opened.infolist()
    if overlapping(entries):
        raise Refused("archive_unreadable", file=path, why="overlap")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("archive_encrypted", file=path)
    return zip_files(opened, entries, path, budget)


def _unpack(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, archive: str, budget: Budget | None, limit: int
) -> bytes:
    if entry.flag_bits & 1:
        raise Refused("not_unpacked", file=path, why="password")
    if entry.compress_type not in METHODS:
        raise Refused("not_unpacked", file=path, why="method", method=entry.compress_type)
    try:
        with opened.open(entry) as stream:
            return budget.take(stream, limit, archive) if budget else stream.read(limit)
    except Refused:
        raise
    except Exception as error:  # as above
        raise Refused("not_unpacked", file=path, why=why(error)) from None


class _Counted(io.RawIOBase):
    """A stream that raises once more than the budget was read: a tar's headers can ask for any length too."""

    def __init__(self, inner: IO[bytes], budget: Budget, archive: str) -> None:
        self.inner, self.budget, self.archive = inner, budget, archive

    def read(self, size: int = -1) -> bytes:
        return self.budget.take(self.inner, size if size >= 0 else self.budget.room + 1, self.archive)


def _tar(path: str, data: bytes, budget: Budget) -> tuple[list[File], list[Note]]:
    raw: IO[bytes] = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        raw = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    elif data.startswith(b"BZh"):
        raw = bz2.BZ2File(raw)
    found: dict[str, File] = {}
    notes: list[Note] = []
    with tarfile.open(fileobj=_Counted(raw, budget, path), mode="r|") as opened:
        for number, member in enumerate(opened):
            if number == MAX_ENTRIES:
                raise Refused("archive_too_many", file=path, limit=MAX_FILES)
            try:
                inner = safe_path(member.name.encode("utf-8", "replace").decode())
                if not inner or member.isdir():
                    continue
                if member.issym() or member.islnk():
                    raise Refused("link_not_followed", file=inner)
                if not member.isreg() or member.issparse():  # the holes of a sparse file cost nothing to write
                    raise Refused("no_file", file=inner)
            except Refused as refused:
                notes.append(refused.note)
                continue
            stream = opened.extractfile(member)
            content = stream.read() if stream else b""
            if inner in found:
                notes.append(Note("name_twice", {"file": inner}))
            found[inner] = File(inner, len(content), partial(_slice, content))
    return list(found.values()), notes


def _slice(content: bytes, limit: int) -> bytes:
    return content[:limit]


def why(error: Exception) -> str:
    """An exception in a few words."""
    return (str(error) or type(error).__name__)[:100]
