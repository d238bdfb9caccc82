"""`kill -9` at any moment: what was recorded stays, the next run completes, and nothing is graded twice.

A class of 60 is graded, in a batch (in five with KILLS=all); each is killed ten times, at random moments: eight of
them when some but not all submissions are recorded, one before the first and one after the last record. What is left
must be what an undisturbed run leaves, but for seconds and times.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_grade import results

CLASS = 60
KINDS = (GOOD + SCALE, GOOD, "def double(x):\n    return 3 * x\n" + SCALE, "x = 1\n", "")


def recorded(out):
    """How many submissions have a grading, and how many gradings there are."""
    try:
        with closing(sqlite3.connect(f"file:{out / 'gradebook.sqlite'}?mode=ro", uri=True, timeout=5)) as book:
            query = (
                "SELECT count(DISTINCT student_id), count(*) FROM gradings g JOIN submissions s ON submission = s.seq"
            )
            return book.execute(query).fetchone()
    except sqlite3.OperationalError:  # no file yet, or no table
        return 0, 0


def children(pid):
    """All processes below one, by /proc."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        for tasks in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                below = [int(child) for child in tasks.read_text().split()]
            except OSError:
                continue
            found += below
            waiting += below
    return found


def gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def killed(command, environment, out, target, delay):
    """Start a run, kill it when `target` submissions are recorded; how many were in the end."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as run:
        while run.poll() is None and recorded(out)[0] < target:
            time.sleep(0.002)
        time.sleep(delay)
        below = children(run.pid)
        run.send_signal(signal.SIGKILL)
        run.wait()
    deadline = time.monotonic() + 20
    while not all(map(gone, below)):
        assert time.monotonic() < deadline, "a sandbox outlives its grader"
        time.sleep(0.01)
    return recorded(out)[0]


@pytest.mark.parametrize("batch", range(5 if os.environ.get("KILLS") == "all" else 1))
def test_a_run_that_is_killed_again_and_again_ends_the_same(surdix, class_folder, course, tmp_path, batch):
    rng = random.Random(batch)
    folder = class_folder(**{f"s{number:02}": KINDS[number % len(KINDS)] for number in range(CLASS)})
    undisturbed, out = tmp_path / "undisturbed", tmp_path / "out"
    assert surdix("grade", "tdm", folder, "--out", undisturbed, "--jobs", 2).status == 0

    command = [sys.executable, "-m", "grader", "grade", "tdm", str(folder), "--out", str(out), "--jobs", "2"]
    command += ["--course", str(course.folder)]
    environment = {**os.environ, "SURDIX_STORE": str(tmp_path / "store")}
    targets = sorted(rng.sample(range(1, CLASS * 4 // 5), 8))
    at = [killed(command, environment, out, 0, rng.uniform(0.05, 1.0))]
    at += [killed(command, environment, out, target, rng.uniform(0, 0.004)) for target in targets]
    between = sum(0 < done < CLASS for done in at)
    at += [killed(command, environment, out, CLASS, rng.uniform(0, 0.05))]
    assert at == sorted(at), "what was recorded was lost"
    assert between >= 8, at

    assert surdix("grade", "tdm", folder, "--out", out, "--jobs", 2).status == 0
    assert (out / "grades.csv").read_bytes() == (undisturbed / "grades.csv").read_bytes()
    assert results(out) == results(undisturbed)
    with closing(sqlite3.connect(out / "gradebook.sqlite")) as book:
        assert recorded(out) == (CLASS, CLASS)
        checks = Counter(row[0] for row in book.execute("SELECT grading FROM verdicts"))
        assert set(checks.values()) == {len(next(iter(results(out).values()))["checks"])} and len(checks) == CLASS
        again = "SELECT count(*) FROM (SELECT 1 FROM check_runs GROUP BY grading, check_id HAVING count(*) > 1)"
        assert book.execute(again).fetchone() == (0,)
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not {path.name for path in out.iterdir()} & {"gradebook.sqlite-wal", "gradebook.sqlite-shm"}
