"""A disk that is full, or read-only: one sentence, no half file, and once there is room the same grades.

The disk is a small one in memory, mounted for the commands of one test alone.
"""

import sqlite3
from contextlib import closing

from tests.cli.test_bad_usage import _mounted
from tests.faults.conftest import ALL, no_half_file, one_sentence

# A disk on which all was graded and so many kB are left, without the pages; then what `grade` leaves there.
FILLED = """
cd "$0" && cp -a "{undisturbed}/." . && rm -r results feedback report.html grades.csv
free=$(df -k --output=avail . | tail -1) && head -c $(( (free - {room}) * 1024 )) /dev/zero > ballast
"$@"; status=$?
rm ballast && cp -a . "{left}" && exit $status
"""


def filled(desk, tmp_path, room):
    """A run with so much room for what it writes, and what it leaves."""
    out, left = tmp_path / f"out{room}", tmp_path / f"left{room}"
    out.mkdir()
    script = FILLED.format(undisturbed=desk.undisturbed, room=room, left=left)
    done = desk.grade(out, before=[*_mounted(out, "size=8m"), "sh", "-c", script, out])
    return done, left


def test_full_while_pages_are_written(desk, tmp_path):
    """From nothing that can be written at all to nothing that is missing but the last page."""
    places = set()
    for room in range(0, 900, 60) if ALL else (300,):
        done, left = filled(desk, tmp_path, room)
        if done.status == 0:
            break
        one_sentence(done, "disk is full; make room, then start again")
        assert not (left / "grades.csv").exists()
        no_half_file(left)
        pages = len(list((left / "feedback").glob("*.html")))
        places.add("report" if pages == 24 else "page" if pages else "gradebook")
        with closing(sqlite3.connect(left / "gradebook.sqlite")) as book:
            assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        desk.finish(left)
    assert places == ({"gradebook", "page", "report"} if ALL else {"page"})
