"""A clock that jumps while a class is graded: what came after what is told by numbers, and no limit is the clock's."""

import ast
import itertools
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grader
from grader.authoring import load
from grader.batch import grade_all
from grader.exports.grades import grades_csv
from grader.gradebook import Gradebook
from grader.intake import collect
from grader.local import Threads
from grader.pipeline import prepare

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
JUMPS = (timedelta(0), timedelta(hours=-1), timedelta(days=3653), timedelta(seconds=1))


def test_back_an_hour_and_forward_ten_years(desk, tmp_path):
    loaded = load.load(desk.course, "tdm")
    marking = prepare(loaded, (Path(desk.environment["SURDIX_STORE"]) / "secret").read_bytes())
    submissions = collect(desk.folder, loaded.assignment)
    times = itertools.cycle(JUMPS)

    def now():
        return START + next(times)

    with Gradebook.open(tmp_path / "gradebook.sqlite", td="tdm") as book:
        for _ in range(2):
            grade_all(submissions, marking, book, lambda work: Threads(marking, jobs=2, now=now), fresh=True, now=now)
        assert grades_csv(book.reports()).encode() == (desk.undisturbed / "grades.csv").read_bytes()
        for report in book.reports():
            first, second = book.history(report.student_id)
            assert (first.counts, second.counts) == (False, True) and first.seq < second.seq
            assert book.explained(report.student_id) is not None
    with closing(sqlite3.connect(tmp_path / "gradebook.sqlite")) as connection:
        rows = connection.execute("SELECT started, ended FROM gradings ORDER BY seq").fetchall()
    assert len(rows) == 48 and all(started <= ended for started, ended in rows)
    assert [ended for _, ended in rows] != sorted(ended for _, ended in rows), "the clock did not jump"


# Who may ask what time it is: to write it down, or to compare it with a date that people agreed on.
ASKS = {
    "batch.py",  # when something was graded
    "regrade.py",
    "gradebook/events.py",  # when something was decided
    "moodle/journal.py",  # when something was sent
    "cli/release.py",  # whether the last due time has passed
    "exports/write.py",  # how old a file is that a killed run left
}


def test_no_duration_is_measured_with_the_clock_on_the_wall():
    folder = Path(grader.__file__).parent
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = f"{node.value.id}.{node.attr}"
                if name in ("time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today"):
                    found.add(str(path.relative_to(folder)))
    assert found == ASKS
