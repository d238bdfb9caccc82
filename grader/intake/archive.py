"""Archives that students hand in: opened in memory, within bounds, and never written to disk.

All archives of one student share one budget, of files and of bytes that are really unpacked, so a bomb costs no more
than the budget, whatever sizes it declares. Of a zip only what is asked for is unpacked: a data set of 100 MB beside
a small td2.py is no trouble. A tar must be unpacked as a whole; one above the budget is refused as a whole, since what
comes behind the limit may be what counts.
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
from typing import IO, cast

from grader.contract import Note
from grader.intake.files import MAX_FILES, File, Refused, ignored, within, without_environments

MAX_BYTES = 64 << 20
MAX_DEPTH = 3  # archives in archives
MAX_ENTRIES = 20_000  # of a zip's directory, before what is ignored is left out
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)

ZIPS = (".zip",)
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
FOREIGN = (".rar", ".7z", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar.lz", ".tar.z", ".cab", ".ace")


@dataclass
class Budget:
    """What one student's archives may still cost."""

    files: int = MAX_FILES
    room: int = MAX_BYTES

    def take(self, stream: IO[bytes], limit: int, archive: str) -> bytes:
        data = stream.read(min(limit, self.room + 1))
        self.room -= len(data)
        if self.room < 0:
            raise Refused("archive_too_large", file=archive)
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
            waiting.extend((inner, depth + 1) for inner in _open(file, budget))
        except Refused as refused:
            notes.append(refused.note)
    kept.sort(key=lambda file: file.path)
    return kept, notes[:20]


def safe_path(name: str) -> str:
    """An entry's path with "/" between its parts; empty for one that leads outside or that nobody meant to hand in."""
    name = name.replace("\\", "/")  # what some programs on Windows write
    parts = [part for part in name.split("/") if part not in ("", ".")]
    outside = name.startswith("/") or ".." in parts or name[1:2] == ":"
    return "" if outside or any(map(ignored, parts)) else "/".join(parts)


def zip_name(entry: zipfile.ZipInfo) -> str:
    """An entry's name. macOS writes UTF-8 without saying so; zipfile then takes it for cp437."""
    if not entry.flag_bits & 0x800:
        try:
            return entry.filename.encode("cp437").decode("utf-8")
        except ValueError:
            pass
    return entry.filename.encode("utf-8", "replace").decode()


def is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def zip_file(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, budget: Budget | None = None) -> File:
    """A file of a zip; unpacked when it is read."""
    return File(path, entry.file_size, partial(_unpack, opened, entry, path, budget))


def _open(file: File, budget: Budget) -> list[File]:
    low = file.path.casefold()
    if low.endswith(FOREIGN):
        raise Refused("archive_unknown", file=file.path, kind=low.rpartition(".")[2])
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused("archive_too_large", file=file.path)
    try:
        found = _zip(file.path, data, budget) if low.endswith(ZIPS) else _tar(file.path, data, budget)
    except Refused:
        raise
    except Exception as error:  # hostile bytes make these modules raise nearly anything
        raise Refused("archive_unreadable", file=file.path, why=_why(error)) from None
    found = without_environments(found)
    budget.count(len(found), file.path)
    return within(file.path, found)


def _zip(path: str, data: bytes, budget: Budget) -> list[File]:
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise Refused("archive_too_many", file=path, limit=MAX_FILES)
    opened = zipfile.ZipFile(io.BytesIO(data))
    found: dict[str, File] = {}
    for entry in opened.infolist():
        inner = safe_path(zip_name(entry))
        if inner and not entry.is_dir() and not is_link(entry):
            if entry.flag_bits & 1:
                raise Refused("archive_encrypted", file=path)
            found[inner] = zip_file(opened, entry, inner, budget)
    return list(found.values())


def _unpack(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, budget: Budget | None, limit: int) -> bytes:
    if entry.flag_bits & 1:
        raise Refused("archive_encrypted", file=path)
    if entry.compress_type not in METHODS:
        raise Refused("archive_unreadable", file=path, why=f"compression method {entry.compress_type}")
    try:
        with opened.open(entry) as stream:
            return budget.take(stream, limit, path) if budget else stream.read(limit)
    except Refused:
        raise
    except Exception as error:  # as above
        raise Refused("archive_unreadable", file=path, why=_why(error)) from None


class _Counted(io.RawIOBase):
    """A stream that raises once more than the budget was read: a tar's headers can ask for any length too."""

    def __init__(self, inner: IO[bytes], budget: Budget, archive: str) -> None:
        self.inner, self.budget, self.archive = inner, budget, archive

    def read(self, size: int = -1) -> bytes:
        return self.budget.take(self.inner, size if size >= 0 else self.budget.room + 1, self.archive)


def _tar(path: str, data: bytes, budget: Budget) -> list[File]:
    raw: IO[bytes] = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        raw = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    elif data.startswith(b"BZh"):
        raw = bz2.BZ2File(raw)
    found: dict[str, File] = {}
    with tarfile.open(fileobj=_Counted(raw, budget, path), mode="r|") as opened:
        for member in opened:
            inner = safe_path(member.name.encode("utf-8", "replace").decode())
            if inner and member.isreg() and not member.issparse():  # the holes of a sparse file cost nothing to write
                stream = opened.extractfile(member)
                content = stream.read() if stream else b""
                found[inner] = File(inner, len(content), partial(_slice, content))
    return list(found.values())


def _slice(content: bytes, limit: int) -> bytes:
    return content[:limit]


def _why(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:100]
