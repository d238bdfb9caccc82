"""Right solutions go the whole way, like anybody's: the reference, and independent ones. So does the untouched stub.

An independent solution is a file `tests/independent/TD_*.py` (or `.ipynb`) of the course, written in another style. It
is graded twice, and its training at more seeds. Of the reference, which makes the expected outputs, these are looked at
for all secrets: accuracies and predicates may find them wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring import costs, handout, load, margins, stubs
from grader.contract import Answer, Check, CheckRun, Run, Status, Submission, Verdict
from grader.errors import GraderFault
from grader.gradebook.score import total
from grader.judging import expected
from grader.judging.judge import judge
from grader.pipeline import Marking, grade
from grader.sandbox import dialogue
from grader.sandbox.tiers import Sandbox
from student_template.runner import codec
from student_template.runner.compare import compare

SLOW = 1 / 4  # of a check's time that the reference may need: others, as right as that, may be three times slower
SEEDS = 50  # at which training is tried: not one failure says, with 95 % confidence, less than 6 % (rule of three)
TWICE = 2
ROUNDINGS = 5  # secrets at which the reference is tried with inputs off by rounding
REFERENCE = "the reference"


@dataclass(frozen=True, slots=True)
class Graded:
    """What somebody answered and got, by secret."""

    who: str
    wanted: float
    gradings: tuple[tuple[Marking, Run, tuple[Verdict, ...]], ...]
    trainings: tuple[tuple[Marking, Run], ...] = ()  # of the accuracy checks alone, at more secrets


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody gets, over so many secrets, and what they should get."""

    who: str
    lowest: float
    highest: float
    wanted: float
    secrets: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The lowest accuracy of a right solution over seeds and cases, beside the ramp that gives the points."""

    check: str
    by: str
    lowest: float
    none: float
    full: float
    seeds: int


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a check took a right solution, in seconds, all its cases, and how long it may take."""

    check: str
    by: str
    seconds: float
    limit: float


def solutions(loaded: load.Loaded) -> list[Path]:
    """The independent solutions of a TD, in order."""
    files = (loaded.course.folder / "tests" / "independent").glob(f"{loaded.assignment.name}_*")
    return sorted(path for path in files if path.suffix in (".py", ".ipynb") and path.is_file())


def as_submission(path: Path, loaded: load.Loaded) -> Submission:
    """An independent solution as somebody's hand-in."""
    file = loaded.assignment.file if path.suffix == ".py" else f"{loaded.assignment.module}{path.suffix}"
    return Submission(path.stem, path.stem, file, path.read_bytes())


def solved(box: Sandbox, loaded: load.Loaded, markings: Sequence[Marking]) -> list[Graded]:
    """Grade all right solutions, the reference first. Raises `GraderFault` where that fails."""
    assignment = loaded.assignment
    full = math.fsum(check.points for check in assignment.checks)  # above 10 where there is a bonus
    source = stubs.as_submission(loaded.sources).encode()
    first = _grade(box, Submission(REFERENCE, "", assignment.file, source), markings[0])
    outputs = (first, *map(_of_reference, markings[1:]))
    trainings = tuple((marking, run) for marking, run, _ in outputs[:SEEDS])
    found = [Graded(REFERENCE, full, outputs, trainings)]
    paths = solutions(loaded)
    seeds = [training for training in map(_training, markings[:SEEDS]) if training.questions] if paths else []
    for path in paths:
        submission = as_submission(path, loaded)
        gradings = tuple(_grade(box, submission, marking) for marking in markings[:TWICE])
        runs = [_grade(box, submission, training)[1] for training in seeds]
        found.append(Graded(path.stem, full, gradings, tuple(zip(seeds, runs, strict=True))))
    return found


def nothing(box: Sandbox, loaded: load.Loaded, marking: Marking) -> Graded:
    """Grade the stub as it is handed out."""
    files = handout.files(loaded, "")
    picked, *others = loaded.assignment.files
    submission = Submission(
        "the untouched stub", "", picked, files[picked], others={name: files[name] for name in others}
    )
    return Graded(submission.student_id, 0.0, (_grade(box, submission, marking),))


def _grade(box: Sandbox, submission: Submission, marking: Marking) -> tuple[Marking, Run, tuple[Verdict, ...]]:
    run, report = grade(box, submission, marking)
    if report.status is Status.GRADER_FAULT or run is None:
        raise GraderFault(f"{submission.student_id}: {report.notes[-1].values.get('what') if report.notes else report}")
    return marking, run, report.verdicts


def _of_reference(marking: Marking) -> tuple[Marking, Run, tuple[Verdict, ...]]:
    """The reference's own outputs, judged."""
    runs = {}
    for check in marking.assignment.checks:
        outputs = marking.expectations[check.id].hidden_expected
        runs[check.id] = CheckRun((), tuple(Answer(value=codec.encode(output)) for output in outputs))
    known = {name: known.hidden_only for name, known in marking.expectations.items()}
    return marking, Run(runs), judge(marking.assignment, Run(runs), known, marking.functions, {})


