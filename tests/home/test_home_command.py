"""`python check.py`: what it says of files that are broken, loop, crash, print, or are not there."""

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from tests.home.home_desk import notebook

DOUBLE = "return 2 * np.asarray(x)"


def test_all_checks_or_those_that_are_named(desk):
    desk.solve()
    desk.check()
    assert [line[:8] for line in desk.said.splitlines() if line.startswith("ok")] == [
        "ok  1.1 ",
        "ok  1.1 ",
        "ok  1.10",
        "ok  1.2 ",
        "ok  1.2 ",
    ]
    assert desk.said.endswith("\n5 of 5 checks pass here. The grade comes from the same checks on other inputs.\n")
    for arguments, count in ((["1.1"], 2), (["1.10"], 1), (["1.2", "means"], 3), (["tdh.py", "leaves_x_alone"], 1)):
        desk.check(*arguments)
        assert f"\n{count} of {count} checks pass here." in desk.said and desk.status == 0


def test_all_that_is_still_to_be_written_is_listed(desk):
    desk.check()
    left = "question 1.1: double\n  question 1.10: mean\n  question 1.2: Scale.forward, Scale.backward\n"
    assert f"\nStill to be written:\n  {left}" in desk.said, "backward too, which no check has come to"
    assert f"  {left}" in desk.pytest()
    desk.check("1.2")
    assert "Still to be written:\n  question 1.2: Scale.forward, Scale.backward\n" in desk.said


def test_a_question_does_not_follow_from_itself(desk):
    """scales_back builds on scales, which is of the same question: there is nothing else to mend first."""
    desk.solve("self.k = k", "self.k = 3 * k + 1")
    desk.check("1.2")
    assert "\n0 of 2 checks pass here." in desk.said and "may follow" not in desk.said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["9.9"], "9.9 is neither a question nor a .py or .ipynb file.\nusage: python check.py"),
        (
            ["--faster"],
            "usage: python check.py [FILE] [QUESTION ...] [--html [PAGE.html]] [--json]    questions: 1.1 1.10 1.2\n",
        ),
        (["a.py", "b.py"], "usage: "),
        (["nowhere.py"], "nowhere.py cannot be read (No such file or directory).\n"),
    ],
)
def test_bad_usage_is_a_sentence(desk, arguments, says):
    desk.check(*arguments)
    assert desk.status == 2 and desk.said == "" and says in desk.errors and "Traceback" not in desk.errors


def test_help(desk):
    assert desk.check("--help").startswith("usage: ") and desk.status == 0


def test_json(desk):
    desk.solve(DOUBLE, "return 3 * np.asarray(x)")
    verdicts = desk.verdicts("1.1")
    assert list(verdicts) == ["doubles", "leaves_x_alone"] and desk.status == 1
    doubles = verdicts["doubles"]
    assert (doubles["outcome"], doubles["passed"], doubles["cases"], doubles["question"]) == ("wrong", 0, 3, "1.1")
    assert doubles["message"].startswith("Your answer is wrong in 3 of 3 entries")


def test_a_mistake_that_is_known_gets_its_hint(desk):
    desk.solve(DOUBLE, "return 3 * np.asarray(x)")
    assert "\n      Hint: Times what?\n" in desk.check("doubles")


# Which file


def test_the_file_that_was_worked_in(desk):
    desk.write("tdh.ipynb", desk.made.notebook())
    assert "Looking at tdh.ipynb (you have worked in it)" in desk.check("1.1")
    desk.solve()
    os.utime(desk.folder / "tdh.ipynb", (1, 1))
    assert "Looking at tdh.py (of the two that you have worked in, it was saved last)" in desk.check("1.1")
    assert "There is code of yours in tdh.ipynb too, which is not looked at: hand in tdh.py alone." in desk.said
    os.utime(desk.folder / "tdh.py", (0, 0))
    assert "Looking at tdh.ipynb (of the two" in desk.check("1.1") and "saved 1970-01-01" in desk.said
    (desk.folder / "tdh.py").unlink()
    assert "Looking at tdh.ipynb (it is the only one)" in desk.check("1.1")


def test_a_stub_that_an_editor_saved_again_is_a_stub(desk):
    path = desk.folder / "tdh.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"  \r\n") + b"\r\n\r\n")
    desk.write("tdh.ipynb", desk.made.notebook())
    assert "Looking at tdh.ipynb (you have worked in it)" in desk.check("1.1")


