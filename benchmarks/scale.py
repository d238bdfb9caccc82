"""How grading grows: with the class on one machine, with workers on this one, and, simulated, on a thousand.

    python benchmarks/scale.py [--most 10000] [--workers 1 2 4] [--tasks 300]

Measured, in one run, on td2's cheap checks (seven, of softmax and of Linear's parameters and forward pass) and copies
of its golden submissions, each a little other:

    classes   `take`, `grade_all` and the results, without pages, for N submissions, each N in a process of its own:
              time, the process's largest memory, and the share of the time that SQLite takes (and what of it is its
              own work: else it waits for a processor, which the sandboxes use), and result files
    workers   the rate of a class on `--cluster local:W`, from the first result to the last
    costs     what the one command pays for each submission: recording (an engine that has the answer already) and
              sending (dask's client and scheduler, in this process, with workers that answer at once)

Simulated, from the costs: W workers, each busy for a time drawn from those measured, and one server for what the
command and the scheduler do. Here both are in one process; on a cluster the scheduler has a processor of its own,
so this is the worse case.
"""

from __future__ import annotations

import argparse
import builtins
import functools
import heapq
import json
import os
import pickle
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # tests, for the golden submissions

import class_of

from grader import batch
from grader.authoring import load
from grader.cluster import connect
from grader.cluster.engine import Cluster
from grader.cluster.parcel import pack
from grader.contract import Submission
from grader.exports import write
from grader.gradebook.digest import submission_id
from grader.gradebook.gradebook import Gradebook
from grader.intake import file_name, take
from grader.local import Threads
from grader.pipeline import Marking, prepare
from student_template.runner import sentences
from tests.golden import build

TD = "td2"
SECRET = b"benchmark".ljust(32, b".")
SIMULATED = (1, 2, 4, 10, 100, 300, 1000)
MILLION = 1_000_000
BAR_SHARE = 0.05  # of the wall time, for SQLite and result files
BAR_MEMORY = 1.2  # at the largest class, times that at a tenth of it
CUT = "# --- 2.3 Linear"  # of checks.py: what follows is left out
POINTS = re.compile(r"\bpoints=([0-9.]+)")
GOLDEN = ("vectorised", "loops", "einsum", "float32", "compact", "unfinished", "first-part")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=10_000, help="submissions of the largest class")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--tasks", type=int, default=300, help="submissions of a class on workers")
    parser.add_argument("--class-of", type=int, help=argparse.SUPPRESS)  # in a process of its own
    arguments = parser.parse_args()
    with cheap() as loaded:
        if arguments.class_of:
            print(json.dumps(one_class(loaded, arguments.class_of)))
            return
        print(f"MEASURED on {batch.cores()} cores, load average {os.getloadavg()[0]:.1f}")
        met = classes([size for size in (100, 1000, 10_000, 100_000) if size <= arguments.most])
        marking = prepare(loaded, SECRET)
        submissions = [submission(number) for number in range(arguments.tasks)]
        busy = workers(loaded, marking, submissions, arguments.workers)
        recording, size = costs_of_recording(marking, submissions)
        sending, sent, back = costs_of_sending(marking, submissions)
    print("What the one command pays for each submission, in ms")
    print(f"  recording (batch and SQLite)             {1000 * recording:8.2f}   gradebook {size / 1000:.1f} kB")
    print(f"  sending (dask's client and scheduler)    {1000 * sending:8.2f}   {sent} bytes there, {back} back")
    print(f"  a worker is busy for                     {1000 * statistics.median(busy):8.2f}")
    simulated(busy, recording, sending, size)
    sys.exit(0 if met else 1)


