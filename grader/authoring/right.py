"""Right answers that are not the reference's: independent solutions, and the reference off by rounding.

An independent solution is a file `tests/independent/TD_*.py` (or `.ipynb`) of the course, written in another style. It
goes the whole way, through the sandbox, like anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring import costs, load, margins
from grader.authoring.margins import Margin
from grader.contract import Answer, Assignment, CheckRun, Run, Submission, Verdict
from grader.judging import expected
from grader.judging.judge import judge
from grader.pipeline import Marking
from grader.sandbox import dialogue
from student_template.runner import codec

SLOW = 1 / 4  # of a check's time that the reference may need: others, as right as that, may well be three times slower
MOST_SEEDS = 50  # at which training is tried: 0 failures of 50 say that it fails in less than 6 % (rule of three)


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
    """The longest time that a check took a right solution, in seconds, all its cases, and how long it may take."""

    check: str
    by: str
    seconds: float
    limit: float


def solutions(loaded: load.Loaded) -> list[Path]:
    """The independent solutions of a TD, in order."""
    folder = loaded.course.folder / "tests" / "independent"
    return sorted(
        path
        for path in folder.glob(f"{loaded.assignment.name}_*")
        if path.suffix in (".py", ".ipynb") and path.is_file()
    )


def as_submission(path: Path, loaded: load.Loaded) -> Submission:
    """An independent solution as somebody's hand-in."""
    file = loaded.assignment.file if path.suffix == ".py" else f"{loaded.assignment.module}{path.suffix}"
    return Submission(path.stem, path.stem, file, path.read_bytes())


def of_reference(marking: Marking) -> tuple[tuple[Verdict, ...], Run]:
    """The verdicts on the reference's own outputs, and these: accuracies and predicates may find them wrong."""
    runs = {}
    for check in marking.assignment.checks:
        outputs = marking.expectations[check.id].hidden_expected
        runs[check.id] = CheckRun((), tuple(Answer(value=codec.encode(output)) for output in outputs))
    known = {name: known.hidden_only for name, known in marking.expectations.items()}
    return judge(marking.assignment, Run(runs), known, marking.functions, {}), Run(runs)


def only(marking: Marking, kind: str) -> Marking:
    """The marking with the checks of one kind of comparison alone."""
    checks = tuple(check for check in marking.assignment.checks if check.compare["kind"] == kind)
    assignment = replace(marking.assignment, checks=checks)
    public = {check.id: () for check in checks}
    return replace(
        marking,
        assignment=assignment,
        public=public,
        expectations={check.id: marking.expectations[check.id].hidden_only for check in checks},
        questions=dialogue.questions(assignment, {}, {check.id: marking.hidden[check.id] for check in checks}),
    )


def accuracies(marking: Marking, run: Run) -> dict[str, float]:
    """By accuracy check, the lowest share of right labels over its hidden cases; 0 for an answer that is none."""
    found = {}
    for check in marking.assignment.checks:
        if check.compare["kind"] == "accuracy" and check.id in run.checks:
            answers = run.checks[check.id].hidden
            found[check.id] = min(
                _accuracy(case.values[check.compare["labels"]], answer)
                for case, answer in zip(marking.hidden[check.id], answers, strict=True)
            )
    return found


def _accuracy(labels: Any, answer: Answer) -> float:
    got = costs.value(answer)
    return float(np.mean(np.asarray(got) == labels)) if np.shape(got) == np.shape(labels) else 0.0


def noise(marking: Marking, loaded: load.Loaded) -> dict[str, float]:
    """By check that measures a distance, how far off the reference is, in tolerances, where its inputs are off by
    rounding."""
    rng = np.random.default_rng(0)
    probes = expected.probes(loaded.assignment.probes, loaded.assignment.checks)
    found = {}
    for check in loaded.assignment.checks:
        if check.compare["kind"] in margins.MEASURED:
            cases = [replace(case, values=margins.rounded(case.values, rng)) for case in marking.hidden[check.id]]
            answers = expected.answers(probes[check.id], loaded.reference, cases)
            run = Run({check.id: CheckRun(public=(), hidden=answers)})
            found.update(costs.distances(marking, [check], run))
    return found


def durations(by: str, assignment: Assignment, run: Run) -> Iterator[Duration]:
    """The time of each check that was run."""
    for check in assignment.checks:
        if check.id in run.checks:
            yield Duration(check.id, by, run.checks[check.id].seconds, check.seconds or assignment.limits.check_seconds)


def slowest(found: Sequence[Duration]) -> list[Duration]:
    """Of each check the longest."""
    worst: dict[str, Duration] = {}
    for duration in found:
        if duration.check not in worst or duration.seconds > worst[duration.check].seconds:
            worst[duration.check] = duration
    return list(worst.values())


def guesses(markings: Sequence[Marking]) -> Mapping[str, tuple[float, float]]:
    """By accuracy check, what always answering the most frequent label reaches at best, and where points begin."""
    found = {}
    for check in markings[0].assignment.checks:
        if check.compare["kind"] == "accuracy":
            shares = [
                _most_frequent(case.values[check.compare["labels"]])
                for marking in markings
                for case in marking.hidden[check.id]
            ]
            found[check.id] = max(shares), check.compare["none"]
    return found


def _most_frequent(labels: Any) -> float:
    counts = np.unique(np.asarray(labels), return_counts=True)[1]
    return float(counts.max() / counts.sum())


def margin(margin: Margin, measured: Mapping[str, Mapping[str, float]]) -> Margin:
    """A margin with the distances of right answers, by their author and by check."""
    return margin.with_right((by, found.get(margin.check, 0.0)) for by, found in measured.items())
