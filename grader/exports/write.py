"""Everything that `grade` leaves beside the gradebook, written so that nobody ever reads half a file.

Each file is made under another name and then renamed over the old one; files are for their owner alone (0600, folders
0700). Results and pages of students that the gradebook does not know (an id that was mistyped) are removed.
"""

from __future__ import annotations

import errno
import json
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.atomic import PREFIX, SUFFIX, put
from grader.contract import Report
from grader.errors import UserError
from grader.exports.grades import COLUMNS, csv_line, grades_line
from grader.exports.results import Say, result_json
from grader.ours import FEEDBACK, GRADES, REPORT, RESULTS

STALE_SECONDS = 3600.0


def write_all(
    out: Path,
    reports: Iterable[Report],
    say: Say,
    *,
    file_name: Callable[[str], str],
    language: str = "en",
    feedback: Callable[[Report], str] | None = None,
    report_page: Callable[[], Iterable[str]] | None = None,
) -> None:
    """Write `grades.csv` and `results/`, and `feedback/` and `report.html` where they are given.

    `reports` come in the order of the ids, and each is let go before the next one: a class of any size fits in memory.
    `file_name` makes a student's id a file's name (`grader.intake.names`); `feedback` makes a student's page, and
    `report_page` the parts of the class's, once all reports are through. Raises `UserError` where the disk is full or
    may not be written; then every file is either the old one or the new one.
    """
    names = set()
    lines = [csv_line(tuple(COLUMNS))]
    with explained(out):
        folder(out)
        for report in reports:
            name = file_name(report.student_id)
            names.add(name)
            lines.append(grades_line(report))
            write(out / RESULTS / f"{name}.json", result_json(report, say, language))
            if feedback is not None:
                write(out / FEEDBACK / f"{name}.html", feedback(report))
        _tidy(out, names)
        if report_page is not None:
            write(out / REPORT, report_page())
        write(out / GRADES, lines)


def private(path: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone; what is there stays as it is."""
    if not path.is_dir():
        private(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def folder(path: Path) -> None:
    """Make a folder for its owner alone, or close one that is there to others; but never a common one such as /tmp."""
    private(path)
    mode = path.stat().st_mode
    if mode & 0o077 and not mode & stat.S_ISVTX:
        path.chmod(0o700)


def write(path: Path, text: str | Iterable[str]) -> None:
    """Replace the file at `path` by a text, or its parts, all of it or nothing. What UTF-8 cannot hold is escaped."""
    folder(path.parent)
    parts = [text] if isinstance(text, str) else text
    put(path, (part.encode("utf-8", "backslashreplace") for part in parts))


def _tidy(out: Path, keep: set[str]) -> None:
    """Remove results, and pages, of students that the gradebook does not know; what is not ours stays."""
    for path in (out / RESULTS).glob("*.json"):
        if path.stem not in keep and _is_result(path):
            path.unlink()
            (out / FEEDBACK / f"{path.stem}.html").unlink(missing_ok=True)
    for folder_ in (out / RESULTS, out / FEEDBACK):
        for left in folder_.glob(f"{PREFIX}*{SUFFIX}"):  # of a killed run; a young one may be another run's
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                left.unlink()


def _is_result(path: Path) -> bool:
    try:
        result = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(result, dict) and {"schema", "student_id", "submission_id"} <= result.keys()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a disk's troubles into a `UserError`."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or path
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(f"{path}: the disk is full; make room, then start again") from None
        if error.errno == errno.EROFS:
            raise UserError(f"{path}: the disk is read-only; choose another folder") from None
        raise UserError(f"{where}: cannot be written ({error.strerror or error})") from None
