"""A larger class takes no more memory: nothing of a submission or its report is held once it has been written.

Each submission is 100 kB and its report some 30 kB, in a process of its own whose largest size is looked at. Where
they were all held at once, 120 more would take over 15 MB.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST = 5 << 20  # bytes that 120 more students may take
GRADE = """
import resource, sys
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from grader import batch
from grader.cli.grade import write
from grader.contract import CheckRun, Answer, Note, Outcome, Report, Run, Share, Status, Verdict
from grader.gradebook.digest import submission_id
from grader.gradebook.gradebook import Gradebook
from grader.intake import take
from grader.pipeline import Marking
from tests.intake.intake_samples import make_assignment

given, out, assignment = Path(sys.argv[1]), Path(sys.argv[2]), make_assignment()


class Ready:
    "An engine that has run everything already."

    width = 2

    def submit(self, submission):
        def verdict(number):
            share = Share(Outcome.WRONG, 1, 2, 0.5)
            values = {"case": "plain", "error": float(submission.student_id) + number, "x": [1.5] * 200}
            said = Note("differs", values)
            return Verdict(f"check{number}", "2.1", 0.5, 1.0, Outcome.PARTIAL, share, share, said, seconds=0.01)

        verdicts = tuple(map(verdict, range(10)))
        report = Report(
            submission.student_id, "", Status.GRADED, 5.0, 5.0, 10.0, verdicts, picked=submission.picked,
            submission_id=submission_id(submission, "td2"), assignment_version="1", sandbox="warm",
        )
        run = Run({f"check{number}": CheckRun((Answer(value=b"x" * 1000),), ()) for number in range(10)})
        future = Future()
        future.set_result(batch.Graded(run, report, batch.utc_now(), batch.utc_now()))
        return future


@contextmanager
def ready(work):
    yield Ready()


taken = take(given, assignment)
marking = Marking(assignment, {}, {}, {}, {}, {}, ())
with Gradebook.open(out / "gradebook.sqlite", td="td2") as gradebook:
    became = batch.grade_all(taken.submissions, marking, gradebook, ready)
    reports = write(out, gradebook, assignment)
assert became.total() == len(reports) == len(list((out / "results").iterdir()))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def most_memory(folder, count):
    """Of a process that grades so many, in bytes."""
    for number in range(count):
        path = folder / "class" / f"{1000 + number}" / "td2.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"def softmax(z):\n    return {number}\n" + f"# {'a long thought ' * 100}\n" * 70)
    done = subprocess.run(
        [sys.executable, "-c", GRADE, str(folder / "class"), str(folder / "out")],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
def test_memory_stays_as_it_is_for_a_larger_class(tmp_path):
    small, large = most_memory(tmp_path / "small", 30), most_memory(tmp_path / "large", 150)
    assert large - small < MOST, f"{(large - small) >> 20} MB for 120 students more"
