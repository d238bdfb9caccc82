"""What a submission does to itself costs it that check, or that block, and nothing else. Both tiers."""

import numpy as np
import pytest

from student_template.runner import codec
from tests.sandbox.conftest import X, outcomes

GOOD = "def second(x):\n    return 2 * x\n"


def value(run, check="second", case=0):
    return codec.decode(run.checks[check].public[case].value)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("return x + 1", "value"),
        ("raise ValueError('no')", "error"),
        ("raise NotImplementedError('question 1: first')", "missing"),
        ("while True: pass", "timeout"),
        ("import time; time.sleep(60)", "timeout"),
        ("sum(range(10**12))", "timeout"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os._exit(3)", "crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import sys; sys.exit(1)", "error"),
        ("return np.ones(10**9)", "memory"),
        ("return [0] * 10**9", "memory"),
        ("return np.zeros(4 * 10**6)", "wrong"),
        ("return object()", "wrong"),
        ("return first", "wrong"),
        ("import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)", "forbidden"),
        ("import ctypes; ctypes.CDLL(None).unshare(0x10000000)", "forbidden"),
        ("open('/surdix/x', 'w')", "error"),
        ("open('big', 'wb').write(bytes(20 << 20)); return x", "error"),
        ("import os\n    while True: os.fork()", "error"),
        ("return input('x?')", "error"),
        ("print('x' * 10**8); return x", "value"),
        ("import os\n    if os.fork() == 0:\n        while True: pass\n    return x", "value"),
    ],
)
def test_a_check_costs_itself_only(grade, body, outcome):
    run = grade(f"import numpy as np\n\ndef first(x):\n    {body}\n\n{GOOD}")
    assert outcomes(run) == [outcome]
    assert np.array_equal(value(run), 2 * X)
    assert run.died == 0 and not run.crashed


def test_a_crash_costs_its_case_and_a_timeout_the_rest(grade):
    second_case = "import os\ndef first(x):\n    if x[0, 0] == 1:\n        {}\n    return x\n" + GOOD
    assert outcomes(grade(second_case.format("os._exit(1)"), cases=3)) == ["value", "crashed", "value"]
    loop = grade(second_case.format("while True: pass"), cases=3)
    assert outcomes(loop) == ["value", "timeout", "timeout"]
    assert loop.checks["first"].seconds < 3.0


def test_state_that_a_check_scribbles_on_is_not_seen_by_the_next(grade):
    run = grade(
        "n = [0]\ndef first(x):\n    n[0] += 1\n    return n[0]\ndef second(x):\n    n[0] += 1\n    return n[0]\n"
    )
    assert value(run, "first") == 1 and value(run, "second") == 1


@pytest.mark.parametrize(
    ("block", "why", "died"),
    [
        ("import os; os._exit(1)", "died", 1),
        ("import ctypes; ctypes.string_at(0)", "died", 1),
        ("while True: pass", "time", 1),
        ("import sys; sys.exit(0)", "raised", 0),
        ("raise KeyError('x')", "raised", 0),
        ("import torch", "raised", 0),
        ("def broken(:\n    pass", "syntax", 0),
    ],
)
def test_a_block_that_fails_is_left_out_and_the_rest_counts(grade, block, why, died):
    run = grade(f"{block}\n\ndef first(x):\n    return x\n\n{GOOD}")
    assert [item["why"] for item in run.loaded["left_out"]] == [why]
    assert run.loaded["left_out"][0]["line"] == 1
    assert outcomes(run) == ["value"]
    assert run.died == died and not run.crashed


def test_three_deaths_and_a_person_has_to_look(grade):
    run = grade("import os\nos._exit(1)\nos._exit(1)\nos._exit(1)\n" + GOOD)
    assert run.crashed and run.died == 3


def test_a_file_that_trains_for_long_at_top_level_loads_in_two_tries(grade):
    run = grade("import time\n" + "time.sleep(3)\n" * 5 + "def first(x):\n    return x\n" + GOOD)
    assert run.died == 1
    assert {item["why"] for item in run.loaded["left_out"]} == {"time", "late"}
    assert outcomes(run) == ["value"]


def test_own_files_can_be_imported_and_stand_ins_do_nothing(grade):
    run = grade(
        "import helper\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(1, 2)\nax[0].plot([1, 2])\nplt.show()\n"
        "from tqdm import tqdm\nfor i in tqdm(range(3)): pass\n"
        "def first(x):\n    return helper.double(x) + i\n" + GOOD,
        others={"helper.py": b"def double(x):\n    return 2 * x\n"},
    )
    assert run.loaded["left_out"] == []
    assert np.array_equal(value(run, "first"), 2 * X + 2)


def test_what_is_printed_is_kept_up_to_a_limit(grade, sandbox):
    run = grade("print('hello')\ndef first(x):\n    print('y' * 10**8)\n    return x\n" + GOOD)
    assert run.printed == "hello\n"
    assert len(run.checks["first"].printed) == sandbox.assignment.limits.printed
