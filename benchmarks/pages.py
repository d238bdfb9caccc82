"""How long pages take: a feedback page, in milliseconds; then the report of a large class (`class_report.py`).

    python benchmarks/pages.py [--rounds 5]

The sample class of td2 is graded once (`make demo` grades the same), then each student's page is made again and again
from the gradebook, as `surdix grade` and `surdix export` make it. The first round is told apart: it loads the TD, puts
public cases to the reference, and imports what pictures are drawn with.
The bar is held: above it, the exit status is 1. Times are the processor's: what else the machine does is not in them.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.cli.results import opened

ROOT = Path(__file__).resolve().parents[1]

BAR = 10.0  # milliseconds a feedback page, median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        median = feedback(Path(scratch), arguments.rounds)
    sys.stdout.flush()
    above = subprocess.run([sys.executable, ROOT / "benchmarks" / "class_report.py"], check=False).returncode
    if median > BAR:
        sys.exit(f"pages: above the bar: a feedback page takes {median:.1f} ms, {median / BAR:.1f} times the bar")
    sys.exit(above)


def feedback(scratch: Path, rounds: int) -> float:
    """Print the time of a feedback page, and its size; returns the median time in milliseconds."""
    submissions, results = scratch / "class", scratch / "results"
    _run("tests.golden.build", submissions, "--sample")
    _run("grader", "grade", "td2", submissions, "--out", results)
    with opened(results) as graded:
        times: list[list[float]] = []
        sizes = []
        for _ in range(rounds + 1):
            times.append([])
            for report in graded.reports:
                start = time.process_time()
                page = graded.page(report)
                times[-1].append(1000 * (time.process_time() - start))
                sizes.append(len(page))
    again = [value for one in times[1:] for value in one]
    low, median, high = statistics.quantiles(again, n=4)
    print(f"feedback pages: {len(graded.reports)} students, {rounds} rounds after the first")
    print(f"  first round   {sum(times[0]):8.0f} ms in all")
    print(f"  a page        {median:8.1f} ms median ({low:.1f} to {high:.1f}), {max(again):.1f} at most")
    print(f"  of the bar    {median / BAR:8.2f} of {BAR:.0f} ms")
    print(f"  its size      {max(sizes) / 1000:8.0f} kB at most")
    return median


def _run(module: str, *arguments: object) -> None:
    """Run a module as a command; 1 says that somebody needs a person, as some of the sample do."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)


if __name__ == "__main__":
    main()
