"""Is this TD fit to grade with? Measured, not promised.

The reference and the untouched stub go the whole way, sandbox included. Mistakes, names left unwritten and
hard-coded answers are modules and answers of ours, so they are put to the probes directly and judged like any
submission: quicker, and the same verdicts.

A TD is fit if right answers get everything, nothing gets nothing, every known mistake costs points but none costs too
much, every name that students write is worth something on its own question, and what the handout shows (the public
answers) is worth nothing when it is repeated.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.authoring import generate, handout, leaks, load, settings, stubs
from grader.authoring.course import Course
from grader.contract import Answer, CheckRun, Outcome, Run, Submission, Verdict
from grader.errors import AssignmentError
from grader.gradebook.score import total
from grader.judging import expected
from grader.judging.judge import judge
from grader.pipeline import Marking, grade, prepare
from grader.sandbox.tiers import open_sandbox
from student_template.runner import codec

DEAR = 2.5  # points that one mistake may cost
RAMP = 0.1  # points by which a score may differ between secrets, where a ramp is partial


@dataclass(frozen=True, slots=True)
class Cost:
    """What a mistake costs, at one secret: in all, and the questions where."""

    mistake: str
    points: float
    questions: tuple[str, ...]
    recognised: int  # checks whose feedback names this mistake
    lowest: float  # over all secrets tried
    highest: float


@dataclass
class Validation:
    """What was measured; `findings` are the reasons against, one sentence each."""

    findings: list[str] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)


def validate(loaded: load.Loaded, secrets: Sequence[bytes], *, sandbox: str = "best", jobs: int = 1) -> Validation:
    """Measure an assignment with the first secret, and how mistakes score with all of them."""
    found = Validation()
    marking = prepare(loaded, secrets[0])
    _whole_way(loaded, marking, sandbox, found)
    _no_leak(loaded, marking, found)
    _names_alone(loaded, marking, found)
    markings = [marking, *(prepare(loaded, secret, mistakes=False) for secret in secrets[1:])]
    _hard_coded(markings, found)
    _mistakes(loaded, markings, jobs, found)
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


def _whole_way(loaded: load.Loaded, marking: Marking, sandbox: str, found: Validation) -> None:
    """The reference gets everything and the stub nothing, through the sandbox."""
    file = loaded.assignment.file
    sources = {"the reference": stubs.as_submission(loaded.sources).encode(), "the untouched stub": _stub(loaded)}
    by_checks = loaded.assignment.out_of - sum(manual.points for manual in loaded.assignment.manual)
    wanted = {"the reference": by_checks, "the untouched stub": 0.0}
    with open_sandbox(sandbox, loaded.assignment) as box:
        for name, source in sources.items():
            _, report = grade(box, Submission(name, name, file, source), marking)
            found.scores[name] = report.score if report.score is not None else float("nan")
            if report.score is None or abs(report.score - wanted[name]) > 1e-9:
                lost = [v.id for v in report.verdicts if (v.outcome is Outcome.PASS) != (wanted[name] > 0)]
                score = f"{report.score:g}" if report.score is not None else f"no score ({report.status})"
                found.findings.append(f"{name} gets {score}, not {wanted[name]:g}: {', '.join(lost)}")


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
        verdicts = _verdicts(marking, module)
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


def _mistakes(loaded: load.Loaded, markings: Sequence[Marking], jobs: int, found: Validation) -> None:
    """Each mistake costs points, not too many, and the same at every secret."""
    # Forked workers inherit the modules, which cannot be sent. Nothing of a student's is run here.
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        _WORK[:] = [loaded, markings]
        for mistake, (cost, ramp) in zip(loaded.mistakes, pool.map(_cost, range(len(loaded.mistakes))), strict=True):
            found.costs.append(cost)
            if cost.points <= 0:
                found.findings.append(f"mistake {cost.mistake} costs nothing")
            if cost.points > DEAR and not mistake.why_dear:
                found.findings.append(
                    f"mistake {cost.mistake} costs {cost.points:.4g} points, on {', '.join(cost.questions)}: "
                    f"above {DEAR:g} it needs `why_dear`"
                )
            if cost.highest - cost.lowest > (RAMP if ramp else 1e-9):
                found.findings.append(
                    f"mistake {cost.mistake} scores from {cost.lowest:.4g} to {cost.highest:.4g} over {len(markings)} "
                    "secrets: chance gives marks"
                )


_WORK: list[Any] = []  # what forked workers inherit: the assignment, and a marking for each secret


def _cost(number: int) -> tuple[Cost, bool]:
    loaded, markings = _WORK
    mistake = loaded.mistakes[number]
    module = load.mutated(loaded, mistake)
    verdicts = [_verdicts(marking, module, public=marking is markings[0]) for marking in markings]
    first, scores = verdicts[0], [total(each) for each in verdicts]
    cost = Cost(
        mistake=mistake.id,
        points=sum(check.points for check in loaded.assignment.checks) - scores[0],
        questions=tuple(dict.fromkeys(v.question for v in first if v.points < v.max_points)),
        recognised=sum(v.hint is not None and v.hint.values.get("mistake") == mistake.id for v in first),
        lowest=min(scores),
        highest=max(scores),
    )
    ramps = {check.id for check in loaded.assignment.checks if check.compare["kind"] == "accuracy"}
    return cost, any(v.outcome is Outcome.PARTIAL and v.id in ramps for each in verdicts for v in each)


def _verdicts(marking: Marking, module: Any, public: bool = True) -> tuple[Verdict, ...]:
    """A module of ours, asked and judged outside the sandbox. Without `public`, hidden cases alone are asked."""
    if not public:
        marking = replace(marking, public={}, expectations={n: k.hidden_only for n, k in marking.expectations.items()})
    return judge(marking.assignment, _run(marking, module), marking.expectations, marking.functions, marking.hints)


def _run(marking: Marking, module: Any) -> Run:
    probes = expected.probes(marking.assignment.probes, marking.assignment.checks)
    return Run(
        {
            check.id: CheckRun(
                expected.answers(probes[check.id], module, marking.public.get(check.id, ())),
                expected.answers(probes[check.id], module, marking.hidden[check.id]),
            )
            for check in marking.assignment.checks
        }
    )
