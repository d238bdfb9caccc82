"""Ctrl-C, SIGTERM and SIGHUP: what is under way ends within two seconds, leaves nothing, and goes on later."""

import contextlib
import fcntl
import io
import os
import pty
import signal
import subprocess
import tarfile
import termios
import time
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import GOOD
from tests.cli.test_killed import children, recorded
from tests.faults.conftest import ALL, HANGS, all_gone, groups_of, no_half_file, wait_until

SECONDS = 2.0
EACH = [("warm", "SIGINT"), ("cold", "SIGTERM"), ("none", "SIGHUP")]
SIGNALS = {"SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM, "SIGHUP": signal.SIGHUP}


def stop(process, *signals):
    """Send signals to a run; what it said. It has ended within two seconds and left no process and no group."""
    below = children(process.pid)
    started = time.monotonic()
    for number in signals:
        process.send_signal(number)
        time.sleep(0.03)
    said, errors = process.communicate(timeout=60)
    assert time.monotonic() - started < SECONDS, (time.monotonic() - started, said, errors)
    assert process.returncode == 128 + signals[0], errors
    assert errors.count("surdix: ") == 1 and "interrupted; what had been graded is kept" in errors, errors
    assert "Traceback" not in errors and "Exception" not in errors, errors
    assert all_gone(below)
    assert groups_of(process.pid) == []
    return said


@pytest.mark.parametrize("name", [*SIGNALS] if ALL else ["SIGINT"])
def test_while_grading(desk, start, tmp_path, name):
    out = tmp_path / "out"
    process = start("grade", "tdm", desk.folder, "--out", out, "--jobs", 2)
    wait_until(lambda: recorded(out)[0] >= 5)
    stop(process, SIGNALS[name])
    assert 5 <= recorded(out)[0] <= 24
    desk.finish(out)
    assert recorded(out) == (24, 24), "something was graded twice"


@pytest.mark.parametrize(("tier", "name"), EACH if ALL else EACH[:1])
def test_while_a_submission_hangs_in_a_check(start, tmp_path, tier, name):
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    for student in ("ann", "ben", "cleo"):
        (folder / f"{student}.py").write_text(HANGS)
    process = start("grade", "tdm", folder, "--out", out, "--jobs", 2, "--sandbox", tier)
    wait_until(lambda: len(hanging(process.pid)) == 2)
    stop(process, SIGNALS[name])
    assert recorded(out) == (0, 0)


def hanging(pid):
    """The processes of a run that sleep as `HANGS` does."""
    found = []
    for child in children(pid):
        with contextlib.suppress(OSError), Path(f"/proc/{child}/syscall").open() as file:  # 230: clock_nanosleep
            found += [child] if file.read().split()[0] in ("230", "35", "115") else []
    return found


def test_while_a_large_archive_is_unpacked(start, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in (("tdm.py", GOOD.encode()), ("data.bin", bytes(60 << 20))):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    for number in range(60):
        (folder / f"s{number:02}").mkdir(parents=True)
        (folder / f"s{number:02}" / "work.tar.gz").write_bytes(packed.getvalue())
    process = start("grade", "tdm", folder, "--out", out)
    wait_until(lambda: resident(process.pid) > 200 << 20)
    stop(process, signal.SIGINT)
    assert not out.exists()


def pages(out):
    return len(list((out / "feedback").glob("*.html"))) > 2


def listens(pid):
    """Does a process have a handler for SIGHUP yet?"""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line for line in lines if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) & 1 << signal.SIGHUP - 1


def resident(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_while_pages_are_written_and_again_and_again(desk, start, tmp_path):
    for number in range(4 if ALL else 1):
        out = tmp_path / f"out{number}"
        process = start("grade", "tdm", desk.folder, "--out", out, "--jobs", 2)
        wait_until(partial(pages, out))
        stop(process, signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGINT)
        no_half_file(out)
    desk.finish(out)


@pytest.mark.skipif(not ALL, reason="FAULTS=all has it")
@pytest.mark.parametrize("delay", [0.1 * step for step in range(12)])
def test_at_any_moment(desk, start, tmp_path, delay):
    out = tmp_path / "out"
    process = start("grade", "tdm", desk.folder, "--out", out, "--jobs", 2)
    wait_until(lambda: listens(process.pid))
    time.sleep(delay)
    if process.poll() is None:
        stop(process, signal.SIGINT, signal.SIGINT)
    desk.finish(out)


def test_a_terminal_that_goes_away(desk, tmp_path):
    out = tmp_path / "out"
    ours, theirs = pty.openpty()
    command = desk.command("grade", "tdm", desk.folder, "--out", out, "--jobs", 2)
    environment = {**desk.environment, "TERM": "xterm-256color"}

    def owning():
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # tests that nohup started ignore it
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    with subprocess.Popen(
        command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=owning
    ) as process:
        os.close(theirs)
        os.set_blocking(ours, False)
        wait_until(lambda: recorded(out)[0] >= 5)
        below = children(process.pid)
        os.close(ours)
        assert process.wait(SECONDS) == 128 + signal.SIGHUP
    assert all_gone(below) and groups_of(process.pid) == []
    desk.finish(out)


@pytest.mark.skipif(not ALL, reason="FAULTS=all has it")
def test_nohup_is_kept(desk, start, tmp_path):
    out = tmp_path / "out"

    def ignoring():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    process = start("grade", "tdm", desk.folder, "--out", out, "--jobs", 2, preexec_fn=ignoring)
    wait_until(lambda: recorded(out)[0] >= 5)
    process.send_signal(signal.SIGHUP)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