@contextmanager
def cheap() -> Iterator[load.Loaded]:
    """td2 with its cheap checks alone, as a course of its own: workers load it from the files that they are sent."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        for name in ("reference", f"assignments/{TD}"):
            shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
        checks = course / "assignments" / TD / "checks.py"
        kept, cut, _ = checks.read_text().partition(CUT)
        if not cut:
            raise SystemExit(f"{TD}'s checks.py has no line {CUT!r} any more: say here where its cheap checks end")
        total = sum(map(float, POINTS.findall(kept)))
        checks.write_text(POINTS.sub(lambda found: f"points={10 * float(found[1]) / total}", kept))
        yield load.load(course, TD)


@functools.cache
def golden() -> tuple[str, ...]:
    """Submissions of the golden ones that are one file."""
    made = build.builder(TD)
    files = [made.files(one) for one in made.data.submission if one.id in GOLDEN]
    return tuple(content.decode() for (content,) in map(dict.values, files))


def submission(number: int) -> Submission:
    text = class_of.edited(golden(), number)
    return Submission(f"s{number:06}", f"Student {number}", f"{TD}.py", text.encode())


# Measured


def classes(sizes: Sequence[int]) -> bool:
    """Print a line for each size; whether the bars are met."""
    print("A class on this machine, results without pages")
    print(
        f"  {'N':>6} {'seconds':>9} {'ms each':>8} {'memory':>10} {'SQLite':>8} {'its own':>8} {'files':>7}"
        f" {'gradebook':>10}"
    )
    found = []
    for size in sizes:
        command = [sys.executable, __file__, "--class-of", str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        one = json.loads(done.stdout)
        found.append(one)
        print(
            f"  {size:>6} {one['seconds']:>9.1f} {1000 * one['seconds'] / size:>8.1f} {one['memory'] / 2**20:>6.0f} MiB"
            f" {one['recording'] / one['seconds']:>8.1%} {one['recording_cpu'] / one['seconds']:>8.1%}"
            f" {one['files'] / one['seconds']:>7.1%}"
            f" {one['gradebook'] / 2**20:>6.1f} MiB",
            flush=True,
        )
    share = (found[-1]["recording"] + found[-1]["files"]) / found[-1]["seconds"]
    print(f"  bar: SQLite and files {share:.1%} of {BAR_SHARE:.0%}: {_met(share <= BAR_SHARE)}")
    if len(found) < 2:
        return share <= BAR_SHARE
    more = found[-1]["memory"] / found[-2]["memory"]
    slower = (found[-1]["seconds"] / sizes[-1]) / (found[-2]["seconds"] / sizes[-2])
    print(
        f"  bar: memory at {sizes[-1]} {more:.2f} of {BAR_MEMORY} times that at {sizes[-2]}: {_met(more <= BAR_MEMORY)}"
    )
    print(f"  a submission of {sizes[-1]} takes {slower:.2f} times one of {sizes[-2]}")
    return share <= BAR_SHARE and more <= BAR_MEMORY


def one_class(loaded: load.Loaded, size: int) -> dict[str, float]:
    """Grade a class of this size, as `surdix grade` does but for pages: seconds, bytes."""
    marking = prepare(loaded, SECRET)
    sentences.add_reasons(loaded.assignment.reasons, loaded.assignment.language)
    timed = {"recording": 0.0, "recording_cpu": 0.0}
    together = Gradebook.together

    @contextmanager
    def recorded(gradebook: Gradebook) -> Iterator[None]:
        start, cpu = time.perf_counter(), time.thread_time()
        with together(gradebook):
            yield
        timed["recording"] += time.perf_counter() - start
        timed["recording_cpu"] += time.thread_time() - cpu

    Gradebook.together = recorded  # type: ignore[method-assign, assignment]
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "class.zip", Path(scratch) / "out"
        class_of.write(folder, f"{TD}.py", golden(), size)
        start = time.perf_counter()
        found = take(folder, loaded.assignment)
        with Gradebook.open(out / "gradebook.sqlite", td=TD) as gradebook:
            batch.grade_all(found.submissions, marking, gradebook, lambda work: Threads(marking, "best", batch.cores()))
            graded = time.perf_counter()
            write.write_all(out, gradebook.each_report(), sentences.say, file_name=file_name)
        end = time.perf_counter()
        size_of_book = (out / "gradebook.sqlite").stat().st_size
    status = Path("/proc/self/status").read_text()
    memory = next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))
    return {**timed, "seconds": end - start, "files": end - graded, "memory": memory, "gradebook": size_of_book}


def workers(
    loaded: load.Loaded, marking: Marking, submissions: Sequence[Submission], counts: Sequence[int]
) -> list[float]:
    """Print the rate on threads and on processes; what one submission keeps a worker busy for, in seconds."""
    print(f"{len(submissions)} submissions on workers of this machine, a second")
    parcel = pack(loaded, SECRET, "best")
    engines: dict[str, Callable[[int], object]] = {}
    for count in counts:
        engines[f"{count} threads"] = lambda work, count=count: Threads(marking, "best", count)
        engines[f"local:{count}"] = lambda work, count=count: Cluster(f"local:{count}", parcel, marking, print)
    busy: list[float] = []
    first = 0.0
    for name, engine in engines.items():
        ends: list[float] = []
        with _gradebook() as gradebook:
            batch.grade_all(submissions, marking, gradebook, engine, progress=functools.partial(_now, ends))
            spent = _spent(gradebook.path)
        rate = (len(ends) - 1) / (ends[-1] - ends[0])
        first = first or rate
        print(f"  {name:<12} {rate:>8.1f}   {rate / first:.2f} times one thread", flush=True)
        if name == f"local:{counts[0]}":
            busy = spent
    return busy


def costs_of_recording(marking: Marking, submissions: Sequence[Submission]) -> tuple[float, float]:
    """Seconds of this process for each submission where the answer is there already, and bytes of the gradebook."""
    canned = _graded(marking)

    class Ready:
        width = 2

        def submit(self, one: Submission) -> Future[batch.Graded]:
            future: Future[batch.Graded] = Future()
            key = submission_id(one, TD)
            future.set_result(
                replace(canned, report=replace(canned.report, student_id=one.student_id, submission_id=key))
            )
            return future

    with _gradebook() as gradebook:
        start = time.perf_counter()
        batch.grade_all(submissions, marking, gradebook, lambda _: nullcontext(Ready()))
        seconds = (time.perf_counter() - start) / len(submissions)
        gradebook.close()
        return seconds, gradebook.path.stat().st_size / len(submissions)


def costs_of_sending(marking: Marking, submissions: Sequence[Submission]) -> tuple[float, int, int]:
    """Seconds of this process for each submission that dask sends to a worker and back, and bytes both ways."""
    canned = _graded(marking)
    with connect.opened("local:2") as client:
        client.run(_keep, canned)
        executor = client.get_executor(pure=False, retries=0)
        list(executor.map(_answer, submissions[:20]))
        start = time.process_time()
        for place in range(0, len(submissions), 2 * batch.AHEAD):
            list(executor.map(_answer, submissions[place : place + 2 * batch.AHEAD]))
        seconds = (time.process_time() - start) / len(submissions)
    return seconds, len(pickle.dumps(submissions[0])), len(pickle.dumps(canned))


def _graded(marking: Marking) -> batch.Graded:
    with Threads(marking, "best") as engine:
        return engine.submit(submission(0)).result()


def _keep(canned: batch.Graded) -> None:
    vars(builtins)["canned"] = canned


def _answer(one: Submission) -> object:
    return vars(builtins)["canned"]


def _now(ends: list[float], graded: bool) -> None:
    ends.append(time.perf_counter())


def _spent(book: Path) -> list[float]:
    """What each grading of a gradebook took, in seconds."""
    with closing(sqlite3.connect(book)) as connection:
        rows = connection.execute("SELECT started, ended FROM gradings").fetchall()
    return [(datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() for start, end in rows]


# Simulated


def simulated(busy: Sequence[float], recording: float, sending: float, size: float) -> None:
    """Print what a class takes on many workers, as far as the costs above are all that there is."""
    print("SIMULATED from these costs (no network, no stragglers; starting workers is not in it)")
    print(f"  {'workers':>8} {'N':>9} {'seconds':>10} {'a second':>9} {'busy':>6} {'server':>7}")
    for count in SIMULATED:
        number = MILLION if count == SIMULATED[-1] else 2000 * count
        seconds, used, served = simulate(busy, recording + sending, count, number)
        print(
            f"  {count:>8} {number:>9} {seconds:>10.1f} {number / seconds:>9.1f} {used:>6.0%} {served:>7.0%}",
            flush=True,
        )
    most = 1 / (recording + sending)
    enough = most * statistics.mean(busy)
    print(
        f"  one command and its scheduler serve {most:.0f} a second at most: {enough:.0f} workers are enough for that"
    )
    hours = MILLION * statistics.mean(busy) / 3600
    print(
        f"  a million: {hours:.1f} hours of one worker, {MILLION / most / 3600:.1f} hours at least on any number,"
        f" a gradebook of {MILLION * size / 1e9:.0f} GB"
    )


def simulate(busy: Sequence[float], served: float, count: int, number: int) -> tuple[float, float, float]:
    """Seconds for so many submissions on so many workers; the share of time that workers and the server work.

    At most `batch.AHEAD` for each worker are under way. The server (command and scheduler) needs `served` seconds for
    each, when it comes back and the next one is sent; a worker takes the next one that it has, or waits for one.
    """
    rng = random.Random(1)
    server, worked = 0.0, 0.0
    free = [0.0] * count  # when each worker is
    heapq.heapify(free)
    ends: list[float] = []
    sent = 0
    for _ in range(min(number, batch.AHEAD * count)):
        sent += 1
        took = rng.choice(busy)
        worked += took
        heapq.heappush(ends, heapq.heapreplace(free, free[0] + took) + took)
    last = 0.0
    while ends:
        server = max(server, heapq.heappop(ends)) + served
        last = server
        if sent < number:
            sent += 1
            took = rng.choice(busy)
            worked += took
            end = max(free[0], server) + took
            heapq.heapreplace(free, end)
            heapq.heappush(ends, end)
    return last, worked / (last * count), number * served / last


@contextmanager
def _gradebook() -> Iterator[Gradebook]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Gradebook.open(Path(folder) / "gradebook.sqlite", td=TD) as gradebook,
    ):
        yield gradebook


def _met(met: bool) -> str:
    return "met" if met else "NOT met"


if __name__ == "__main__":
    main()
