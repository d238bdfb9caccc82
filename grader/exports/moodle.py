"""All that Moodle takes back: the worksheet and the feedback pages, and what it will do with both."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.contract import Report
from grader.errors import UserError
from grader.exports import feedback
from grader.exports.feedback import PageOf, Placed
from grader.exports.forecast import Forecast
from grader.exports.marks import marks
from grader.exports.matching import match
from grader.exports.worksheet import fill
from grader.exports.write import explained, put
from grader.worksheet import read

MEGABYTE = 1 << 20
_ZIPS = re.compile(r"feedback(?:-\d+)?\.zip")


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, the worksheet first, and the zips with how many pages are in each."""

    worksheet: Path
    zips: tuple[tuple[Path, int], ...]
    forecast: Forecast
    placed: Placed
    most: int  # bytes that a zip should not exceed; one page alone may


def export(
    given: Path,
    reports: Sequence[Report],
    out: Path,
    *,
    comment: Callable[[Report, bool], str],
    page: PageOf,
    scale: str = "",
    to_maximum: bool = False,
    max_mb: float = 50.0,
) -> Exported:
    """Fill in the worksheet `given` and pack the pages; both go to `out`.

    `comment` is told whether a page goes with it. Raises `UserError` where the worksheet is none, asks for words that
    are not given, or would be overwritten, and where `out` may not be written.
    """
    target = out / given.name
    if target.resolve() == given.resolve():
        raise UserError(f"{target}: this is the worksheet itself, which must stay as Moodle gave it; use another --to")
    worksheet = read(given)
    written = marks(worksheet, scale, to_maximum)
    matched = match(worksheet, reports)
    placed = feedback.place(worksheet, matched)
    attached = placed.attached()
    filled = fill(worksheet, matched, written, lambda report, student: comment(report, student in attached))
    most = int(max_mb * MEGABYTE)
    groups = feedback.parts(placed.entries, page, most)
    zips = []
    with explained(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)  # one that is there may hold other things: it stays as it is
        for old in out.iterdir():  # of an earlier export, which may have had more of them
            if _ZIPS.fullmatch(old.name):
                with contextlib.suppress(IsADirectoryError, PermissionError):
                    old.unlink()
        put(target, filled.worksheet.text().encode("utf-8", "backslashreplace"))
        for name, entries in zip(feedback.names(len(groups)), groups, strict=True):
            put(out / name, feedback.packed(entries, page))
            zips.append((out / name, len(entries)))
    return Exported(target, tuple(zips), filled.forecast, placed, most)
