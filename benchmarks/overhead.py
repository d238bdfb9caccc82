"""What isolation costs: where the milliseconds of a submission go, and what a class of a thousand takes.

    python benchmarks/overhead.py [--runs 40] [--most 1000]

Everything is measured in one run, in rounds that take each way in turn, and medians are printed with their quartiles:
machines differ, ratios less. The assignment is `peers/`: four checks, one of which trains for some 36 ms. "Bare" is the
same: the file loaded and the same cases put to it, in this process. One BLAS thread everywhere.

What no isolation by processes can be cheaper than is measured too: a fork of a process with numpy in it, that ends at
once. Peers that start a process for each submission cannot avoid python with numpy from cold.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from grader import batch
from grader.authoring import load
from grader.contract import Submission
from grader.gradebook.gradebook import Gradebook
from grader.judging import expected
from grader.judging.judge import judge
from grader.local import Threads
from grader.pipeline import Marking, prepare
from grader.sandbox import dialogue
from grader.sandbox.tiers import open_sandbox
from student_template.runner import loading, reading

COURSE = Path(__file__).resolve().parent / "peers"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--most", type=int, default=1000, help="submissions of the largest class")
    arguments = parser.parse_args()
    loaded = load.load(COURSE, "network")
    marking = prepare(loaded, b"benchmark", mistakes=False)
    source = next(iter(loaded.sources.values())).encode()
    one_submission(marking, source, arguments.runs)
    classes(marking, source, arguments.most)


def one_submission(marking: Marking, source: bytes, runs: int) -> None:
    """Print what each step costs, warm and cold, beside the bare computation."""
    assignment = marking.assignment
    submission = Submission("bench", "bench", assignment.file, source)
    probes = expected.probes(assignment.probes, assignment.checks)
    quick = min(marking.questions, key=lambda question: len(question.message))

    def bare_load() -> loading.Loaded:
        cells, _ = reading.read(assignment.file, source)
        return loading.load(reading.blocks(cells), assignment.module, file=assignment.file)

    def bare(check_ids: set[str]) -> None:
        module = bare_load().module
        for check in assignment.checks:
            if check.id in check_ids:
                expected.answers(probes[check.id], module, marking.public[check.id])
                expected.answers(probes[check.id], module, marking.hidden[check.id])

    fork = Forker()
    every = {check.id for check in assignment.checks}
    with open_sandbox("warm", assignment) as warm, open_sandbox("cold", assignment) as cold:
        run = dialogue.run(warm, submission, marking.questions)

        def jail() -> None:
            with warm.session():
                pass

        def judged() -> None:
            judge(assignment, run, marking.expectations, marking.functions, marking.hints)

        times = measured(
            {
                "fork": fork,
                "python": python_and_numpy,
                "jail": jail,
                "bare load": bare_load,
                "bare one": lambda: bare({quick.check.id}),
                "bare": lambda: bare(every),
                "load": lambda: dialogue.run(warm, submission, ()),
                "one": lambda: dialogue.run(warm, submission, [quick]),
                "all": lambda: dialogue.run(warm, submission, marking.questions),
                "judge": judged,
                "cold load": lambda: dialogue.run(cold, submission, ()),
                "cold all": lambda: dialogue.run(cold, submission, marking.questions),
            },
            runs,
        )
    fork.end()
    middle = {name: statistics.median(values) for name, values in times.items()}
    checks = len(assignment.checks)
    a_submission = middle["load"] - middle["bare load"]
    a_check = (middle["all"] - middle["bare"] - a_submission) / checks
    print(f"One submission of {checks} checks: {runs} interleaved runs, median (quartiles) in milliseconds")
    for text, name in (
        ("a fork of a process with numpy, ended and waited for", "fork"),
        ("python with numpy from cold", "python"),
        ("bare: the file loaded", "bare load"),
        ("bare: all of it", "bare"),
        ("warm: a jail asked for and ended (namespaces, mounts, filter)", "jail"),
        ("warm: and the file loaded in it", "load"),
        ("warm: and one quick check, a fork", "one"),
        ("warm: and all checks", "all"),
        ("cold: the file loaded", "cold load"),
        ("cold: all of it", "cold all"),
        ("judging", "judge"),
    ):
        low, _, high = statistics.quantiles(times[name], n=4)
        print(f"  {text:<64} {middle[name]:8.2f}  ({low:.2f} to {high:.2f})")
    print(f"  over bare, warm: {a_submission:.1f} ms a submission, {a_check:.1f} ms a check")
    a_fork, over = middle["fork"], {way: middle[way] - middle["bare"] for way in ("all", "cold all")}
    print(f"  in forks of this machine: {a_submission / a_fork:.1f} a submission, {a_check / a_fork:.1f} a check")
    print(f"  over bare, all of it: warm {over['all']:.1f} ms, cold {over['cold all']:.1f} ms")
    print(
        f"  ratios to bare: warm {middle['all'] / middle['bare']:.2f}, cold {middle['cold all'] / middle['bare']:.2f}"
    )
    print(f"  bars: a submission {verdict(a_submission, 5.0)}, a check {verdict(a_check, 1.2)}")


def classes(marking: Marking, source: bytes, most: int) -> None:
    """Print what classes of several sizes take from start to end, and the memory of this process after each."""
    print("A class with one job, from opening the sandbox to the gradebook: milliseconds a submission, memory")
    for size in (size for size in (1, 10, 100, 1000) if size <= most):
        submissions = [
            Submission(f"s{number}", "S", marking.assignment.file, source + f"\n# {number}\n".encode())
            for number in range(size)
        ]
        with (
            tempfile.TemporaryDirectory() as folder,
            Gradebook.open(Path(folder) / "gradebook.sqlite", td=marking.assignment.name) as gradebook,
        ):
            started = time.perf_counter()
            batch.grade_all(submissions, marking, gradebook, lambda _: Threads(marking, "warm"))
            seconds = time.perf_counter() - started
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / (1 << 20)
        print(f"  {size:>5} submissions: {1000 * seconds / size:8.1f} ms each, {memory:6.1f} MiB now")


class Forker:
    """A process with numpy and nothing more, which forks when it is told to."""

    CODE = (
        "import os, sys, numpy\n"
        "while sys.stdin.buffer.read(1):\n"
        "    pid = os.fork()\n"
        "    if pid == 0: os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
        "    os.write(1, b'.')\n"
    )

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )

    def __call__(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(b".")
        self.process.stdout.read(1)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def python_and_numpy() -> None:
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def measured(ways: Mapping[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    """Milliseconds of each way, taken in turn."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(runs):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            times[name].append(1000 * (time.perf_counter() - started))
    return times


def verdict(value: float, most: float) -> str:
    return f"{'met' if value <= most else 'NOT met'} ({value:.1f} of {most:.1f} ms)"


if __name__ == "__main__":
    main()
