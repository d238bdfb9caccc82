"""What `python check.py` watches: a child is ended whatever was interrupted before."""

import subprocess
import sys
import time

from student_template.runner.watched import _Watched


def child(code):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", code], start_new_session=True, **pipes)


def test_a_child_is_ended_where_an_interrupt_has_left_its_lock_taken():
    """Ctrl-C inside `Popen.poll` does that: once in some hundred times that a student pressed it, check.py hung."""
    endless = child("while True: pass")
    with endless._waitpid_lock:
        started = time.monotonic()
        _Watched(endless).end()
        assert time.monotonic() - started < 15
    assert endless.wait(20) < 0


def test_how_a_child_ended_is_known_after_all_that_it_said():
    watched = _Watched(child("print('{\"block\": 3}'); print('no line of ours', flush=True); raise SystemExit(7)"))
    assert watched.lines.get(timeout=20) == {"block": 3}
    assert watched.lines.get(timeout=20) is None
    finding = watched.finding()
    assert (finding.outcome, finding.key, finding.values) == ("crashed", "ended", {"how": "7"})
    assert watched.has_ended()
    watched.end()
