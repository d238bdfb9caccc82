"""What one check does is gone when the next one begins. Both tiers; and the files by themselves."""

import textwrap

import pytest

from grader.sandbox.inside.apart import OpenFile
from grader.sandbox.inside.scratch import Scratch
from student_template.runner import codec
from tests.sandbox.conftest import outcomes

SIGNS = {
    "a file": ("", "open('sign', 'w').close()", "os.path.exists('sign')"),
    "a file in a locked folder": (
        "",
        "os.mkdir('sign'); open('sign/x', 'w').close(); os.chmod('sign', 0)",
        "os.path.exists('sign')",
    ),
    "a link": (
        "os.symlink('here', 'sign')",
        "os.unlink('sign'); os.symlink('there', 'sign')",
        "os.readlink('sign') != 'here'",
    ),
    "a changed file": ("open('sign', 'w').write('a')", "open('sign', 'w').write('b')", "open('sign').read() != 'a'"),
    "when a file was read": (
        "open('sign', 'w').write('a'); os.utime('sign', (5, 6))",
        "open('sign').read()",
        "os.stat('sign').st_atime > 9",
    ),
    "a time of the scratch space": ("", "os.utime('..', (5, 6))", "os.stat('..').st_mtime == 6"),
    "the mode of shared memory": ("", "os.chmod('/dev/shm', 0o500)", "os.stat('/dev/shm').st_mode & 0o777 == 0o500"),
    "an empty folder": ("os.mkdir('sign')", "os.rmdir('sign')", "not os.path.exists('sign')"),
    "a file in place of a folder": (
        "os.mkdir('sign')",
        "os.rmdir('sign'); open('sign', 'w').close()",
        "not os.path.isdir('sign')",
    ),
    "a file's mode": (
        "open('sign', 'w').close(); os.chmod('sign', 0o640)",
        "open('sign', 'w').write('b')",
        "os.stat('sign').st_mode & 0o777 != 0o640",
    ),
    "a locked folder of all": (
        "",
        "open('/dev/shm/sign', 'w').close(); os.chmod('/dev/shm', 0)",
        "(os.chmod('/dev/shm', 0o700), os.path.exists('/dev/shm/sign'))[1]",
    ),
    "a file in a pipe's place": (
        "os.mkfifo('sign')",
        "os.unlink('sign'); open('sign', 'w').close()",
        "os.path.isfile('sign')",
    ),
    "the folder where it works, moved": (
        "open('kept', 'w').close(); here = os.getcwd()",
        "os.rename(here, here + '-'); os.mkdir(here)",
        "not os.path.exists('kept')",
    ),
    "standard input's flag": ("", "os.set_blocking(0, False)", "not os.get_blocking(0)"),
    "shared memory": ("", "open('/dev/shm/sign', 'w').close()", "os.path.exists('/dev/shm/sign')"),
    "a pipe": (
        "ends = os.pipe(); os.set_blocking(ends[0], False)",
        "os.write(ends[1], b'x')",
        "bool(os.read(ends[0], 1))",
    ),
    "an eventfd": (
        "event = ctypes.CDLL(None).eventfd(0, 0o4000)",
        "os.write(event, (1).to_bytes(8, 'little'))",
        "bool(os.read(event, 8))",
    ),
    "a signal": (
        "seen = []; signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))",
        "os.kill(os.getppid(), signal.SIGUSR1) if os.getppid() == 1 else None; time.sleep(0.05)",
        "bool(seen)",
    ),
    "a limit": (
        "import resource",
        "resource.prlimit(os.getppid(), resource.RLIMIT_FSIZE, (4321, 4321))",
        "resource.getrlimit(resource.RLIMIT_FSIZE)[1] == 4321",
    ),
    "a priority": ("", "os.setpriority(os.PRIO_PROCESS, os.getppid(), 7)", "os.getpriority(os.PRIO_PROCESS, 0) == 7"),
    "a scheduler": (
        "",
        "os.sched_setscheduler(os.getppid(), os.SCHED_BATCH, os.sched_param(0))",
        "os.sched_getscheduler(0) == os.SCHED_BATCH",
    ),
    "a signal that waits": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})",
        "os.kill(os.getppid(), signal.SIGUSR1) if os.getppid() == 1 else None",
        "signal.SIGUSR1 in signal.sigpending()",
    ),
    "a place in a file": (
        "held = open('sign', 'w+'); held.write('abc'); held.flush()",
        "os.lseek(held.fileno(), 1, 0)",
        "os.lseek(held.fileno(), 0, 1) == 1",
    ),
    "a file's flag": (
        "held = open('sign', 'w')",
        "os.set_blocking(held.fileno(), False)",
        "not os.get_blocking(held.fileno())",
    ),
    "a place in a folder": (
        "os.mkdir('sign'); held = os.open('sign', os.O_RDONLY)",
        "os.lseek(held, 1, 0)",
        "os.lseek(held, 0, 1) == 1",
    ),
    "a lock": (
        "held, other = open('sign', 'w'), open('sign', 'w')",
        "fcntl.flock(held, fcntl.LOCK_EX)",
        "locked(lambda: fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB))",
    ),
    "a lock of an open file": (
        "held, other = open('sign', 'w'), open('sign', 'w'); WHOLE = struct.pack('hhqqi', fcntl.F_WRLCK, 0, 0, 0, 0)",
        "fcntl.fcntl(held, fcntl.F_OFD_SETLK, WHOLE)",
        "locked(lambda: fcntl.fcntl(other, fcntl.F_OFD_SETLK, WHOLE))",
    ),
    "a lease": (
        "held = open('sign', 'w'); held.close(); held = open('sign')",
        "fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_RDLCK)",
        "fcntl.fcntl(held, fcntl.F_GETLEASE) == fcntl.F_RDLCK",
    ),
    "an owner of signals": (
        "held = open('sign', 'w')",
        "fcntl.fcntl(held, fcntl.F_SETOWN, os.getppid())",
        "fcntl.fcntl(held, fcntl.F_GETOWN) != 0",
    ),
    "a signal of a file's": (
        "held = open('sign', 'w')",
        "fcntl.fcntl(held, fcntl.F_SETSIG, 44)",
        "fcntl.fcntl(held, fcntl.F_GETSIG) == 44",
    ),
    "a flag of standard output": ("", "os.set_blocking(1, False)", "not os.get_blocking(1)"),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_one_check_is_not_seen_by_the_next(grade, sign):
    before, leave, look = SIGNS[sign]
    source = f"""
        import ctypes, fcntl, os, signal, struct, time
        {before}
        def locked(lock):
            try:
                lock()
            except BlockingIOError:
                return True
        def first(x):
            try:
                {leave}
            except OSError:
                pass
            return 1
        def second(x):
            try:
                return bool({look})
            except OSError:
                return False
    """
    run = grade(textwrap.dedent(source))
    assert run.loaded["left_out"] == []
    found = run.checks["second"].public[0]
    assert found.outcome is not None or codec.decode(found.value) is False


