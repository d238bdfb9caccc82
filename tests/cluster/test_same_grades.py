"""Whatever happens to workers, the grades are those of one undisturbed process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.test_killed import children, recorded
from tests.cluster.conftest import SLOWLY, until

POISON = """
import os, signal
from grader.cluster import worker
from grader.pipeline import grade
def kills(sandbox, submission, marking):
    if b"poison" in submission.source:
        os.kill(os.getpid(), signal.SIGKILL)
    return grade(sandbox, submission, marking)
worker.grade = kills
"""


def grades(out):
    return (out / "grades.csv").read_bytes()


class Command:
    """A `surdix grade` that goes on while a test does something to it."""

    def __init__(self, tmp_path, course, folder, out, *options, **environment):
        self.out = out
        environment = {**os.environ, "SURDIX_STORE": str(tmp_path / "store"), **environment}
        command = [sys.executable, "-m", "grader", "grade", "tdm", str(folder), "--out", str(out), *options]
        command += ["--course", str(course.folder)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
        )

    def graded(self, count):
        """Wait until so many are recorded."""
        until(lambda: recorded(self.out)[0] >= count or self.process.poll() is not None, what=f"grading {count}")
        assert self.process.poll() is None, self.process.communicate()

    def end(self, seconds=100):
        out, err = self.process.communicate(timeout=seconds)
        return self.process.returncode, out, err


def named(pid, text):
    """The processes below one that dask has started as workers."""
    return [one for one in children(pid) if text in command_of(one)]


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def test_processes_of_this_machine_give_the_same_grades(tmp_path, surdix, a_class):
    folder = a_class(24)
    alone = surdix("grade", "tdm", folder, "--out", tmp_path / "alone")
    together = surdix("grade", "tdm", folder, "--out", tmp_path / "together", "--cluster", "local:2")
    assert together.status == alone.status, together.err
    assert grades(tmp_path / "together") == grades(tmp_path / "alone")
    assert together.out.replace("together", "alone") == alone.out


def test_a_worker_that_is_killed_midway_changes_nothing(tmp_path, course, surdix, a_class):
    folder = a_class(24, SLOWLY)
    surdix("grade", "tdm", folder, "--out", tmp_path / "alone")
    run = Command(tmp_path, course, folder, tmp_path / "out", "--cluster", "local:2")
    run.graded(3)
    workers = named(run.process.pid, "spawn_main")
    assert len(workers) >= 2
    os.kill(workers[0], signal.SIGKILL)
    status, out, err = run.end()
    assert status in (0, 1), err
    assert "24 graded now" in out
    assert grades(tmp_path / "out") == grades(tmp_path / "alone")
    assert recorded(tmp_path / "out") == (24, 24)


def test_a_submission_that_kills_its_worker_each_time_is_found(tmp_path, course, surdix, a_class):
    folder = a_class(12, poison=GOOD_POISON)
    surdix("grade", "tdm", folder, "--out", tmp_path / "alone")
    preload = tmp_path / "preload.py"
    preload.write_text(POISON)
    run = Command(
        tmp_path,
        course,
        folder,
        tmp_path / "out",
        "--cluster",
        "local:2",
        DASK_DISTRIBUTED__WORKER__PRELOAD=str(preload),
    )
    status, out, err = run.end()
    assert status == 1, err
    theirs = {line.partition(b",")[0]: line for line in grades(tmp_path / "out").splitlines()}
    alone = {line.partition(b",")[0]: line for line in grades(tmp_path / "alone").splitlines()}
    assert b"crashed" in theirs.pop(b"poison")
    assert b"graded" in alone.pop(b"poison")
    assert theirs == alone
    assert "crashed" in out


GOOD_POISON = "def double(x):\n    return 2 * x\n# poison\n"
