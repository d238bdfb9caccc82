"""surdix beside pytest, nbgrader and otter: the same four checks on the same submissions, in one run.

    python benchmarks/peers.py [--count 200] [--slow 12] [--rounds 3] [--peers DIR]

The assignment is in `peers/`: softmax, cross-entropy, the gradients of a network of two layers, and a training loop.
Submissions are the right solution, each with a comment of its own, and every tenth a wrong one. All graders put the
same cases to them with the same numpy, on one BLAS thread, and all scores are verified: nobody times an error.

With one job, what counts is the time that a submission takes over the bare computation: the file executed and the
same checks made in this warm process. With two, it is submissions a second. Each grader is used as its manual says:

  * surdix: intake, a warm sandbox for each job, judging and the gradebook, as `surdix grade` does. With two jobs its
    start counts; with one, the time from one finished submission to the next;
  * pytest: a process for each submission, without plugins and isolation;
  * nbgrader: `nbgrader autograde` on a class, for two jobs on half a class in each of two courses. Its start is never
    counted: the time is that from one finished notebook to the next;
  * otter: `otter run` on each submission, with an archive of `otter generate`.

Rounds go through all graders in turn, so that noise hits all alike. nbgrader and otter are installed the first time,
in their latest versions, each in a virtual environment of its own; surdix uses nothing of these.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import types
import venv
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import platformdirs
import pytest

from grader import __version__, batch
from grader.authoring import load
from grader.gradebook.gradebook import Gradebook
from grader.intake import collect
from grader.local import Threads
from grader.pipeline import Marking, prepare

COURSE = Path(__file__).resolve().with_suffix("")
TD = "network"
POINTS = {"softmax": 2, "cross_entropy": 2, "gradients": 3, "train": 3}  # each check asks one function
RIGHT, WRONG = "powers / np.sum(powers, axis=-1, keepdims=True)", "powers / np.sum(powers)"
OVER_BARE, OVER_NBGRADER, OVER_OTTER = 10.0, 30.0, 100.0  # the bars: milliseconds, ratios of throughput
FULL = 10.0
PACKAGES = {"nbgrader": ("nbgrader", "ipykernel"), "otter": ("otter-grader", "ipykernel")}


@dataclass(frozen=True)
class Work:
    """A submission as every grader gets it."""

    name: str
    source: str
    right: bool


@dataclass
class Done:
    """What a grader did of some submissions: milliseconds of each (roughly, where jobs are several), rate, scores."""

    times: list[float]
    rate: float
    scores: Mapping[str, float | str | None]  # a word or None where there is none


@dataclass
class Measured:
    """What is known of a grader: milliseconds of submissions with one job, submissions a second with two."""

    times: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)


Grader = Callable[[Sequence[Work], int], Done]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="submissions to surdix; a fifth of them to pytest")
    parser.add_argument("--slow", type=int, default=12, help="submissions to nbgrader and to otter")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=platformdirs.user_cache_path("surdix") / "peers")
    options = parser.parse_args()
    load_before = os.getloadavg()[0]
    loaded = load.load(COURSE, TD)
    (solution,) = loaded.sources.values()
    marking = prepare(loaded, b"benchmark")
    print(f"surdix {__version__}, pytest {pytest.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}")
    programs = {name: installed(options.peers / name, packages) for name, packages in PACKAGES.items()}
    with tempfile.TemporaryDirectory(prefix="peers") as temporary:
        place = Path(temporary)
        kit = write_kit(place / "kit", marking)
        ways: dict[str, tuple[Grader, int]] = {
            "bare": (bare(kit), max(options.count // 4, 4)),
            "surdix": (surdix(place / "surdix", marking), options.count),
            "pytest": (by_pytest(place / "pytest", kit), max(options.count // 5, 4)),
            "nbgrader": (nbgrader(place / "nbgrader", kit, solution, programs["nbgrader"]), options.slow),
            "otter": (otter(place / "otter", kit, programs["otter"]), options.slow),
        }
        for name, (grade, _) in ways.items():
            works = [make(solution, f"try-{number}", wrong=number == 1) for number in range(2)]
            verify(name, works, grade(works, 1))
        found = {name: Measured() for name in ways}
        for number in range(options.rounds):
            for jobs in (1, 2):
                for name, (grade, count) in ways.items():
                    if name == "bare" and jobs == 2:
                        continue
                    # Where surdix's start counts, it is spread over a whole class, as in life.
                    share = count if name == "surdix" and jobs == 2 else max(count // options.rounds, 2 * jobs)
                    works = [make(solution, f"round{number}jobs{jobs}-{n:03}", wrong=n % 10 == 3) for n in range(share)]
                    done = grade(works, jobs)
                    verify(name, works, done)
                    if jobs == 1:
                        found[name].times += done.times
                    else:
                        found[name].rates.append(done.rate)
    print(f"load average {load_before:.1f} at the start, {os.getloadavg()[0]:.1f} at the end, {batch.cores()} cores")
    report(found)


def make(solution: str, name: str, wrong: bool) -> Work:
    """The solution with a comment in its midst, or one whose softmax is none."""
    lines = [line for line in solution.replace(RIGHT, WRONG if wrong else RIGHT).split("\n") if "SOLUTION" not in line]
    source = "\n".join(lines).replace("    for _ in", f"    # as {name} does it\n    for _ in")
    return Work(name, source, not wrong)


def verify(name: str, works: Sequence[Work], done: Done) -> None:
    """Full marks for every right solution and less for every wrong one, or the times mean nothing."""
    for work in works:
        score = done.scores.get(work.name)
        if not isinstance(score, float | int) or (score == FULL) is not work.right:
            raise SystemExit(f"{name} gives {score} of {FULL:g} to a {'right' if work.right else 'wrong'} solution")


def report(found: dict[str, Measured]) -> None:
    median = {name: statistics.median(measured.times) for name, measured in found.items()}
    print("one job: milliseconds a submission")
    for name, measured in found.items():
        low, _, high = statistics.quantiles(measured.times, n=4)
        over = f"   {median[name] - median['bare']:8.1f} over bare" if name != "bare" else ""
        print(f"  {name:<9} {median[name]:8.1f}   (half of {len(measured.times)}: {low:.1f} to {high:.1f}){over}")
    rate = {name: statistics.median(measured.rates) for name, measured in found.items() if measured.rates}
    print("two jobs: submissions a second")
    for name, value in rate.items():
        rates = found[name].rates
        ratio = f"   surdix / {name}: {rate['surdix'] / value:.1f}" if name != "surdix" else ""
        print(f"  {name:<9} {value:8.2f}   (rounds: {min(rates):.2f} to {max(rates):.2f}){ratio}")
    ceiling = 2000 / median["bare"]
    print(f"  with no overhead at all, two jobs grade {ceiling:.1f} a second:", end="")
    print(*(f" {ceiling / rate[name]:.1f} times {name}" for name in ("nbgrader", "otter")), sep=",")
    print("the bars")
    bars = [
        (f"at most {OVER_BARE:g} ms over bare", median["surdix"] - median["bare"], OVER_BARE),
        (f"at least {OVER_NBGRADER:g} times nbgrader's throughput", -rate["surdix"] / rate["nbgrader"], -OVER_NBGRADER),
        (f"at least {OVER_OTTER:g} times otter's throughput", -rate["surdix"] / rate["otter"], -OVER_OTTER),
    ]
    for what, value, bar in bars:
        print(f"  {what:<42} {abs(value):7.1f}   {'met' if value <= bar else 'NOT MET'}")


# --- what is common ---------------------------------------------------------------------------------------------------


def write_kit(kit: Path, marking: Marking) -> Path:
    """checking.py and its cases: surdix's public and hidden ones, and what the reference gives for them."""
    cases: dict[str, list[tuple[object, object]]] = {}
    for function, check in zip(POINTS, marking.assignment.checks, strict=True):
        known = marking.expectations[check.id]
        asked = [*zip(known.public, known.public_expected, strict=True)]
        asked += zip(known.hidden, known.hidden_expected, strict=True)
        cases[function] = [(dict(case.values), value) for case, value in asked]
    kit.mkdir()
    (kit / "cases.pkl").write_bytes(pickle.dumps(cases))
    shutil.copy(COURSE / "checking.py", kit)
    return kit


