"""What isolation costs: milliseconds a submission and a check, warm and cold, beside the bare computation.

    python benchmarks/overhead.py [--runs 15]

One run measures everything, interleaved, and prints medians and ratios: machines differ, ratios less. The submission
is td2's reference; "bare" is the same cases put to the same module in this very process. Peers that start a process
for each submission are represented by what they cannot avoid: python with numpy from cold, and pytest from cold.
One BLAS thread everywhere.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

from grader.authoring import load
from grader.contract import Submission
from grader.judging import expected
from grader.pipeline import prepare
from grader.sandbox import dialogue
from grader.sandbox.tiers import open_sandbox

COURSE = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    loaded = load.load(COURSE, "td2")
    marking = prepare(loaded, b"benchmark", mistakes=False)
    assignment = loaded.assignment
    probes = expected.probes(assignment.probes, assignment.checks)
    source = next(iter(loaded.sources.values())).encode()
    submission = Submission("bench", "bench", assignment.file, source)
    nothing = {check.id: () for check in assignment.checks}
    quick = min(assignment.checks, key=lambda check: len(check.parameters))
    one = {**nothing, quick.id: marking.public[quick.id]}
    one_question = dialogue.questions(assignment, one, nothing)

    def bare() -> None:
        for check in assignment.checks:
            for cases in (marking.public, marking.hidden):
                expected.answers(probes[check.id], loaded.reference, cases[check.id])

    def bare_one() -> None:
        expected.answers(probes[quick.id], loaded.reference, one[quick.id])

    environment = {**os.environ, "PYTHONPATH": str(COURSE)}

    def python_and_numpy() -> None:
        subprocess.run([sys.executable, "-c", "import numpy"], check=True, env=environment)

    def pytest_from_cold() -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "test_one.py").write_text("import numpy\n\ndef test_one():\n    pass\n")
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder]
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, cwd=folder)

    with open_sandbox("warm", assignment) as warm, open_sandbox("cold", assignment) as cold:
        ways: dict[str, Callable[[], object]] = {
            "no check: warm": lambda: dialogue.run(warm, submission, ()),
            "no check: cold": lambda: dialogue.run(cold, submission, ()),
            "one check: bare": bare_one,
            "one check: warm": lambda: dialogue.run(warm, submission, one_question),
            "one check: cold": lambda: dialogue.run(cold, submission, one_question),
            "all checks: bare": bare,
            "all checks: warm": lambda: dialogue.run(warm, submission, marking.questions),
            "all checks: cold": lambda: dialogue.run(cold, submission, marking.questions),
            "peer: python + numpy from cold": python_and_numpy,
            "peer: python + numpy + pytest from cold": pytest_from_cold,
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for way in ways.values():
            way()
        for _ in range(runs):
            for name, way in ways.items():
                started = time.perf_counter()
                way()
                times[name].append(1000 * (time.perf_counter() - started))
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"td2: {len(assignment.checks)} checks, {runs} interleaved runs, medians")
    for name, value in median.items():
        print(f"  {name:<42} {value:8.1f} ms   (from {min(times[name]):.1f} to {max(times[name]):.1f})")
    checks = len(assignment.checks)
    warm_all, bare_all, cold_all = (median[f"all checks: {way}"] for way in ("warm", "bare", "cold"))
    print(f"  a submission costs {median['no check: warm']:.1f} ms warm, {median['no check: cold']:.1f} ms cold")
    print(f"  a check costs {(warm_all - bare_all - median['no check: warm']) / checks:.1f} ms more than bare, warm")
    print(f"  ratios to the bare computation: warm {warm_all / bare_all:.2f}, cold {cold_all / bare_all:.2f}")
    print(f"  cold / warm, no check: {median['no check: cold'] / median['no check: warm']:.1f}")


if __name__ == "__main__":
    main()
