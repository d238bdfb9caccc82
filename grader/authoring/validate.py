"""Is this TD fit to grade with? Measured, not promised.

Right answers get everything (the reference, and independent solutions, at several secrets) and nothing gets nothing.
Every known mistake costs points, none costs too much, and each costs the same at every secret. Every name that students
write is worth something on its own question, and what the handout shows (the public answers) is worth nothing when it
is repeated. Between right and wrong answers each tolerance has room on both sides, training succeeds at every seed, and
a right answer has time to spare.

The reference, the untouched stub and independent solutions go the whole way, sandbox included. Mistakes, names left
unwritten and hard-coded answers are modules and answers of ours: see `costs`.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.authoring import costs, generate, handout, leaks, load, right, settings, stubs
from grader.authoring.costs import Cost
from grader.authoring.course import Course
from grader.authoring.margins import MEASURED, Margin
from grader.authoring.right import MOST_SEEDS, SLOW, Accuracy, Duration
from grader.contract import Answer, CheckRun, Outcome, Run, Submission, Verdict
from grader.errors import AssignmentError
from grader.gradebook.score import total
from grader.judging.judge import judge
from grader.pipeline import Marking, grade, prepare
from grader.sandbox.tiers import Sandbox, open_sandbox
from student_template.runner import codec

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody gets, over so many secrets, and what they should get."""

    who: str
    lowest: float
    highest: float
    wanted: float
    secrets: int


@dataclass
class Validation:
    """What was measured. `findings` are the reasons against, one sentence each; `notes` are worth knowing."""

    td: str
    title: str
    version: str
    secrets: int
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    margins: list[Margin] = field(default_factory=list)
    accuracies: list[Accuracy] = field(default_factory=list)
    durations: list[Duration] = field(default_factory=list)


def validate(
    loaded: load.Loaded,
    secrets: Sequence[bytes],
    *,
    sandbox: str = "best",
    jobs: int = 1,
    said: Said = lambda stage: None,
) -> Validation:
    """Measure an assignment; what can differ from secret to secret, with all of them. `said` is told each stage."""
    assignment = loaded.assignment
    found = Validation(assignment.name, assignment.title, assignment.version, len(secrets))
    said("expected outputs")
    marking = prepare(loaded, secrets[0])
    markings = [marking, *(prepare(loaded, secret, mistakes=False) for secret in secrets[1:])]
    said("right and empty answers")
    _whole_way(loaded, markings, sandbox, found)
    said("names and hard-coded answers")
    _no_leak(loaded, marking, found)
    _names_alone(loaded, marking, found)
    _hard_coded(markings, found)
    said("mistakes")
    found.costs = costs.measure(loaded, markings, jobs)
    found.findings += costs.findings(loaded, found.costs)
    _margins(found)
    return found


def other_languages(loaded: load.Loaded) -> list[str]:
    """What is amiss with an assignment in the other languages that its folder has texts in: one sentence each."""
    found = []
    for language in sorted(set(settings.LANGUAGES) - {loaded.assignment.language}):
        if not load.speaks(loaded.folder, language):
            continue
        try:
            other = load.load(loaded.course.folder, loaded.assignment.name, language)
        except AssignmentError as error:
            found.append(f"in {language}: {error}")
            continue
        if other.items != loaded.items:
            found.append(
                f"in {language} the names to write, or their questions, are others: {_differing(loaded, other)}"
            )
        with tempfile.TemporaryDirectory() as folder:
            made = handout.write(other, "", Path(folder))
            found += [
                f"in {language} the handout shows part of a solution: {leak}" for leak in leaks.leaks(other, made)
            ]
    return found


def _differing(one: load.Loaded, other: load.Loaded) -> str:
    return ", ".join(sorted(name for name, _ in set(one.items.items()) ^ set(other.items.items())))


def _whole_way(loaded: load.Loaded, markings: Sequence[Marking], sandbox: str, found: Validation) -> None:
    """Through the sandbox, right solutions get everything and the stub nothing.

    Of the reference at other secrets the outputs are known, so they are judged alone. Independent solutions are graded
    twice, and train at as many secrets as there are, up to 50.
    """
    assignment = loaded.assignment
    first = markings[0]
    full = assignment.out_of - sum(manual.points for manual in assignment.manual)
    others = [right.as_submission(path, loaded) for path in right.solutions(loaded)]
    if not others:
        found.notes.append(f"no independent solution: write one as tests/independent/{assignment.name}_NAME.py")
    distances = {"the reference, off by rounding": right.noise(first, loaded)}
    with open_sandbox(sandbox, assignment) as box:
        source = stubs.as_submission(loaded.sources).encode()
        run, verdicts = _graded(box, Submission("the reference", "", assignment.file, source), first)
        outputs = [(verdicts, run), *map(right.of_reference, markings[1:])]
        _score(found, "the reference", [given for given, _ in outputs], full)
        _trained(found, "the reference", markings, [answered for _, answered in outputs])
        durations = list(right.durations("the reference", assignment, run))
        found.findings += [
            f"{d.check} takes the reference {d.seconds:.2g} s of {d.limit:g}: slower ones, as right, would be stopped"
            for d in durations
            if d.seconds > SLOW * d.limit
        ]
        _, verdicts = _graded(box, Submission("the untouched stub", "", assignment.file, _stub(loaded)), first)
        _score(found, "the untouched stub", [verdicts], 0.0)
        trainings = [right.only(marking, "accuracy") for marking in markings[:MOST_SEEDS]]
        for other in others:
            graded = [_graded(box, other, marking) for marking in markings[:2]]
            _score(found, other.student_id, [given for _, given in graded], full)
            if trainings[0].questions:
                _trained(
                    found, other.student_id, trainings, [_graded(box, other, training)[0] for training in trainings]
                )
            durations += right.durations(other.student_id, assignment, graded[0][0])
            distances[other.student_id] = costs.distances(first, assignment.checks, graded[0][0])
    found.durations = right.slowest(durations)
    measured = [check for check in assignment.checks if check.compare["kind"] in MEASURED]
    found.margins = [right.margin(Margin(check.id), distances) for check in measured]
    found.findings += [
        f"{name}: one label for all reaches {share:.4g}, and points begin above {none:g}"
        for name, (share, none) in right.guesses(markings[:MOST_SEEDS]).items()
        if share > none
    ]