def test_a_broken_notebook(desk):
    desk.write("tdh.ipynb", '{"cells": [')
    desk.check()
    says = "tdh.ipynb cannot be read as a notebook: its JSON breaks off or has an error at line 1."
    assert (desk.status, desk.said, desk.errors) == (2, "", says + "\n")
    desk.pytest()
    assert desk.status == 2 and says in desk.said and len(desk.said.splitlines()) < 8
    desk.solve()  # what is worked in is beside it
    assert says in desk.check() and "Looking at tdh.py (you have worked in it)" in desk.said and desk.status == 0


def test_no_file(desk):
    (desk.folder / "tdh.ipynb").unlink()
    (desk.folder / "tdh.py").rename(desk.folder / "tdh (1).py")
    desk.check()
    assert desk.errors.startswith("There is no tdh.py and no tdh.ipynb in ") and desk.status == 2
    assert desk.errors.endswith('Is it one of these? python check.py "tdh (1).py"\n')
    assert "question 1.1: double" in desk.check("tdh (1).py", "1.1")
    (desk.folder / "tdh (1).py").unlink()
    desk.check()
    assert desk.errors.endswith(": put your file there.\n")
    desk.pytest()
    assert desk.status == 2 and ": put your file there." in desk.said


# What is in the file


def test_a_syntax_error_is_quoted_with_its_line(desk):
    path = desk.solve("self.k = k\n", "self.k == = k\n")
    line = path.read_text().splitlines().index("        self.k == = k") + 1
    quoted = f"(`class Scale:`) is not Python: invalid syntax (line {line}). It was left out."
    desk.check("1.2")
    assert desk.said.count(quoted) == 3 and "There is no `Scale`: The block at line" in desk.said
    desk.pytest("-k", "1.2")
    assert quoted in desk.said and "There is no `Scale`: The block at line" in desk.said
    desk.check("1.1")
    assert desk.status == 0 and quoted in desk.said


def test_cells_and_lines_of_a_notebook(desk):
    desk.write(
        "tdh.ipynb",
        notebook("!pip install torch\nimport numpy as np", "def double(x):\n    return 2 * x + z", "z = 1/0"),
    )
    for said in (desk.check("1.1"), desk.pytest("-k", "1.1-")):
        assert "The command !pip install torch (cell 1, line 1) is not Python and was not run." in said
        assert "NameError: name 'z' is not defined at cell 2, line 2: `return 2 * x + z`. The block at cell 3" in said
    assert "tdh.ipynb[cell 2]:2: in double\n    return 2 * x + z" in said


def test_what_the_grader_does_not_have_is_refused(desk, tmp_path):
    (tmp_path / "site" / "torch").mkdir(parents=True)
    (tmp_path / "site" / "torch" / "__init__.py").write_text("nn = 3\n")
    desk.solve("import numpy as np", "import numpy as np\nfrom torch import nn")
    desk.run("-c", "from torch import nn; print(nn)", PYTHONPATH=str(tmp_path / "site"))
    assert desk.said == "3\n"
    for command in (["check.py"], ["-m", "pytest", "-q"]):
        desk.run(*command, PYTHONPATH=str(tmp_path / "site"))
        assert "(`from torch import nn`) raised ModuleNotFoundError: the grader does not have 'torch'" in desk.said


def test_own_modules_are_to_be_handed_in(desk):
    desk.write("helper.py", "two = 2\n")
    desk.solve("import numpy as np", "import numpy as np\nfrom helper import two")
    assert "tdh.py imports helper.py: hand that in too." in desk.check("1.1") and desk.status == 0
    desk.solve()
    assert "helper" not in desk.check("1.1")


def test_data_are_beside_the_file_wherever_one_stands(desk, tmp_path):
    desk.solve(DOUBLE, "return 2 * x + 0 * len(open('numbers.txt').read())")
    assert desk.run(desk.folder / "check.py", "1.1", cwd=tmp_path) and desk.status == 0
    desk.run("-m", "pytest", "-q", desk.folder, cwd=tmp_path)
    assert desk.status == 0, desk.said


