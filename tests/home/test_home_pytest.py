"""`python -m pytest` at the desk: short, in order, and open to debuggers."""

import os
import select
import shutil
import sys
import time

import pytest

from tests.home.home_desk import CLEAN, notebook

DOUBLE = "return 2 * np.asarray(x)"


def test_a_line_for_each_failing_check_at_the_end(desk):
    desk.solve(DOUBLE, "return 3 * np.asarray(x)")
    text = desk.write("tdh.py", (desk.folder / "tdh.py").read_text().replace("self.k * grad", "np.stack([grad, grad])"))
    desk.pytest()
    lines = desk.said.splitlines()
    start = next(i for i, line in enumerate(lines) if " what does not pass yet " in line)
    assert lines[start + 1].startswith("1.1 doubles: Your answer is wrong in 3 of 3 entries;")
    assert lines[start + 2] == "1.2 scales_back: Your gradient has the shape (2, 1, 3); it should be (1, 3)." or (
        lines[start + 2] == "1.2 scales_back: Your answer has the shape (2, 1, 3); it should be (1, 3)."
    )
    assert lines[start + 3] == "" and lines[start + 4].startswith("Looking at tdh.py (you have worked in it), saved")
    assert "2 failed, 3 passed" in lines[-1]
    failures = lines[lines.index(next(line for line in lines if " FAILURES " in line)) : start]
    assert len(failures) < 18 and "Hint: Times what?" in desk.said and "Traceback" not in desk.said
    assert text.exists()


@pytest.mark.parametrize(("word", "count"), [("1.1-", 2), ("1.10", 1), ("1.2", 2), ("doubles", 1)])
def test_one_question(desk, word, count):
    desk.solve()
    desk.pytest("-k", word)
    assert f"{count} passed" in desk.said


def test_with_other_options_and_plugins(desk):
    desk.solve(DOUBLE, "return None")
    desk.pytest("-q", "-x", "--tb=line", "-rf")
    assert desk.status == 1 and "is a `return` missing?" in desk.said
    pytest.importorskip("xdist")
    desk.pytest("-n", "1")
    assert desk.status == 1 and "1 failed, 4 passed" in desk.said


def test_breakpoint_stops_in_the_students_function(desk):
    desk.solve(DOUBLE, "y = 2 * x\n    breakpoint()\n    return y")
    desk.pytest("-k", "doubles", stdin="p y.shape\nc\nc\nc\n")
    assert desk.status == 0 and "tdh.py(" in desk.said and "-> return y" in desk.said and "(Pdb) (3,)" in desk.said
    desk.pytest("-k", "doubles", stdin="q\n")
    assert desk.status == 2 and "Quitting debugger" in desk.said


def test_a_person_at_a_debugger_is_not_late(desk):
    """On a terminal of its own, as a student types: the check's second goes by at the prompt."""
    pty = pytest.importorskip("pty")
    desk.solve(DOUBLE, "breakpoint()\n    return 2 * x")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-k", "doubles"]
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        os.chdir(desk.folder)
        os.execve(sys.executable, command, {**CLEAN, "TERM": "dumb"})
    said = b""

    def until(text, seconds=30):
        nonlocal said
        end = time.monotonic() + seconds
        while text not in said:
            assert time.monotonic() < end, said
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    said += os.read(terminal, 4096)
                except OSError:  # its end
                    break
        assert text in said, said
        said = said.partition(text)[2]

    try:
        until(b"(Pdb) ")
        time.sleep(1.3)
        os.write(terminal, b"p len(x)\n")
        until(b"3")
        for _ in range(3):
            os.write(terminal, b"c\n")
            until(b"resumed")
        until(b"1 passed")
        assert b"running for" not in said
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


def test_pdb_after_a_failure_is_at_the_students_line(desk):
    desk.write("tdh.ipynb", notebook("def double(x):\n    z = 3\n    return z / 0"))
    desk.pytest("-k", "doubles", "--pdb", stdin="p z\nq\n")
    assert "tdh.ipynb[cell 1](3)double()\n-> return z / 0\n(Pdb) 3\n" in desk.said


def test_a_check_that_takes_too_long_is_said_to(desk):
    slow = "end = __import__('time').process_time() + 1.5\n    while __import__('time').process_time() < end: pass"
    path = desk.solve("return float(np.mean(x))", f"{slow}\n    return float(np.mean(x))")
    line = path.read_text().splitlines().index("    " + slow.splitlines()[1].strip()) + 1
    desk.pytest("-k", "1.10")
    assert f"means has been running for 1 s, now at line {line}: `while" in desk.errors
    assert "the grader stops it there. Ctrl-C, or a notebook's stop button, ends it here." in desk.errors
    assert desk.status == 1 and "Your code took longer than the 1 s that it has" in desk.said


def test_a_file_that_takes_long_to_load_is_said_to_and_loaded_once(desk):
    slow = "from time import process_time as now\nprint('loading')\nend = now() + 1.3\nwhile now() < end: pass\n\n"
    desk.solve("class Scale", f"{slow}class Scale")
    desk.pytest("-s")
    assert "tdh.py has been running for 1 s, now at line" in desk.errors and desk.said.count("loading") == 1
    assert "5 passed" in desk.said


def test_what_loading_prints_is_shown_once(desk):
    desk.solve("import numpy as np", "import numpy as np\nprint('loading')")
    text = (desk.folder / "tdh.py").read_text().replace("return self.k", "return 3 * self.k")
    desk.write("tdh.py", text)
    desk.pytest()
    assert "2 failed, 3 passed" in desk.said and desk.said.count("loading") <= 1


def test_a_python_that_cannot_run_check(desk, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nsys.modules['numpy'] = None\n")
    desk.pytest(PYTHONPATH=str(tmp_path / "site"))
    assert desk.status == 4 and desk.said == ""
    assert desk.errors.startswith("ERROR: check.py needs numpy") and len(desk.errors.splitlines()) <= 2


def test_two_handouts_side_by_side(desk, td2):
    shutil.copytree(td2.folder, desk.folder.parent / "td2")
    shutil.rmtree(desk.folder.parent / "td2" / "__pycache__", ignore_errors=True)
    (desk.folder.parent / "td2" / "td2.py").write_text(td2.script)
    desk.solve()
    desk.run("-m", "pytest", "-p", "no:cacheprovider", "-q", "-k", "2.1 or 1.1", cwd=desk.folder.parent)
    assert desk.status == 0 and "7 passed" in desk.said, desk.said
