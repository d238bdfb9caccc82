"""Is this TD fit to grade with? Measured, not promised.

Right answers get everything (the reference, and independent solutions, at several secrets) and nothing gets nothing.
Every known mistake costs points, none costs too much, and each costs the same at every secret. Every name that students
write is worth something on its own question, and what the handout shows (the public answers) is worth nothing when it
is repeated. Between right and wrong answers each tolerance has room on both sides, training succeeds at every seed, and
a right answer has time to spare.

The reference, the untouched stub and independent solutions go the whole way, sandbox included: see `right`. Mistakes,
names left unwritten and hard-coded answers are modules and answers of ours: see `costs`; for mutants made by machine,
`survivors`.
"""

from __future__ import annotations

import functools
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.authoring import costs, generate, handout, leaks, load, margins, right, settings, stubs, survivors
from grader.authoring.costs import Cost
from grader.authoring.course import Course
from grader.authoring.margins import Margin
from grader.authoring.right import Accuracy, Duration, Score
from grader.authoring.survivors import Tally
from grader.contract import Answer, CheckRun, Run, Verdict
from grader.errors import AssignmentError
from grader.judging.judge import judge
from grader.pipeline import Marking, prepare
from grader.sandbox.tiers import open_sandbox
from student_template.runner import codec

Said = Callable[[str], None]


@dataclass
class Validation:
    """What was measured. `findings` are the reasons against, one sentence each; `notes` are worth knowing."""

    td: str
    title: str
    version: str
    secrets: int
    sandbox: str = ""
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    margins: list[Margin] = field(default_factory=list)
    accuracies: list[Accuracy] = field(default_factory=list)
    durations: list[Duration] = field(default_factory=list)
    mutants: Tally | None = None


def validate(
    loaded: load.Loaded,
    secrets: Sequence[bytes],
    *,
    sandbox: str = "best",
    jobs: int = 1,
    mutants: bool = True,
    said: Said = lambda stage: None,
) -> Validation:
    """Measure an assignment at these secrets, and with `mutants` those of the reference. `said` is told each stage.

    Raises `GraderFault` where the sandbox fails: that says nothing about the assignment.
    """
    assignment = loaded.assignment
    found = Validation(assignment.name, assignment.title, assignment.version, len(secrets))
    say = found.findings.extend

    said("expected outputs")
    # With cases of one's own, those that are nobody's stand for all: they are drawn as everybody's are.
    marking = replace(prepare(loaded, secrets[0]), own=None)
    markings = [marking, *(replace(prepare(loaded, s, mistakes=False), own=None) for s in secrets[1:])]

    said("right answers, and none")
    if not right.solutions(loaded):
        found.notes.append(f"no independent solution: write one as tests/independent/{assignment.name}_NAME.py")
    with open_sandbox(sandbox, assignment) as box:
        found.sandbox = box.tier
        solved = right.solved(box, loaded, markings)
        nothing = right.nothing(box, loaded, marking)
    found.scores = [right.score(each) for each in [*solved, nothing]]
    found.accuracies = [accuracy for each in solved for accuracy in right.accuracies(each)]
    found.durations = right.slowest(duration for each in solved for duration in right.durations(each))
    say(finding for each in [*solved, nothing] for finding in right.findings(each))
    say(right.untaught(markings))

    said("names and hard-coded answers")
    say(_leaks(loaded, marking))
    say(_names_alone(loaded, marking))
    say(_hard_coded(markings))

    said("mistakes")
    found.costs = costs.measure(loaded, markings, jobs)
    say(costs.findings(loaded, found.costs, len(markings)))
    found.margins = _margins(loaded, markings, solved, found.costs)
    say(finding for margin in found.margins for finding in margin.findings)

    if mutants:
        said("mutants")
        fates = survivors.measure(loaded, marking, jobs)
        found.mutants = survivors.tally(fates)
        say(survivors.findings(loaded, fates))
    return found


def _margins(
    loaded: load.Loaded, markings: Sequence[Marking], solved: Sequence[right.Graded], found: Sequence[Cost]
) -> list[Margin]:
    """How near right and wrong answers are to what each check allows."""
    rights = [("the reference, off by rounding", right.noise(loaded, markings)), *map(right.distances, solved)]
    wrongs = [(cost.mistake, cost.distances) for cost in found]
    return [
        Margin(check.id)
        .with_right((who, distances[check.id]) for who, distances in rights if check.id in distances)
        .with_wrong((mistake, distances.get(check.id, math.inf)) for mistake, distances in wrongs)
        for check in loaded.assignment.checks
        if check.compare["kind"] in margins.MEASURED
    ]


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
            names = sorted(name for name, _ in set(loaded.items.items()) ^ set(other.items.items()))
            found.append(f"in {language} names to write, or their questions, are others: {', '.join(names)}")
        with tempfile.TemporaryDirectory() as folder:
            made = handout.write(other, "", Path(folder))
            for leak in leaks.leaks(other, made):
                found.append(f"in {language} the handout shows part of a solution: {leak}")
    return found


def _leaks(loaded: load.Loaded, marking: Marking) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        made = generate.generate(loaded, marking, Path(folder))
        for leak in leaks.leaks(loaded, made):
            yield f"the handout shows part of a solution: {leak}"


def _names_alone(loaded: load.Loaded, marking: Marking) -> Iterator[str]:
    """Each name that students write, left unwritten alone, costs points on its own question."""
    for dotted, question in loaded.items.items():
        make = functools.partial(_unwritten, loaded, dotted, question)
        asked = [check for check in loaded.assignment.checks if check.question == question]
        verdicts, _ = costs.verdicts(marking, make, asked, public=False)
        if not any(verdict.points < verdict.max_points for verdict in verdicts):
            yield f"{dotted} can be left unwritten at no cost on its question {question}"


def _unwritten(loaded: load.Loaded, dotted: str, question: str) -> Any:
    edited = dict(loaded.course.sources)
    for name in loaded.sources:
        if dotted in stubs.items(loaded.sources[name], name):
            edited[name] = stubs.stub_alone(loaded.sources[name], name, dotted, question)
    return load.reference(Course(loaded.course.folder, edited), list(loaded.sources))


def _hard_coded(markings: Sequence[Marking]) -> Iterator[str]:
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
            yield (
                f"{name}: hard-coded answers to the public cases earn {worst.points:.4g} of {worst.max_points:g} "
                f"({worst.hidden.passed} of {worst.hidden.cases} hidden cases), at {len(verdicts)} of {len(markings)} "
                "secrets"
            )