def test_newer_syntax_than_the_graders_is_said(desk, pythons):
    python = pythons.get("3.13")
    desk.solve("class Scale", "def first[T](x: T) -> T:\n    return x\n\nclass Scale")
    desk.check(python=python)
    assert "Warning: the block at line " in desk.said and "newer Python than the grader's 3.11." in desk.said
    desk.solve("class Scale", "name = f'{'a'}'\n\nclass Scale")
    assert "newer Python than the grader's" in desk.check(python=python)
    desk.solve()
    assert "newer" not in desk.check(python=python)


# What happens in it


def test_a_loop_is_stopped_at_the_limit(desk):
    desk.solve("return float(np.mean(x))", "while True: pass")
    started = time.monotonic()
    desk.check()
    assert time.monotonic() - started < 10 and desk.status == 1
    assert "Your code took longer than the 1 s that it has: is there a loop that never ends?" in desk.said
    assert "\n4 of 5 checks pass here." in desk.said


def test_a_check_that_is_nearly_too_slow(desk):
    slow = "import time\n    end = time.time() + 0.25\n    while time.time() < end: pass\n    return float(np.mean(x))"
    desk.solve("return float(np.mean(x))", slow)
    assert "of the 1 s that it has: a slower computer may need more." in desk.check("means") and desk.status == 0


def test_what_a_failing_check_prints(desk):
    desk.solve(DOUBLE, "print('here', len(x)); print('much ' * 1000)\n    return x")
    lines = desk.check("doubles").splitlines()
    assert "      It printed:" in lines and "      | here 3" in lines and "here 1" not in desk.said
    assert len(desk.said) < 3000
    desk.solve(DOUBLE, "print('inside')\n    return 2 * x")
    assert "inside" not in desk.check()


def test_breakpoint_has_nobody_to_ask(desk):
    desk.solve(DOUBLE, "breakpoint()\n    return 2 * x")
    assert "Your code raises BdbQuit" in desk.check("doubles")
    assert "breakpoint() stops in `python -m pytest`; here, as at the grader's, nobody is there to answer." in desk.said


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os; os._exit(7)", "Your code ended the Python interpreter (os._exit with status 7)."),
        ("import ctypes; ctypes.string_at(0)", "Your code made the Python interpreter crash (SIGSEGV)."),
    ],
)
def test_a_crash_costs_what_crashes(desk, code, says):
    desk.solve(DOUBLE, f"if len(x) == 1:\n        {code}\n    return 2 * x")
    desk.check("doubles", "means")
    assert f'{says} (case "one"; 2 of 3 cases pass)' in desk.said and "\n1 of 2 checks pass here." in desk.said
    path = desk.solve("class Scale", f"{code}\n\nclass Scale")
    line = path.read_text().splitlines().index(code) + 1
    assert f"The block at line {line} (`{code}`) made the Python interpreter crash" in desk.check()
    assert desk.status == 0


def test_what_the_code_has_started_ends_with_it(desk):
    forks = "import os, time\n    if os.fork() == 0: time.sleep(60)\n    open('forked', 'w').close()\n    os._exit(3)"
    desk.solve("return float(np.mean(x))", forks)
    process = desk.start("check.py", "means")
    said, errors = process.communicate(timeout=20)
    assert errors == b"" and b"(os._exit with status 3)" in said and (desk.folder / "forked").exists()
    wait(lambda: not running(desk.folder))


def test_ctrl_c_stops_it_with_a_word(desk):
    desk.solve("return float(np.mean(x))", "while True: pass")
    process = desk.start("-u", "check.py")
    for line in process.stdout:
        if line.startswith(b"ok") and b"1.1 " in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert errors.decode() == "\nStopped.\n" and process.returncode == 130


def test_nothing_is_left_when_it_is_killed(desk):
    desk.solve("return float(np.mean(x))", "open('running', 'w').close()\n    while True: pass")
    process = desk.start("check.py", "means")
    wait(lambda: (desk.folder / "running").exists())
    assert running(desk.folder)
    process.kill()
    process.communicate()
    wait(lambda: not running(desk.folder))


def running(folder):
    """Children of check.py in this folder that still run."""
    wanted = f"{folder / 'check.py'}\0--child\0".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if wanted in path.read_bytes():
                found.append(path)
    return found


def wait(until, seconds=20):
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_reader_that_goes_away(desk):
    process = desk.start("check.py")
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b"" and process.wait(20) == 1
    process.stderr.close()
