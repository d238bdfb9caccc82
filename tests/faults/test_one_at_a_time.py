"""What reads or writes a folder of results waits while a run grades into it."""

import fcntl
import os
import subprocess

import pytest

from grader.gradebook import Gradebook
from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_bad_usage import _mounted

COMMANDS = {
    "regrade": ("regrade", "--yes"),
    "release": ("release", "--yes"),
    "export": ("export", "--csv", "--to", "export"),
}


@pytest.fixture
def graded(surdix, class_folder, tmp_path):
    out = tmp_path / "out"
    assert surdix("grade", "tdm", class_folder(alice=GOOD + SCALE, bob=GOOD), "--out", out).status == 0
    return out


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_waits_for_the_run_that_grades_and_sees_all_of_it(start, graded, tmp_path, name):
    command, *options = COMMANDS[name]
    with (graded / ".lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = start(command, graded, *options, cwd=tmp_path)
        said = process.stderr.readline()
        assert "is at work in this folder; waiting for it to end." in said
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        with Gradebook.open(graded / "gradebook.sqlite") as book:  # what the run that is waited for still does
            book.event("override", "bob", points=1.5, check="1.2", who="T", why="on paper")
        fcntl.flock(held, fcntl.LOCK_UN)
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    if name == "export":
        assert "6.5" in (tmp_path / "export" / "tdm.csv").read_text()
    elif name == "release":
        assert "6.5" in (graded / "grades.csv").read_text()
    else:
        assert "0 judged again, 0 move." in printed


@pytest.mark.skipif(os.getuid() != 0, reason="mounts a read-only file system")
def test_results_on_a_disk_that_is_read_only_can_be_exported(surdix, graded, course, tmp_path):
    assert _mounted(tmp_path, "ro")  # or skips
    read_only = f'mount --bind "{graded}" "{graded}" && mount -o remount,ro,bind "{graded}" && exec "$@"'
    bound = ["unshare", "--mount", "sh", "-c", read_only, "sh"]
    (graded / ".lock").unlink()
    done = surdix("export", graded, "--csv", "--to", tmp_path / "export", "--course", course.folder, before=bound)
    assert done.status == 0, done.err