def test_a_file_that_python_has_closed_meanwhile_is_nothing_to_put_back(tmp_path):
    """One in a cycle of objects, which nobody closes at a time that one could know."""
    with (tmp_path / "opened").open("w") as file:
        opened = OpenFile(file.fileno())
    opened.restore()


def test_what_the_dying_still_write_is_not_seen(grade):
    source = """
        import os, time
        FOLDERS = "/dev/shm", "/scratch/work"
        def first(x):
            for child in range(40):
                between = os.fork()
                if between:
                    os.waitpid(between, 0)
                elif os.fork():
                    os._exit(0)
                else:
                    os.setsid()
                    for number in range(10**9):
                        for folder in FOLDERS:
                            sign = f"{folder}/{child}-{number}"
                            os.close(os.open(sign, os.O_CREAT | os.O_WRONLY))
                            os.unlink(sign)
            time.sleep(0.03)
            return 1
        def second(x):
            time.sleep(0.02)
            return sum(len(os.listdir(folder)) for folder in FOLDERS)
    """
    for _ in range(5):  # half of the time some were, while they were not waited for
        found = grade(textwrap.dedent(source)).checks["second"].public[0]
        assert found.outcome is None and codec.decode(found.value) == 0


def test_a_timer_from_loading_ends_no_check(grade):
    timer = "signal.signal(signal.SIGALRM, lambda *_: None)\nsignal.setitimer(signal.ITIMER_REAL, 0.2)\n"
    run = grade(
        "import signal, time\n"
        + timer
        + "def first(x):\n    time.sleep(0.4)\n    return 1\ndef second(x):\n    return 2\n"
    )
    assert run.died == 0
    assert codec.decode(run.checks["second"].public[0].value) == 2


def test_files_are_put_back(tmp_path):
    (tmp_path / "kept").write_text("a")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "deep").write_text("b")
    (tmp_path / "link").symlink_to("kept")
    files = Scratch([str(tmp_path)])
    (tmp_path / "kept").write_text("z")
    (tmp_path / "folder" / "deep").unlink()
    (tmp_path / "folder").rmdir()
    (tmp_path / "link").unlink()
    (tmp_path / "link").write_text("no link")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "x").write_text("c")
    files.restore()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "kept", "link"]
    assert (tmp_path / "kept").read_text() == "a" and (tmp_path / "folder" / "deep").read_text() == "b"
    assert str((tmp_path / "link").readlink()) == "kept"
    (tmp_path / "kept").write_text("y")  # within a tick of the clock that files have
    files.restore()
    assert (tmp_path / "kept").read_text() == "a"


def test_a_folder_that_is_gone_is_nothing_to_put_back(tmp_path):
    Scratch([str(tmp_path / "gone")]).restore()


def test_a_file_that_is_closed_as_garbage_between_the_checks_costs_nothing(grade):
    source = """
        open("numbers", "w").write("1 2")
        class Rows:
            def __init__(self):
                self.lines = self.read()
                self.first = next(self.lines)
            def read(self):
                with open("numbers") as file:
                    yield from file
        Rows()
        def first(x):
            return 1
        def second(x):
            return 2
    """
    run = grade(textwrap.dedent(source), cases=400)  # to read so many collects garbage
    assert outcomes(run) == outcomes(run, "second") == ["value"] * 400 and run.died == 0