def _training(marking: Marking) -> Marking:
    """The marking with its accuracy checks alone, and of these the hidden cases."""
    checks = tuple(check for check in marking.assignment.checks if check.compare["kind"] == "accuracy")
    assignment = replace(marking.assignment, checks=checks)
    return replace(
        marking,
        assignment=assignment,
        public={check.id: () for check in checks},
        expectations={check.id: marking.expectations[check.id].hidden_only for check in checks},
        questions=dialogue.questions(assignment, {}, {check.id: marking.hidden[check.id] for check in checks}),
    )


# What is made of it


def score(graded: Graded) -> Score:
    """The lowest and the highest total."""
    totals = [total(verdicts, math.inf) for _, _, verdicts in graded.gradings]
    return Score(graded.who, min(totals), max(totals), graded.wanted, len(totals))


def accuracies(graded: Graded) -> Iterator[Accuracy]:
    """For each accuracy check the lowest over seeds and cases; 0 for an answer that is none."""
    for check in graded.gradings[0][0].assignment.checks:
        if check.compare["kind"] == "accuracy" and graded.trainings:
            lowest = min(_accuracy(check, marking, run) for marking, run in graded.trainings)
            spec = check.compare
            yield Accuracy(check.id, graded.who, lowest, spec["none"], spec["full"], len(graded.trainings))


def _accuracy(check: Check, marking: Marking, run: Run) -> float:
    if check.id not in run.checks:
        return 0.0
    pairs = zip(marking.hidden[check.id], run.checks[check.id].hidden, strict=True)
    found = [compare(check.compare, None, costs.value(answer), case.values) for case, answer in pairs]
    return min(float(finding.values.get("accuracy", 0.0)) for finding in found)


def durations(graded: Graded) -> Iterator[Duration]:
    """The time of each check of the first grading, which went through the sandbox."""
    marking, run, _ = graded.gradings[0]
    for check in marking.assignment.checks:
        if check.id in run.checks:
            limit = check.seconds or marking.assignment.limits.check_seconds
            yield Duration(check.id, graded.who, run.checks[check.id].seconds, limit)


def slowest(found: Iterable[Duration]) -> list[Duration]:
    """Of each check the longest."""
    worst: dict[str, Duration] = {}
    for duration in found:
        if duration.check not in worst or duration.seconds > worst[duration.check].seconds:
            worst[duration.check] = duration
    return list(worst.values())


def distances(graded: Graded) -> tuple[str, dict[str, float]]:
    """By check that measures it, how far off the answers of the first grading are, in tolerances."""
    marking, run, _ = graded.gradings[0]
    return graded.who, costs.distances(marking, marking.assignment.checks, run)


def noise(loaded: load.Loaded, markings: Sequence[Marking]) -> dict[str, float]:
    """By check that measures it, how far off the reference is, in tolerances, where its inputs are off by rounding."""
    rng = np.random.default_rng(0)
    probes = expected.probes(loaded.assignment.probes, loaded.assignment.checks)
    found: dict[str, float] = {}
    for marking in markings[:ROUNDINGS]:
        for check in loaded.assignment.checks:
            if check.compare["kind"] in margins.MEASURED:
                cases = [replace(case, values=margins.rounded(case.values, rng)) for case in marking.hidden[check.id]]
                run = Run({check.id: CheckRun((), expected.answers(probes[check.id], loaded.reference, cases))})
                off = costs.distances(marking, [check], run)[check.id]
                found[check.id] = max(off, found.get(check.id, 0.0))
    return found


def findings(graded: Graded) -> Iterator[str]:
    """What somebody does not get, or gets by chance or just in time: a sentence each."""
    for _, _, verdicts in graded.gradings:
        if abs(total(verdicts, math.inf) - graded.wanted) > 1e-9:
            odd = [v.id for v in verdicts if (v.points < v.max_points if graded.wanted else v.points > 0)]
            yield f"{graded.who} gets {total(verdicts, math.inf):g}, not {graded.wanted:g}: {', '.join(odd)}"
            break
    for accuracy in accuracies(graded):
        if accuracy.lowest < accuracy.full:
            yield (
                f"{accuracy.check}: {graded.who} reaches {accuracy.lowest:.4g} at one of {accuracy.seeds} seeds, and "
                f"{accuracy.full:g} is asked for: chance takes marks"
            )
    for duration in durations(graded):
        if graded.who == REFERENCE and duration.seconds > SLOW * duration.limit:
            yield (
                f"{duration.check} takes the reference {duration.seconds:.2g} s of {duration.limit:g}: slower ones, as "
                "right, would be stopped"
            )


def untaught(markings: Sequence[Marking]) -> Iterator[str]:
    """Accuracy checks that give points to whoever always answers the most frequent label."""
    for check in markings[0].assignment.checks:
        if check.compare["kind"] == "accuracy":
            cases = [case for marking in markings[:SEEDS] for case in marking.hidden[check.id]]
            share = max(_most_frequent(case.values[check.compare["labels"]]) for case in cases)
            if share > check.compare["none"]:
                none = check.compare["none"]
                yield f"{check.id}: one label for all reaches {share:.4g}, and points begin above {none:g}"


def _most_frequent(labels: Any) -> float:
    counts = np.unique(np.asarray(labels), return_counts=True)[1]
    return float(counts.max() / counts.sum())