def _graded(box: Sandbox, submission: Submission, marking: Marking) -> tuple[Run, tuple[Verdict, ...]]:
    """What it answers and gets. Nothing, if it is not even run."""
    run, report = grade(box, submission, marking)
    return run or Run({}), report.verdicts


def _score(found: Validation, who: str, gradings: Sequence[Sequence[Verdict]], wanted: float) -> None:
    """Is it the wanted score at every secret? The first where it is not is told."""
    scores = [total(verdicts) for verdicts in gradings]
    found.scores.append(Score(who, min(scores), max(scores), wanted, len(scores)))
    for score, verdicts in zip(scores, gradings, strict=True):
        if abs(score - wanted) > 1e-9:
            lost = [verdict.id for verdict in verdicts if (verdict.outcome is Outcome.PASS) != (wanted > 0)]
            found.findings.append(f"{who} gets {score:g}, not {wanted:g}: {', '.join(lost)}")
            return


def _trained(found: Validation, who: str, markings: Sequence[Marking], runs: Sequence[Run]) -> None:
    """Does training reach what gives all the points, at every seed?"""
    seen = [right.accuracies(marking, run) for marking, run in zip(markings[:MOST_SEEDS], runs, strict=False)]
    for check in markings[0].assignment.checks:
        if check.compare["kind"] == "accuracy":
            lowest = min(accuracies.get(check.id, 0.0) for accuracies in seen)
            none, full = check.compare["none"], check.compare["full"]
            found.accuracies.append(Accuracy(check.id, who, lowest, none, full, len(seen)))
            if lowest < full:
                found.findings.append(
                    f"{check.id}: {who} reaches {lowest:.4g} at one of {len(seen)} seeds, and {full:g} is asked for: "
                    "chance takes marks"
                )


def _margins(found: Validation) -> None:
    """Which checks are too tight for right answers, or too loose for mistakes."""
    found.margins = [
        margin.with_wrong(
            (f"mistake {cost.mistake}", cost.distances.get(margin.check, math.inf)) for cost in found.costs
        )
        for margin in found.margins
    ]
    found.findings += [finding for margin in found.margins for finding in margin.findings]


def _stub(loaded: load.Loaded) -> bytes:
    return handout.files(loaded, "")[loaded.assignment.file]


def _no_leak(loaded: load.Loaded, marking: Marking, found: Validation) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = generate.generate(loaded, marking, Path(folder))
        for leak in leaks.leaks(loaded, made):
            found.findings.append(f"the handout shows part of a solution: {leak}")


def _names_alone(loaded: load.Loaded, marking: Marking, found: Validation) -> None:
    """Each name that students write, left unwritten alone, costs points on its own question."""
    for dotted, question in loaded.items.items():
        module = _unwritten(loaded, dotted, question)
        verdicts, _ = costs.verdicts(marking, module, loaded.assignment.checks, public=False)
        if not any(v.points < v.max_points for v in verdicts if v.question == question):
            found.findings.append(f"{dotted} can be left unwritten at no cost on its question {question}")


def _unwritten(loaded: load.Loaded, dotted: str, question: str) -> Any:
    edited = dict(loaded.course.sources)
    for name in loaded.sources:
        if dotted in stubs.items(loaded.sources[name], name):
            edited[name] = stubs.stub_alone(loaded.sources[name], name, dotted, question)
    return load.reference(Course(loaded.course.folder, edited), list(loaded.sources))


def _hard_coded(markings: Sequence[Marking], found: Validation) -> None:
    """Whoever answers every hidden case with the public case's expected output gets nothing.

    A number that is compared with a tolerance may be met by chance: at one secret of several, and at one more of each
    fifty, that is no finding.
    """
    earned: dict[str, list[Verdict]] = {}
    for marking in markings:
        runs = {}
        for name, known in markings[0].expectations.items():
            by_name = {case.name: want for case, want in zip(known.public, known.public_expected, strict=True)}
            spare = known.public_expected[0] if known.public_expected else 0.0
            hidden = tuple(Answer(value=codec.encode(by_name.get(c.name, spare))) for c in marking.hidden[name])
            runs[name] = CheckRun(tuple(Answer(value=codec.encode(want)) for want in known.public_expected), hidden)
        for verdict in judge(marking.assignment, Run(runs), marking.expectations, marking.functions, marking.hints):
            if verdict.points > 0:
                earned.setdefault(verdict.id, []).append(verdict)
    for name, verdicts in earned.items():
        if len(verdicts) > (len(markings) > 1) + len(markings) // 50:
            worst = max(verdicts, key=lambda verdict: verdict.points)
            found.findings.append(
                f"{name}: hard-coded answers to the public cases earn {worst.points:.4g} of {worst.max_points:g} "
                f"({worst.hidden.passed} of {worst.hidden.cases} hidden cases), at {len(verdicts)} of {len(markings)} "
                "secrets"
            )