def each(works: Sequence[Work], jobs: int, grade: Callable[[Work], float | None]) -> Done:
    """A process for each submission, `jobs` at once."""

    def timed(work: Work) -> tuple[float, float | None]:
        started = time.perf_counter()
        score = grade(work)
        return 1000 * (time.perf_counter() - started), score

    started = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        found = list(pool.map(timed, works))
    seconds = time.perf_counter() - started
    scores = {work.name: score for work, (_, score) in zip(works, found, strict=True)}
    return Done([taken for taken, _ in found], len(works) / seconds, scores)


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def must(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
    done = run(command, folder, environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-2000:]}")


def notebook(cells: Sequence[dict[str, object]]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": list(cells)})


def cell(name: str, source: str, **metadata: object) -> dict[str, object]:
    base = {"cell_type": "code", "id": name.replace("_", "-"), "execution_count": None, "outputs": []}
    return {**base, "source": source, "metadata": metadata}


# --- the graders ------------------------------------------------------------------------------------------------------


def bare(kit: Path) -> Grader:
    """Each file executed and checked in this process, which is warm."""
    checking = types.ModuleType("checking")
    checking.__file__ = str(kit / "checking.py")
    exec(compile((kit / "checking.py").read_text(), "checking.py", "exec"), vars(checking))

    def score(work: Work) -> float:
        module = types.ModuleType(TD)
        exec(compile(work.source, f"{TD}.py", "exec"), vars(module))
        points = 0.0
        for function, worth in POINTS.items():
            with suppress(AssertionError):
                checking.check(getattr(module, function))
                points += worth
        return points

    return lambda works, jobs: each(works, jobs, score)


def surdix(place: Path, marking: Marking) -> Grader:
    """From the folder of a class to the gradebook."""

    def grade(works: Sequence[Work], jobs: int) -> Done:
        with tempfile.TemporaryDirectory(dir=place.parent) as temporary:
            handed_in, out = Path(temporary, "class"), Path(temporary, "gradebook.sqlite")
            handed_in.mkdir()
            for work in works:
                (handed_in / f"{work.name}.py").write_text(work.source)
            ends: list[float] = []
            started = time.perf_counter()
            submissions = collect(handed_in, marking.assignment)
            with Gradebook.open(out, td=TD) as gradebook:
                batch.grade_all(
                    submissions,
                    marking,
                    gradebook,
                    lambda _: Threads(marking, "warm", jobs),
                    progress=lambda _: ends.append(time.perf_counter()),
                )
                rate = len(works) / (time.perf_counter() - started)
                scores = {
                    report.student_id: str(report.status) if report.score is None else report.score
                    for report in gradebook.reports()
                }
        return Done([1000 * (end - before) for before, end in pairwise(ends)], rate, scores)

    return grade


def by_pytest(place: Path, kit: Path) -> Grader:
    """The kit and four tests beside each file."""
    tests = (
        "import pytest\nimport network\nfrom checking import check\n\n\n"
        f"@pytest.mark.parametrize('name', {list(POINTS)})\n"
        "def test_function(name):\n    check(getattr(network, name))\n"
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]

    def score(work: Work) -> float | None:
        code = run(command, place / work.name, environment).returncode
        return {0: FULL, 1: 0.0}.get(code)

    def grade(works: Sequence[Work], jobs: int) -> Done:
        for work in works:
            shutil.copytree(kit, place / work.name)
            (place / work.name / f"{TD}.py").write_text(work.source)
            (place / work.name / "test_network.py").write_text(tests)
        return each(works, jobs, score)

    return grade


def nbgrader(place: Path, kit: Path, solution: str, programs: Path) -> Grader:
    """A course for each job, with the assignment as `nbgrader generate_assignment` makes it."""
    environment = environment_of(programs, place / "home")

    def marked(name: str, source: str, **metadata: object) -> dict[str, object]:
        return cell(name, source, nbgrader={"schema_version": 3, "task": False, "grade_id": name, **metadata})

    answer = marked("answer", solution, solution=True, grade=False, locked=False)
    is_test = {"solution": False, "grade": True, "locked": True}
    tests = [
        marked(f"test_{name}", f"from checking import check\ncheck({name})", points=worth, **is_test)
        for name, worth in POINTS.items()
    ]
    courses = [place / "one", place / "two"]
    for course in courses:
        shutil.copytree(kit, course / "source" / TD)
        (course / "source" / TD / f"{TD}.ipynb").write_text(notebook([answer, *tests]))
        (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'peers'\n")
        must([programs / "nbgrader", "generate_assignment", TD], course, environment)

    def autograde(course: Path, works: Sequence[Work]) -> list[float]:
        """The milliseconds at which notebooks were finished."""
        these = works[0].name.partition("-")[0] + "-*"
        done = run([programs / "nbgrader", "autograde", TD, f"--student={these}"], course, environment)
        graded = [course / "autograded" / work.name / TD / f"{TD}.ipynb" for work in works]
        if done.returncode or not all(map(Path.exists, graded)):
            raise SystemExit(f"nbgrader autograde failed:\n{(done.stdout + done.stderr)[-2000:]}")
        return sorted(path.stat().st_mtime_ns / 1e6 for path in graded)

    def grade(works: Sequence[Work], jobs: int) -> Done:
        shares = [works[job::jobs] for job in range(jobs)]
        for course, share in zip(courses, shares, strict=False):
            released = json.loads((course / "release" / TD / f"{TD}.ipynb").read_text())
            for work in share:
                folder = course / "submitted" / work.name / TD
                shutil.copytree(course / "release" / TD, folder)
                for made in released["cells"]:
                    if made["metadata"]["nbgrader"]["grade_id"] == "answer":
                        made["source"] = work.source
                (folder / f"{TD}.ipynb").write_text(json.dumps(released))
        with ThreadPoolExecutor(jobs) as pool:
            finished = list(pool.map(autograde, courses, shares))
        scores: dict[str, float | None] = {}
        for course in courses[:jobs]:
            must([programs / "nbgrader", "export", "--to=grades.csv"], course, environment)
            with (course / "grades.csv").open(newline="") as opened:
                scores |= {row["student_id"]: float(row["score"]) for row in csv.DictReader(opened)}
        times = [end - before for ends in finished for before, end in pairwise(ends)]
        rate = sum(1000 * (len(ends) - 1) / (ends[-1] - ends[0]) for ends in finished)
        return Done(times, rate, scores)

    return grade


def otter(place: Path, kit: Path, programs: Path) -> Grader:
    """`otter run` of each notebook, with the archive that `otter generate` makes of tests and kit."""
    shutil.copytree(kit, place)
    environment = environment_of(programs, place / "home")
    (place / "tests").mkdir()
    for name, worth in POINTS.items():
        (place / "tests" / f"{name}.py").write_text(
            f"from otter.test_files import test_case\n\nOK_FORMAT = False\nname = {name!r}\npoints = {worth}\n\n\n"
            f"@test_case(points={worth}, hidden=False)\ndef test_function({name}):\n"
            f"    from checking import check\n\n    check({name})\n"
        )
    generate = [programs / "otter", "generate", "-t", "tests", "-o", "autograder.zip", "checking.py", "cases.pkl"]
    must(generate, place, environment)

    def score(work: Work) -> float | None:
        folder = place / work.name
        command = [programs / "otter", "run", "-a", place / "autograder.zip", "-o", folder, "--no-logo"]
        run([*command, folder / f"{TD}.ipynb"], folder, environment)
        results = folder / "results.json"
        if not results.exists():
            return None
        return sum(test.get("score", 0.0) for test in json.loads(results.read_text())["tests"])

    def grade(works: Sequence[Work], jobs: int) -> Done:
        for work in works:
            (place / work.name).mkdir()
            (place / work.name / f"{TD}.ipynb").write_text(notebook([cell("answer", work.source)]))
        return each(works, jobs, score)

    return grade


# --- installing the peers ---------------------------------------------------------------------------------------------


def installed(folder: Path, packages: Sequence[str]) -> Path:
    """The folder of a peer's programs, in an environment made the first time; says which versions there are.

    Each has its own: what one depends on can slow the other's start by seconds.
    """
    programs, complete = folder / "bin", folder / "complete"
    if not complete.exists():
        print(f"installing {packages[0]} in {folder} (a minute or two, once)", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        wanted = [*packages, f"numpy=={np.__version__}"]  # the same work needs the same numpy
        done = run([programs / "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], folder, os.environ)
        if done.returncode:
            raise SystemExit(f"{packages[0]} cannot be installed in {folder}:\n{done.stderr[-2000:]}")
        complete.touch()
    asked = "import importlib.metadata as m, sys; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep=', ')"
    print(run([programs / "python", "-c", asked, *packages, "numpy"], folder, os.environ).stdout.strip(), flush=True)
    return programs


def environment_of(programs: Path, home: Path) -> dict[str, str]:
    """The peers' own, with a home of its own: nobody's configuration is read."""
    home.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "IPYTHON"))}
    return {**kept, "HOME": str(home), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


if __name__ == "__main__":
    main()
