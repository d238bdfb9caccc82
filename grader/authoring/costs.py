"""What each known mistake costs, the same at every secret.

Mistakes are modules of ours: they are put to the probes directly, in forked processes, and judged like any submission,
which is quicker than a sandbox. Each check gets a module of its own, as it gets a fork there: what one leaves behind,
no other meets.
"""

from __future__ import annotations

import functools
import math
import multiprocessing
import statistics
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from grader.authoring import load, margins, reach
from grader.contract import Answer, Check, CheckRun, Outcome, Run, Verdict
from grader.judging import expected
from grader.judging.judge import judge
from grader.pipeline import Marking
from student_template.runner import codec

DEAR = 2.5  # points that one mistake may cost
LOOKS = 3  # draws at which it is seen what a check runs
RAMP = 0.1  # points by which a score may differ between secrets, where a ramp is partial
RARE = 50  # secrets, at one of which training may end otherwise


@dataclass(frozen=True, slots=True)
class Cost:
    """What a mistake costs, at the first secret, and its scores over all of them."""

    mistake: str
    points: float
    questions: tuple[str, ...]  # where it loses them
    recognised: int  # checks whose feedback names this mistake
    lowest: float
    highest: float
    firm: float = 0.0  # how far scores differ by checks that do not train
    odd: int = 0  # secrets at which training ends otherwise than usual, by more than a partial ramp may
    distances: Mapping[str, float] = field(default_factory=dict)  # by failed check, in its tolerances, the smallest


def measure(loaded: load.Loaded, markings: Sequence[Marking], jobs: int) -> list[Cost]:
    """The cost of each mistake. `markings` are those of the secrets; the first has the mistakes' own answers too."""
    # Forked workers inherit the modules, which cannot be sent. Nothing of a student's is run here.
    forks = multiprocessing.get_context("fork")
    work = (loaded, markings, reached(loaded, markings[:LOOKS]))
    with ProcessPoolExecutor(jobs, forks, initializer=_begin, initargs=work) as pool:
        return list(pool.map(_cost, range(len(loaded.mistakes))))


def findings(loaded: load.Loaded, costs: Sequence[Cost], secrets: int) -> Iterator[str]:
    """Mistakes that cost nothing, too much, or now this and now that: a sentence each.

    Training that has a mistake in it may end well at one draw and badly at another; at one of fifty that is tolerated.
    """
    for mistake, cost in zip(loaded.mistakes, costs, strict=True):
        if cost.points <= 0:
            yield f"mistake {cost.mistake} costs nothing"
        if cost.points > DEAR and not mistake.why_dear:
            yield (
                f"mistake {cost.mistake} costs {cost.points:.4g} points, on {', '.join(cost.questions)}: "
                f"above {DEAR:g} it needs `why_dear`"
            )
        if cost.firm > 1e-9 or cost.odd > secrets // RARE:
            yield (
                f"mistake {cost.mistake} scores from {cost.lowest:.4g} to {cost.highest:.4g} over the secrets: "
                "chance gives marks"
            )


def reached(loaded: load.Loaded, markings: Sequence[Marking]) -> dict[str, reach.Reached]:
    """By check, the functions of the reference that it runs; under "" those that run while the reference is loaded.

    A few draws are looked at for all: they have the same cases, and differ in numbers alone.
    """
    files = {str(loaded.course.path(name)) for name in loaded.sources}
    probes = expected.probes(loaded.assignment.probes, loaded.assignment.checks)
    # Each time a fresh one: what the reference keeps from one call to the next would not run again.
    fresh = functools.partial(load.fresh, loaded)
    found = {"": reach.functions_run(fresh, files)}
    for check in loaded.assignment.checks:
        found[check.id] = frozenset()
        for marking in markings:
            cases = [*marking.public[check.id], *marking.hidden[check.id]]
            module = fresh()
            asked = functools.partial(expected.answers, probes[check.id], module, cases)
            found[check.id] |= reach.functions_run(asked, files)
    return found


def touched(checks: Sequence[Check], by: Mapping[str, reach.Reached], changed: reach.Reached | None) -> list[Check]:
    """The checks whose answers a change of these functions may change; None changes all."""
    if changed is None or changed & by[""]:
        return list(checks)
    return [check for check in checks if by[check.id] & changed]


def verdicts(
    marking: Marking, make: Callable[[], Any], checks: Sequence[Check], *, public: bool = True
) -> tuple[tuple[Verdict, ...], Run]:
    """The verdicts of these checks on a module of ours, made for each of them, and its answers."""
    assignment = replace(marking.assignment, checks=tuple(checks))
    probes = expected.probes(assignment.probes, checks)
    runs = {}
    for check in checks:
        shown = marking.public[check.id] if public else ()
        answers = expected.answers(probes[check.id], make(), [*shown, *marking.hidden[check.id]])
        runs[check.id] = CheckRun(public=answers[: len(shown)], hidden=answers[len(shown) :])
    known = marking.expectations if public else {c.id: marking.expectations[c.id].hidden_only for c in checks}
    run = Run(runs)
    return judge(assignment, run, known, marking.functions, marking.hints), run


_work: tuple[load.Loaded, Sequence[Marking], Mapping[str, reach.Reached]]  # of a forked worker


def _begin(*work: Any) -> None:
    global _work
    _work = work


def _cost(number: int) -> Cost:
    loaded, markings, by = _work
    mistake = loaded.mistakes[number]
    checks = touched(loaded.assignment.checks, by, reach.changed(loaded.sources, load.edited(loaded, mistake)))
    ramps = {check.id for check in checks if check.compare["kind"] == "accuracy"}
    out_of = sum(check.points for check in loaded.assignment.checks)
    lost: list[float] = []
    by_training: list[float] = []
    nearest: dict[str, float] = {}
    first: tuple[Verdict, ...] = ()
    for marking in markings:
        make = functools.partial(load.mutated, loaded, mistake)
        found, run = verdicts(marking, make, checks, public=marking is markings[0])
        first = first or found
        lost.append(sum(verdict.max_points - verdict.points for verdict in found))
        by_training.append(sum(v.max_points - v.points for v in found if v.id in ramps))
        failed = {verdict.id for verdict in found if verdict.outcome is not Outcome.PASS}
        for check, off in distances(marking, [check for check in checks if check.id in failed], run).items():
            nearest[check] = min(off, nearest.get(check, math.inf))
    return Cost(
        mistake=mistake.id,
        points=lost[0],
        questions=tuple(dict.fromkeys(v.question for v in first if v.points < v.max_points)),
        recognised=sum(v.hint is not None and v.hint.values.get("mistake") == mistake.id for v in first),
        lowest=out_of - max(lost),
        highest=out_of - min(lost),
        firm=_spread([a - b for a, b in zip(lost, by_training, strict=True)]),
        odd=sum(abs(points - statistics.median(by_training)) > RAMP + 1e-9 for points in by_training),
        distances=nearest,
    )


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values)


def distances(marking: Marking, checks: Collection[Check], run: Run) -> dict[str, float]:
    """By check, how far the hidden answers of a run are off, in tolerances; of checks that measure it and were run."""
    found = {}
    for check in checks:
        if check.compare["kind"] in margins.MEASURED and check.id in run.checks:
            answers = [value(answer) for answer in run.checks[check.id].hidden]
            found[check.id] = margins.furthest(check, marking.expectations[check.id].hidden_expected, answers)
    return found


def value(answer: Answer) -> Any:
    """What was answered; None where nothing was."""
    try:
        return codec.decode(answer.value) if answer.outcome is None else None
    except codec.CodecError:
        return None
