"""What reads or writes a folder of results waits while a run grades into it."""

import fcntl
import os
import shutil
import time

import pytest

from grader.gradebook import Gradebook
from tests.cli.test_bad_usage import _mounted


@pytest.fixture
def graded(desk, tmp_path):
    return shutil.copytree(desk.undisturbed, tmp_path / "out")


def test_commands_wait_for_the_run_that_grades_and_see_all_of_it(start, graded, tmp_path):
    export = tmp_path / "export"
    commands = ("regrade", "--yes"), ("release", "--yes"), ("export", "--csv", "--to", export)
    with (graded / ".lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = [start(name, graded, *options) for name, *options in commands]
        said = [process.stderr.readline() for process in waiting]
        assert all("is at work in this folder; waiting for it to end." in line for line in said), said
        time.sleep(0.3)
        assert [process.poll() for process in waiting] == [None] * 3
        with Gradebook.open(graded / "gradebook.sqlite") as book:  # what the run that is waited for still does
            book.event("override", "s01", points=1.5, check="scale_backward", who="T", why="on paper")
        fcntl.flock(held, fcntl.LOCK_UN)
        ended = [process.communicate(timeout=60) for process in waiting]
    assert [process.returncode for process in waiting] == [0, 0, 0], ended
    assert "0 judged again, 0 move." in ended[0][0]
    assert ",6.5," in (graded / "grades.csv").read_text()
    assert "6.5" in (export / "tdm.csv").read_text()


@pytest.mark.skipif(os.getuid() != 0, reason="mounts a read-only file system")
def test_results_on_a_disk_that_is_read_only_can_be_exported(desk, graded, tmp_path):
    assert _mounted(tmp_path, "ro")  # or skips
    read_only = f'mount --bind "{graded}" "{graded}" && mount -o remount,ro,bind "{graded}" && exec "$@"'
    (graded / ".lock").unlink()
    bound = ["unshare", "--mount", "sh", "-c", read_only, "sh"]
    done = desk.run("export", graded, "--csv", "--to", tmp_path / "export", before=bound)
    assert done.status == 0, done.err
