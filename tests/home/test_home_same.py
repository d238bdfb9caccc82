"""What a student sees at home is what the grader says: the same submissions, at a desk and in the sandbox."""

import concurrent.futures

import pytest

from grader.contract import Submission
from grader.pipeline import grade, prepare
from grader.sandbox.tiers import open_sandbox
from student_template.runner import sentences

DOUBLE = "return 2 * np.asarray(x)"
MEAN = "return float(np.mean(x))"
BACK = "return self.k * grad"
SUBMISSIONS = {  # an edit of the reference, or a text to put before and after it
    "right": ("", ""),
    "wrong": (DOUBLE, "return 3 * np.asarray(x)"),
    "wrong_in_one_case": (DOUBLE, "return 2 * np.asarray(x) + (len(x) == 1)"),
    "a_crash_in_one_case": (DOUBLE, "import os\n    if len(x) == 1: os._exit(3)\n    return 2 * x"),
    "a_crash_in_all_cases": (MEAN, "import ctypes\n    return ctypes.string_at(0)"),
    "an_exit": (DOUBLE, "exit()"),
    "an_exit_with_status_0": (BACK, "import os; os._exit(0)"),
    "an_abort": (BACK, "import os; os.abort()"),
    "a_loop": (BACK, "while True: pass"),
    "a_loop_in_one_case": (MEAN, "while len(x) == 50: pass\n    return sum(x) / len(x)"),
    "sleep": (MEAN, "import time; time.sleep(3)"),
    "memory": (DOUBLE, "return np.ones((1 << 30,))"),
    "writes_into_x": (DOUBLE, "x *= 2\n    return x"),
    "no_return": (DOUBLE, "2 * x"),
    "text": (DOUBLE, "return 'two'"),
    "an_object": (DOUBLE, "return object()"),
    "nan": (DOUBLE, "return x * np.nan"),
    "another_shape": (DOUBLE, "return np.stack([x, x])"),
    "a_list": (DOUBLE, "return [2 * v for v in x]"),
    "float32": (DOUBLE, "return 2 * x.astype('f4')"),
    "an_interrupt": (DOUBLE, "raise KeyboardInterrupt"),
    "an_interrupt_in_loading": ("class Scale", "raise KeyboardInterrupt\n\nclass Scale"),
    "input": (DOUBLE, "return float(input('?')) * x"),
    "breakpoint": (DOUBLE, "breakpoint()\n    return 2 * x"),
    "prints_much": (DOUBLE, "print('x' * 3_000_000)\n    return 2 * x"),
    "recursion": (DOUBLE, "return double(x)"),
    "an_error_that_cannot_be_shown": (DOUBLE, "class E(Exception):\n        __str__ = None\n    raise E"),
    "not_written": (DOUBLE, 'raise NotImplementedError("question 1.1: double")'),
    "gone": ("def double", "def triple"),
    "wrong_backward": (BACK, "return grad"),
    "forward_fails": ("return self.k * x", "raise KeyError(self.k)"),
    "syntax_error": ("class Scale:", "class Scale(:"),
    "syntax_error_inside": ("self.k = k\n", "self.k == = k\n"),
    "no_colon": ("def mean(x: np.ndarray) -> float:", "def mean(x)"),
    "torch": ("import numpy as np", "import numpy as np\nfrom torch import nn"),
    "state": (DOUBLE, "double.n = getattr(double, 'n', 0) + 1\n    return 2 * x + (double.n > 3)"),
    "data": (DOUBLE, "return float(open('numbers.txt').read().split()[1]) * x"),
    "stderr": (DOUBLE, "import sys; sys.stderr.write('x'); sys.stdout.close()\n    return 2 * x"),
    "a_thread": (DOUBLE, "import threading\n    threading.Thread(target=print).start()\n    return 2 * x"),
    "changes_folder": (DOUBLE, "import os; os.chdir('/')\n    return 2 * x"),
    "crash_in_loading": ("class Scale", "import os\nos._exit(4)\n\nclass Scale"),
    "loop_in_loading": ("class Scale", "while True: pass\n\nx = double(2)\n\nclass Scale"),
    "error_in_loading": ("class Scale", "y = double(2) / 0\nraise KeyError(3)\n\nclass Scale"),
    "exit_in_loading": ("class Scale", "exit()\n\nclass Scale"),
    "memory_in_loading": ("class Scale", "big = np.ones(1 << 30)\n\nclass Scale"),
    "three_crashes_in_loading": ("class Scale", "import os\nos._exit(1)\nos._exit(2)\nos._exit(3)\n\nclass Scale"),
    "windows": ("", ""),
    "cp1252": ('"""Twice x."""', '"""Deux fois x, à peu près."""'),
}


def source(made, name):
    old, new = SUBMISSIONS[name]
    text = made.script
    assert old in text
    text = text.replace(old, new, 1) if old else text
    if name == "windows":
        text = "\ufeff" + text.replace("\n", "\r\n")
    return text.encode("cp1252" if name == "cp1252" else "utf-8")


@pytest.fixture(scope="session")
def marking(tiny):
    return prepare(tiny.loaded, b"s" * 32)


@pytest.fixture(scope="session")
def sandbox(tiny):
    with open_sandbox("best", tiny.loaded.assignment) as sandbox:
        yield sandbox


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_home_and_grader_agree(name, tiny, marking, desk, sandbox):
    desk.write("tdh.py", source(tiny, name))
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        home = pool.submit(desk.verdicts)
        _, report = grade(sandbox, Submission(name, name, "tdh.py", source(tiny, name)), marking)
    for verdict in report.verdicts:
        at_home, public, message = home.result()[verdict.id], verdict.public, verdict.message
        told = (at_home["outcome"], at_home["passed"], at_home["cases"])
        assert told == (public.outcome.value, public.passed, public.cases), verdict.id
        if message.values.get("public") and name != "an_exit":
            assert at_home["message"] == sentences.say(message.key, message.values), verdict.id


def test_a_notebook_is_graded_as_the_script(tiny, marking, desk, sandbox):
    desk.write("tdh.ipynb", tiny.notebook())
    home = desk.verdicts("tdh.ipynb")
    _, report = grade(sandbox, Submission("n", "n", "tdh.ipynb", tiny.notebook().encode()), marking)
    assert report.score == 10
    assert {name: verdict["outcome"] for name, verdict in home.items()} == {v.id: "pass" for v in report.verdicts}
