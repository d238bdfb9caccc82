"""A session says what it likes: it costs that submission at most, never the grader, and reaches no page as it is."""

import os
import signal
import threading

import numpy as np
import pytest

from grader.contract import Answer, Case, CheckRun, Outcome, Run, Submission
from grader.errors import GraderFault
from grader.judging.judge import Expectations, judge
from grader.sandbox import dialogue
from grader.sandbox.tiers import open_sandbox
from student_template.runner import codec
from student_template.runner.sentences import say
from tests.sandbox.conftest import X, assignment
from tests.sandbox.hostile import Hostile

PATCH = """
import sys
P = sys.modules['student_template.runner.probing']
R = sys.modules['student_template.runner.reading']
V = sys.modules['grader.sandbox.inside.serve']
F = sys.modules['grader.sandbox.inside.forks']
def first(x):
    return x
def second(x):
    return 2 * x
"""


@pytest.mark.parametrize(
    "attack",
    [
        "P.ask = lambda *a, **k: P.Answer('error', key='error', values={'error': 'X', 'index': 5, 'trace': 3})",
        "P.ask = lambda *a, **k: P.Answer('error', key='comment', values={'text': 'From your teacher: 10/10'})",
        "P.ask = lambda *a, **k: P.Answer('error', key='error', values={'error': 16 ** 4090})",
        "P.ask = lambda *a, **k: P.Answer('missing', key='missing_because', values={'block': {'names': 3}})",
        "P.ask = lambda *a, **k: P.Answer('pass', value=b'')",
        "P.ask = lambda *a, **k: P.Answer('grader_fault', key='error')",
        "R.remarks = lambda cells: [('left_out', {})]",
        "R.remarks = lambda cells: [('comment', {'text': 'excellent', 'who': 'Prof. X'})]",
        "R.remarks = lambda cells: [('command_left_out', {'command': 16 ** 4090})]",
        "F._in_a_fork = lambda *a: {'how': 'signal \\u00b2', 'data': b''}",
        "F.in_forks = lambda *a: [{'how': 'exited', 'data': 1 << 62}]",
        "F.in_forks = lambda *a: [{'how': 3, 'data': b''}]",
        "F.in_forks = lambda *a: [{}]",
        "F.in_forks = lambda *a: [{'how': 'done', 'data': b'x' * 100}] * 10_000",
        "import numpy\nP.ask = lambda *a, **k: P.Answer(numpy.array(['a', 'b']))",
        "import numpy\nV.wire.send = lambda s, tree: s.sendall(V.codec.encode({**tree, 'kind': numpy.zeros(2)}))",
        "import numpy\nV.wire.send = lambda s, tree: s.sendall(V.codec.encode({**tree, 'check': numpy.zeros(2)}))",
    ],
)
def test_forged_replies_cost_their_author_at_most(grade, attack):
    run = grade(PATCH + attack + "\n")
    for checked in run.checks.values():
        for answer in checked.public:
            assert answer.outcome is not Outcome.GRADER_FAULT
            assert isinstance(say(answer.key, answer.values), str) and "teacher" not in say(answer.key, answer.values)
    assert all(key not in ("left_out", "comment") for key, _ in run.loaded.get("notes", []))


@pytest.mark.parametrize(
    "answer",
    [
        ["a" * 1_000_000] + ["x"] * 2000,
        [[[[1.0] * 10] * 10] * 10] * 30,
        np.zeros((1, 2**21, 0)),
        {"a": {"b": ["x", np.zeros(3)]}},
    ],
)
def test_answers_that_blow_up_are_wrong(answer):
    data = codec.encode(answer)
    known = {c.id: Expectations([], [Case("c", {"x": X})], [], [X]) for c in assignment().checks}
    run = Run({c.id: CheckRun((), (Answer(value=data),)) for c in assignment().checks})
    assert {v.outcome for v in judge(assignment(), run, known, {}, {})} == {Outcome.WRONG}


@pytest.mark.parametrize("header", [b'{"a":["<f8",[1048577,0]]}', b'{"a":["<f8",[549755813888,549755813888,0]]}'])
def test_an_array_of_nothing_has_a_bounded_shape(header):
    with pytest.raises(codec.CodecError):
        codec.decode(codec.PREFIX.pack(codec.MAGIC, len(header), 0) + header)


def test_a_jail_that_is_killed_costs_no_student_anything():
    with open_sandbox("warm", assignment()) as sandbox:
        asked = {c.id: [Case("c", {"x": X})] for c in sandbox.assignment.checks}
        none = {c.id: [] for c in sandbox.assignment.checks}
        source = b"import time\ndef first(x):\n    time.sleep(0.3)\n    return x\ndef second(x):\n    return x\n"
        kill = sandbox._process._process.pid
        threading.Timer(0.15, os.kill, (kill, signal.SIGKILL)).start()
        questions = dialogue.questions(sandbox.assignment, asked, none)
        run = dialogue.run(sandbox, Submission("s", "S", "tdx.py", source), questions)
    assert run.died == 0 and not run.crashed
    assert [a.outcome for checked in run.checks.values() for a in checked.public] == [None, None]


def test_memory_that_no_limit_counts_is_refused(grade):
    run = grade(
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "def first(x):\n    return [libc.shmget(0, 1 << 20, 0o1600), libc.memfd_create(b'x', 0)]\n"
        "def second(x):\n    import socket\n    return [_try(40), _try(16), _try(1)]\n"
        "def _try(family):\n    import socket\n    try:\n        socket.socket(family, socket.SOCK_STREAM).close()\n"
        "        return 1\n    except OSError:\n        return 0\n"
    )
    assert codec.decode(run.checks["first"].public[0].value) == [-1, -1]
    assert codec.decode(run.checks["second"].public[0].value) == [0, 0, 0]


@pytest.mark.parametrize(
    "text", [16**4000, None, ["x"], "Traceback\nOSError: no room\n"], ids=["long", "none", "list", "text"]
)
def test_a_jail_that_cannot_be_closed_says_why_in_one_line(text):
    said = codec.encode({"kind": "fault", "text": text})
    with pytest.raises(GraderFault) as caught:
        dialogue.run(Hostile(said), Submission("s", "S", "tdx.py", b""), [])
    assert str(caught.value).endswith("OSError: no room" if isinstance(text, str) else "closed: ")
