"""A csv file that a platform or a spreadsheet wrote: its text, its delimiter, and every line with its number."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UserError

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a cell may hold all of a student's online text


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The lines that hold anything, each with its number in the file, from 1: a cell may hold line ends."""

    encoding: str  # utf-8-sig where the file has a mark
    delimiter: str
    lines: tuple[tuple[int, tuple[str, ...]], ...]


def read(path: Path, advice: str, *, strict: bool = False) -> CsvFile:
    """Read a file in UTF-8, UTF-16 with its mark, or Windows' encoding of western Europe.

    `strict` refuses quotes that are not closed, or stand in the middle of a cell.

    Raises `UserError`, with `advice` on what to do, where there is no text, no csv, or nothing.
    """
    data = _bytes(path, advice)
    text, encoding = _decoded(path, data, advice)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    lines, before = [], 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((before + 1, tuple(cells)))
            before = reader.line_num
    except csv.Error as error:
        raise UserError(f"{path}: line {before + 1}: not a csv file ({error}); {advice}") from None
    if not lines:
        raise UserError(f"{path}: this file is empty; {advice}")
    return CsvFile(encoding, delimiter, tuple(lines))


def same_lengths(path: Path, file: CsvFile, advice: str) -> None:
    """Raises `UserError` for a line that has more or fewer cells than the first one has titles."""
    titles = len(file.lines[0][1])
    for line, cells in file.lines:
        if len(cells) != titles:
            raise UserError(f"{path}: line {line} has {len(cells)} cells and the titles are {titles}; {advice}")


def _bytes(path: Path, advice: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); {advice}") from None


def _decoded(path: Path, data: bytes, advice: str) -> tuple[str, str]:
    names = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "cp1252")
    if data.startswith(b"\xef\xbb\xbf"):
        names = ("utf-8-sig",)
    for name in names:
        try:
            return data.decode(name), name
        except ValueError:
            continue
    raise UserError(f"{path}: neither UTF-8 nor another text that a csv file may be in; {advice}")


def _delimiter(text: str) -> str:
    """A comma, or what a spreadsheet may have put in its place."""
    first = text.partition("\n")[0]
    return max(",;\t", key=lambda mark: (first.count(mark), -",;\t".index(mark)))
