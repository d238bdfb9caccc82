"""Somebody kills what a submission runs in, again and again, at random moments: nobody's grade is another for it."""

import contextlib
import csv
import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.cli.test_killed import recorded
from tests.faults.conftest import ALL, by_number, wait_until

# What is how far below the grader; of the forks one is at work on a submission, and one waits for the next.
DEPTHS = {"bwrap": 1, "the jail": 2, "the warm process": 3, "a submission": 4, "a check": 5}
PAUSE = (0.3, 1.0)  # seconds; what is killed takes some to be there again
MOST = 10
SLOWLY = "import time\ntime.sleep(0.1)\n"  # a class that takes long enough to be disturbed


def below(pid, depth):
    """The processes that are so far below another."""
    found = [pid]
    for _ in range(depth):
        tasks = [tasks for one in found for tasks in Path(f"/proc/{one}/task").glob("*/children")]
        found = []
        for task in tasks:
            with contextlib.suppress(OSError):  # it has ended
                found += [int(child) for child in task.read_text().split()]
    return found


def disturb(process, rng, depths):
    """Kill now this and now that while a run goes on; how many were killed."""
    killed = 0
    while process.poll() is None and killed < MOST:
        found = below(process.pid, rng.choice(depths))
        with contextlib.suppress(IndexError, ProcessLookupError):
            os.kill(rng.choice(found), signal.SIGKILL)
            killed += 1
            time.sleep(rng.uniform(*PAUSE))
    return killed


@pytest.mark.parametrize("what", ["anything", *DEPTHS] if ALL else ["anything"])
def test_a_class_of_60_gets_the_same_grades(desk, start, tmp_path, what):
    rng = random.Random(what)
    folder, out = tmp_path / "class", tmp_path / "out"
    for name, text in by_number(60).items():
        (folder / name).mkdir(parents=True)
        (folder / name / "tdm.py").write_text(SLOWLY + text if text else "")
    process = start("grade", "tdm", folder, "--out", out, "--sandbox", "warm", "--jobs", 2)
    wait_until(lambda: recorded(out)[0] >= 1)
    killed = disturb(process, rng, list(DEPTHS.values()) if what == "anything" else [DEPTHS[what]])
    _, errors = process.communicate()
    assert killed >= 3
    command = ("grade", "tdm", folder, "--out", out, "--sandbox", "warm")
    if process.returncode == 3:  # what was killed thrice is a fault, has no score, and is graded by the next run
        with (out / "grades.csv").open(newline="") as file:
            assert all(row["score"] == "" for row in csv.DictReader(file) if row["status"] == "grader_fault")
        assert desk.run(*command).status == 0
    else:
        assert process.returncode == 0, errors
    lines = (desk.undisturbed / "grades.csv").read_text().splitlines()
    scores = [line.partition(",")[2] for line in lines[1:6]]  # kinds come again and again
    expected = [lines[0], *(f"{name},{scores[number % 5]}" for number, name in enumerate(by_number(60)))]
    assert (out / "grades.csv").read_text().splitlines() == expected
