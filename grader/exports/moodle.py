"""All that Moodle takes back: the worksheet and the feedback pages, and what it will do with both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.contract import Report
from grader.errors import UserError
from grader.exports import feedback
from grader.exports.feedback import MEGABYTE, Packed, PageOf, Placed
from grader.exports.files import File
from grader.exports.forecast import Forecast
from grader.exports.marks import marks
from grader.exports.matching import match
from grader.exports.reasons import loud
from grader.exports.worksheet import fill
from grader.worksheet import read


@dataclass(frozen=True, slots=True)
class Exported:
    """The files to upload, the worksheet first, and what is to be told of them."""

    worksheet: File
    zips: tuple[Packed, ...]
    forecast: Forecast
    placed: Placed
    folder: Path  # of the results
    most: int  # bytes that a zip should not exceed; one page alone may

    @property
    def files(self) -> tuple[File, ...]:
        return (self.worksheet, *(one.file for one in self.zips))

    @property
    def findings(self) -> bool:
        """Is there something that a person should look at before, or instead of, uploading?"""
        return self.forecast.findings or loud(note for _, note in self.placed.left)


def export(
    given: Path,
    reports: Sequence[Report],
    *,
    folder: Path,
    comment: Callable[[Report, bool], str],
    page: PageOf,
    max_mb: float,
    scale: str = "",
    to_maximum: bool = False,
) -> Exported:
    """Fill in the worksheet `given` and pack the pages, in zips of at most `max_mb` megabytes; nothing is written.

    `folder` is where the reports are from; `comment` is told whether a page goes with it. Raises `UserError` where the
    worksheet is none, asks for words that are not given, or has nobody of the results in it.
    """
    worksheet = read(given)
    written = marks(worksheet, scale, to_maximum)
    matched = match(worksheet, reports)
    if not any(matched.reports) and all(note is None or note.key == "not_here" for note in matched.reasons):
        raise UserError(f"{given}: no student of it is in {folder}: is it the worksheet of another assignment?")
    placed = feedback.place(worksheet, matched)
    attached = placed.attached()
    filled = fill(worksheet, matched, written, lambda report, student: comment(report, student in attached))
    most = int(max_mb * MEGABYTE)
    zips = feedback.pack(placed.attachments, page, most)
    return Exported(File.of(given.name, filled.worksheet.text()), zips, filled.forecast, placed, folder, most)
