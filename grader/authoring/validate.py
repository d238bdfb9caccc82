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
    """Right solutions get everything and the stub nothing, and how near to its limits a check is for the right ones."""
    assignment = loaded.assignment
    file = assignment.file
    by_checks = assignment.out_of - sum(manual.points for manual in assignment.manual)
    reference = Submission("the reference", "", file, stubs.as_submission(loaded.sources).encode())
    stub = Submission("the untouched stub", "", file, _stub(loaded))
    others = [right.as_submission(path, loaded) for path in right.solutions(loaded)]
    if not others:
        found.notes.append(f"no independent solution: write one as tests/independent/{assignment.name}_NAME.py")
    distances = {"the reference, off by rounding": right.noise(markings[0], loaded)}
    durations: list[Duration] = []
    with open_sandbox(sandbox, assignment) as box:
        for submission, wanted in ((reference, by_checks), (stub, 0.0), *((other, by_checks) for other in others)):
            who = submission.student_id
            solved = wanted > 0
            # Of the reference at other secrets its outputs are known. Others are graded twice, and in full: chance that
            # gives a mark is the mistakes' to show, and training is tried below.
            scored = [grade(box, submission, marking) for marking in markings[: 2 if submission in others else 1]]
            scores = [report.score if report.score is not None else float("nan") for _, report in scored]
            verdicts = [report.verdicts for _, report in scored]
            runs = [run or Run({}) for run, _ in scored]
            if submission is reference:
                for marking in markings[1:]:
                    given, run = right.of_reference(marking)
                    verdicts.append(given)
                    runs.append(run)
                    scores.append(total(given))
            found.scores.append(Score(who, min(scores), max(scores), wanted, len(scores)))
            for score, given in zip(scores, verdicts, strict=True):
                if not abs(score - wanted) <= 1e-9:
                    lost = [v.id for v in given if (v.outcome is Outcome.PASS) != solved]
                    found.findings.append(f"{who} gets {score:g}, not {wanted:g}: {', '.join(lost)}")
                    break
            if solved:
                durations += right.durations(who, assignment, runs[0])
                _trained(box, submission, markings, runs, submission in others, found)
            if submission in others:
                distances[who] = costs.distances(markings[0], assignment.checks, runs[0])
    found.margins = [
        right.margin(Margin(check.id), distances) for check in assignment.checks if check.compare["kind"] in MEASURED
    ]
    found.durations = right.slowest(durations)
    found.findings += [
        f"{d.check} takes {d.by} {d.seconds:.2g} s of {d.limit:g}: slower solutions, as right as that, would be stopped"
        for d in found.durations
        if d.seconds > SLOW * d.limit
    ]


def _trained(
    box: Sandbox,
    submission: Submission,
    markings: Sequence[Marking],
    runs: Sequence[Run],
    again: bool,
    found: Validation,
) -> None:
    """What training reaches at every seed, and that no points are given to whoever has learnt nothing."""
    seeds = markings[:MOST_SEEDS]
    if not any(check.compare["kind"] == "accuracy" for check in markings[0].assignment.checks):
        return
    if again:
        seen = []
        for marking in seeds:
            trained = right.only(marking, "accuracy")
            run, _ = grade(box, submission, trained)
            seen.append(right.accuracies(trained, run or Run({})))
    else:
        seen = [right.accuracies(marking, run) for marking, run in zip(seeds, runs, strict=False)]
    for check in markings[0].assignment.checks:
        if check.compare["kind"] != "accuracy":
            continue
        lowest = min(accuracy.get(check.id, 0.0) for accuracy in seen)
        none, full = check.compare["none"], check.compare["full"]
        found.accuracies.append(Accuracy(check.id, submission.student_id, lowest, none, full, len(seen)))
        if lowest < full:
            found.findings.append(
                f"{check.id}: {submission.student_id} reaches {lowest:.4g} at one of {len(seen)} seeds, and {full:g} "
                "is asked for: chance takes marks"
            )
        guess = max(right.guesses(marking)[check.id] for marking in seeds)
        if guess > none and not again:
            found.findings.append(f"{check.id}: one label for all reaches {guess:.4g}, and points begin above {none:g}")


def _margins(found: Validation) -> None:
    """Which checks are too tight for right answers, or too loose for mistakes."""
    for cost in found.costs:
        found.margins = [
            margin.with_wrong(f"mistake {cost.mistake}", cost.distances[margin.check])
            if margin.check in cost.distances
            else margin
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
    """Whoever answers every hidden case with the public case's expected output gets nothing, at any secret."""
    worst: dict[str, Verdict] = {}
    for marking in markings:
        runs = {}
        for name, known in markings[0].expectations.items():
            by_name = {case.name: want for case, want in zip(known.public, known.public_expected, strict=True)}
            spare = known.public_expected[0] if known.public_expected else 0.0
            hidden = tuple(Answer(value=codec.encode(by_name.get(c.name, spare))) for c in marking.hidden[name])
            runs[name] = CheckRun(tuple(Answer(value=codec.encode(want)) for want in known.public_expected), hidden)
        for verdict in judge(marking.assignment, Run(runs), marking.expectations, marking.functions, marking.hints):
            if verdict.points > worst.get(verdict.id, verdict).points or verdict.id not in worst:
                worst[verdict.id] = verdict
    for verdict in worst.values():
        if verdict.points > 0:
            found.findings.append(
                f"{verdict.id}: hard-coded answers to the public cases earn {verdict.points:.4g} of "
                f"{verdict.max_points:g} ({verdict.hidden.passed} of {verdict.hidden.cases} hidden cases)"
            )
