"""A check's forks by themselves."""

import socket
import time

import pytest

from grader.sandbox.inside import forks
from student_template.runner import loading, probing, reading

JOB = {"answer": 1 << 20, "printed": 1000}


def asked(source, seconds, meanwhile):
    """How the forks of a check with one case end."""
    cells, _ = reading.read("a.py", source.encode())
    loaded = loading.load(reading.blocks(cells), "a", file="a.py", printed=loading.Printed(1000))
    probe = probing.Probe("f", lambda td: td.f(), ())
    ours, theirs = socket.socketpair()
    with ours, theirs:
        question = {"cases": [{}], "seconds": seconds}
        printed = loading.Printed(JOB["printed"])
        succession = forks.Succession(forks.sweep_nothing, lambda: None)
        parts = forks.in_forks(forks.Session(ours, loaded, JOB, printed, succession, meanwhile), probe, question)
        return [part["how"] for part in parts]


@pytest.mark.parametrize(
    ("body", "how"),
    [("return 1", "done"), ("import time; time.sleep(5)", "time"), ("import os; os._exit(3)", "status 3")],
)
def test_what_was_written_in_time_counts_however_late_it_is_read(body, how):
    assert asked(f"def f():\n    {body}\n", 0.3, lambda: time.sleep(0.5)) == [how]
