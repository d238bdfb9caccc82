"""What each known mistake costs, the same at every secret.

Mistakes are modules of ours: they are put to the probes directly, in forked processes, and judged like any submission,
which is quicker than a sandbox and gives the same verdicts.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from grader.authoring import load, margins, reach
from grader.authoring.course import Course
from grader.contract import Answer, Check, CheckRun, Outcome, Run, Verdict
from grader.judging import expected
from grader.judging.judge import judge
from grader.pipeline import Marking
from student_template.runner import codec

DEAR = 2.5  # points that one mistake may cost
RAMP = 0.1  # points by which a score may differ between secrets, where a ramp is partial


@dataclass(frozen=True, slots=True)
class Cost:
    """What a mistake costs, at the first secret, and its scores over all of them."""

    mistake: str
    points: float
    questions: tuple[str, ...]  # where it loses them
    recognised: int  # checks whose feedback names this mistake
    lowest: float
    highest: float
    partial: bool = False  # does a ramp give a part of a check's points?
    distances: Mapping[str, float] = field(default_factory=dict)  # by failed check, in its tolerances


def measure(loaded: load.Loaded, markings: Sequence[Marking], jobs: int) -> list[Cost]:
    """The cost of each mistake. `markings` are those of the secrets; the first has the mistakes' own answers too."""
    _WORK[:] = [loaded, markings, reached(loaded, markings[0])]
    # Forked workers inherit the modules, which cannot be sent. Nothing of a student's is run here.
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        return list(pool.map(_cost, range(len(loaded.mistakes))))


def findings(loaded: load.Loaded, costs: Sequence[Cost]) -> Iterator[str]:
    """Mistakes that cost nothing, too much, or now this and now that: a sentence each."""
    for mistake, cost in zip(loaded.mistakes, costs, strict=True):
        if cost.points <= 0:
            yield f"mistake {cost.mistake} costs nothing"
        if cost.points > DEAR and not mistake.why_dear:
            yield (
                f"mistake {cost.mistake} costs {cost.points:.4g} points, on {', '.join(cost.questions)}: "
                f"above {DEAR:g} it needs `why_dear`"
            )
        if cost.highest - cost.lowest > (RAMP if cost.partial else 1e-9):
            yield (
                f"mistake {cost.mistake} scores from {cost.lowest:.4g} to {cost.highest:.4g} over the secrets: "
                "chance gives marks"
            )


def reached(loaded: load.Loaded, marking: Marking) -> dict[str, reach.Reached]:
    """By check, the functions of the reference that it runs; under "" those that run while the reference is loaded."""
    files = {str(loaded.course.path(name)) for name in loaded.sources}
    probes = expected.probes(loaded.assignment.probes, loaded.assignment.checks)

    def again() -> None:
        load.reference(Course(loaded.course.folder, loaded.course.sources), list(loaded.sources))

    found = {"": reach.functions_run(again, files)}
    for check in loaded.assignment.checks:
        cases = [*marking.public[check.id], *marking.hidden[check.id]]
        run = reach.functions_run(lambda: expected.answers(probes[check.id], loaded.reference, cases), files)  # noqa: B023
        found[check.id] = run
    return found


def touched(checks: Sequence[Check], by: Mapping[str, reach.Reached], changed: reach.Reached | None) -> list[Check]:
    """The checks whose answers a change of these functions may change; None changes all."""
    if changed is None or changed & by[""]:
        return list(checks)
    return [check for check in checks if by[check.id] & changed]


def verdicts(
    marking: Marking, module: Any, checks: Sequence[Check], *, public: bool = True
) -> tuple[tuple[Verdict, ...], Run]:
    """The verdicts of these checks on a module of ours, and its answers."""
    assignment = replace(marking.assignment, checks=tuple(checks))
    probes = expected.probes(assignment.probes, checks)
    runs = {}
    for check in checks:
        shown = marking.public[check.id] if public else ()
        answers = expected.answers(probes[check.id], module, [*shown, *marking.hidden[check.id]])
        runs[check.id] = CheckRun(public=answers[: len(shown)], hidden=answers[len(shown) :])
    known = marking.expectations if public else {c.id: marking.expectations[c.id].hidden_only for c in checks}
    run = Run(runs)
    return judge(assignment, run, known, marking.functions, marking.hints), run


_WORK: list[Any] = []  # what forked workers inherit: the assignment, a marking for each secret, what checks run


def _cost(number: int) -> Cost:
    loaded, markings, by = _WORK
    mistake = loaded.mistakes[number]
    module = load.mutated(loaded, mistake)
    checks = touched(loaded.assignment.checks, by, _changed(loaded.sources, load.edited(loaded, mistake)))
    out_of = sum(check.points for check in loaded.assignment.checks)
    lost: list[float] = []
    partial = False
    first: tuple[Verdict, ...] = ()
    run = Run({})
    for marking in markings:
        found, answered = verdicts(marking, module, checks, public=marking is markings[0])
        if marking is markings[0]:
            first, run = found, answered
        lost.append(sum(verdict.max_points - verdict.points for verdict in found))
        partial = partial or any(v.outcome is Outcome.PARTIAL and v.points not in (0, v.max_points) for v in found)
    failed = {v.id for v in first if v.outcome is not Outcome.PASS}
    return Cost(
        mistake=mistake.id,
        points=lost[0],
        questions=tuple(dict.fromkeys(v.question for v in first if v.points < v.max_points)),
        recognised=sum(v.hint is not None and v.hint.values.get("mistake") == mistake.id for v in first),
        lowest=out_of - max(lost),
        highest=out_of - min(lost),
        partial=partial,
        distances=distances(markings[0], [check for check in checks if check.id in failed], run),
    )


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> reach.Reached | None:
    """The functions that differ between two states of some modules; None where more than functions does."""
    found = [reach.functions_changed(source, after[name]) for name, source in before.items() if after[name] != source]
    return None if None in found else frozenset().union(*(names for names in found if names is not None))


def distances(marking: Marking, checks: Collection[Check], run: Run) -> dict[str, float]:
    """By check, how far the hidden answers of a run are off, in tolerances; of checks that measure a distance."""
    found = {}
    for check in checks:
        if check.compare["kind"] in margins.MEASURED:
            answers = [value(answer) for answer in run.checks[check.id].hidden]
            found[check.id] = margins.furthest(check, marking.expectations[check.id].hidden_expected, answers)
    return found


def value(answer: Answer) -> Any:
    """What was answered; None where nothing was."""
    try:
        return codec.decode(answer.value) if answer.outcome is None else None
    except codec.CodecError:
        return None
