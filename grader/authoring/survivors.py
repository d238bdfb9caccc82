"""Do the checks see what is wrong? The reference's mutants, put to them.

Each mutant of what stands between solution markers runs in a process of its own, which is killed where it takes too
long and refused memory where it takes too much: a mutant may loop for ever. There is no sandbox, as the code is ours.
Hidden cases alone are asked, and judged like any submission's.

A mutant that raises an exception somewhere shows little: any check would see it. Of the others at least 95 % must lose
points. Who survives is looked at by a person. It is a hole in the checks, or it is equivalent: then the assignment's
`equivalents.toml` says why, for at most 3 % of those that raise nothing.

    [[equivalent]]
    module = "reference.fitting"
    function = "linear_regression"
    operator = "constant"
    before = "theta: np.ndarray = np.linalg.lstsq(X, y, rcond=None)[0]"
    after = "…"
    reason = "…"

A record is found by its function and its lines' text, so that it survives edits elsewhere.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from multiprocessing.connection import Connection, wait
from typing import Any

import msgspec

from grader.authoring import load, markers, settings
from grader.authoring.course import Course, read_text
from grader.authoring.mutants import Mutant, mutate
from grader.contract import Check, CheckRun, Outcome, Run
from grader.errors import AssignmentError, GraderFault
from grader.judging import expected
from grader.judging.judge import judge
from grader.pipeline import Marking
from grader.sandbox.inside import linux
from student_template.runner.probing import Probe

LOSE = 0.95  # of the mutants that raise nothing, the share that must lose points
FEW = 2  # that may survive in any case: of thirty mutants one more or less is no proof
EQUIVALENT = 0.03  # and the share that may be recorded as equivalent
SLOW = 0.05  # seconds from which on a check is asked last, and only of those that no other check has caught
PATIENCE = 20  # times the reference's own time, on top of two seconds


class Kind(StrEnum):
    """What became of a mutant."""

    RAISES = "raises"  # an exception, too much time or memory, a crash
    KILLED = "killed"  # it raises nothing and loses points
    SURVIVES = "survives"
    EQUIVALENT = "equivalent"  # it survives, and a record says why it may


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant of one module of the reference."""

    module: str
    mutant: Mutant
    kind: Kind
    check: str = ""  # the check that caught it; empty if none did, or if it did not come so far
    why: str = ""  # for one that raises, what; for one that is equivalent, the recorded reason


class Equivalent(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One record of `equivalents.toml`."""

    module: str
    function: str
    operator: str
    before: str
    after: str
    reason: str

    def describes(self, module: str, mutant: Mutant) -> bool:
        ours = (self.module, self.function, self.operator, self.before, self.after)
        return ours == (module, mutant.function, mutant.operator, mutant.before, mutant.after)


class _Records(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    equivalent: list[Equivalent] = msgspec.field(default_factory=list)


def measure(loaded: load.Loaded, marking: Marking, jobs: int = 1) -> list[Fate]:
    """The fate of every mutant of the solutions, in their order, `jobs` at a time.

    Raises `AssignmentError` for records that cannot be read, `GraderFault` where it is not the mutant that fails.
    """
    known = records(loaded)
    mutants = [
        (module, mutant)
        for module, source in loaded.sources.items()
        for mutant in mutate(source, _lines(source, module))
    ]
    plan = _plan(loaded, marking)
    found = {}
    for number, (kind, check, why) in _in_processes(loaded, marking, plan, mutants, jobs):
        module, mutant = mutants[number]
        if kind is Kind.SURVIVES:
            for record in known:
                if record.describes(module, mutant):
                    kind, why = Kind.EQUIVALENT, record.reason
        found[number] = Fate(module, mutant, kind, check, why)
    return [found[number] for number in range(len(mutants))]


def findings(loaded: load.Loaded, fates: Sequence[Fate]) -> list[str]:
    """The reasons against the checks, one sentence each; none if they see enough."""
    told = [fate for fate in fates if fate.kind is not Kind.RAISES]
    killed, equivalent = (sum(fate.kind is kind for fate in told) for kind in (Kind.KILLED, Kind.EQUIVALENT))
    found = []
    if len(told) - killed > max(FEW, (1 - LOSE) * len(told)):
        found.append(
            f"of {len(told)} mutants that raise nothing {killed} lose points, {killed / len(told):.1%}; {LOSE:.0%} must"
        )
    if equivalent > max(FEW, EQUIVALENT * len(told)):
        found.append(
            f"of {len(told)} mutants that raise nothing {equivalent} are recorded as equivalent,"
            f" {equivalent / len(told):.1%}; {EQUIVALENT:.0%} may be"
        )
    found += [
        f"{loaded.folder / 'equivalents.toml'}: {record.after!r} in {record.function} is recorded, and is no survivor;"
        " remove the record"
        for record in stale(loaded, fates)
    ]
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mutants there are, what became of them, and which survive without being equivalent."""

    mutants: int
    raises: int
    killed: int
    equivalent: int
    survivors: tuple[str, ...]


def tally(fates: Sequence[Fate]) -> Tally:
    """Count fates."""
    counts = {kind: sum(fate.kind is kind for fate in fates) for kind in Kind}
    survivors = tuple(told_of(fate) for fate in fates if fate.kind is Kind.SURVIVES)
    return Tally(len(fates), counts[Kind.RAISES], counts[Kind.KILLED], counts[Kind.EQUIVALENT], survivors)


def told_of(fate: Fate) -> str:
    """A mutant in one line: where it is, and what was changed."""
    mutant = fate.mutant
    return f"{fate.module}, line {mutant.line} ({mutant.function}): {mutant.before} → {mutant.after}"


def records(loaded: load.Loaded) -> list[Equivalent]:
    """The assignment's records of equivalent mutants; none if it has no such file."""
    path = loaded.folder / "equivalents.toml"
    if not path.is_file():
        return []
    found = settings.decode(path, read_text(path), _Records).equivalent
    for record in found:
        if not record.reason.strip():
            raise AssignmentError(f"{path}: {record.after!r} in {record.function} has no reason")
    return found


def stale(loaded: load.Loaded, fates: Sequence[Fate]) -> list[Equivalent]:
    """Records of what is no survivor: of an edited line, or of one that a check catches now."""
    used = [fate for fate in fates if fate.kind is Kind.EQUIVALENT]
    return [record for record in records(loaded) if not any(record.describes(f.module, f.mutant) for f in used)]


def _lines(source: str, module: str) -> set[int]:
    return {line for region in markers.regions(source, module) for line in range(region.first_line, region.last_line)}


# One mutant


@dataclass(frozen=True, slots=True)
class _Planned:
    check: Check
    probe: Probe
    seconds: float  # what the reference took

    @property
    def slow(self) -> bool:
        return self.seconds > SLOW


def _plan(loaded: load.Loaded, marking: Marking) -> list[_Planned]:
    """The checks in the order in which they are asked."""
    probes = expected.probes(loaded.assignment.probes, loaded.assignment.checks)
    plan = []
    for check in loaded.assignment.checks:
        probe = replace(probes[check.id], of=None)  # differences of the own function are for feedback
        start = time.perf_counter()
        expected.answers(probe, loaded.reference, marking.hidden[check.id])
        plan.append(_Planned(check, probe, time.perf_counter() - start))
    return sorted(plan, key=lambda planned: planned.slow)


Told = tuple[Kind, str, str]  # of a mutant: what became of it, the check, why


def _tried(loaded: load.Loaded, marking: Marking, plan: Sequence[_Planned], module: str, mutant: Mutant) -> Told:
    """What becomes of a mutant, in this process."""
    sources = {**loaded.course.sources, module: mutant.source}
    _within(loaded.assignment.limits.load_seconds)
    try:
        edited = load.reference(Course(loaded.course.folder, sources), list(loaded.sources))
    except AssignmentError as error:
        return Kind.RAISES, "", str(error)
    caught = ""
    for planned in plan:
        if caught and planned.slow:
            break
        check = planned.check
        _within(2 + PATIENCE * planned.seconds)
        answers = expected.answers(planned.probe, edited, marking.hidden[check.id])
        for answer in answers:
            if answer.outcome not in (None, Outcome.WRONG):
                return Kind.RAISES, check.id, str(answer.values.get("error") or answer.outcome)
        alone = replace(marking.assignment, checks=(check,))
        known = {check.id: marking.expectations[check.id].hidden_only}
        (verdict,) = judge(alone, Run({check.id: CheckRun((), answers)}), known, marking.functions, {})
        if verdict.points < verdict.max_points:
            caught = caught or check.id
    return Kind.KILLED if caught else Kind.SURVIVES, caught, ""


def _within(seconds: float) -> None:
    """The kernel kills this process if it does not get here again in time; no `except` of a mutant's can stop that."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


# All of them


def _in_processes(
    loaded: load.Loaded,
    marking: Marking,
    plan: Sequence[_Planned],
    mutants: Sequence[tuple[str, Mutant]],
    jobs: int,
) -> Iterator[tuple[int, Told]]:
    """(number, what became of it) of each mutant, in the order in which they come to their ends."""
    fork = multiprocessing.get_context("fork")  # modules cannot be sent
    memory = linux.address_space() + loaded.assignment.limits.memory
    todo = iter(enumerate(mutants))
    running: dict[Connection, tuple[int, Any]] = {}
    try:
        while True:
            while len(running) < jobs and (following := next(todo, None)):
                number, (module, mutant) = following
                ours, theirs = fork.Pipe(duplex=False)
                process = fork.Process(target=_process, args=(theirs, memory, loaded, marking, plan, module, mutant))
                process.start()
                theirs.close()  # ends when the process does
                running[ours] = number, process
            if not running:
                return
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)
                number, process = running.pop(ready)
                yield number, _end(ready, process)
    finally:
        for connection, (_, process) in running.items():
            process.kill()
            process.join()
            connection.close()


def _end(connection: Connection, process: Any) -> Told:
    """What a process has sent, or what it died of."""
    try:
        told = connection.recv()
    except EOFError:
        told = None
    connection.close()
    process.join()
    if isinstance(told, str):
        raise GraderFault(f"a mutant could not be judged: {told}")
    if told is None:
        died = -(process.exitcode or 0)
        return Kind.RAISES, "", "timeout" if died == signal.SIGALRM else f"crashed (signal {died})"
    kind, check, why = told
    return kind, check, why


def _process(connection: Connection, memory: int, *work: Any) -> None:
    """The life of a mutant's process. What it prints goes nowhere."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    linux.limit(resource.RLIMIT_CORE, 0)
    linux.limit(resource.RLIMIT_AS, memory)
    told: Told | str
    try:
        told = _tried(*work)
    except MemoryError:
        told = Kind.RAISES, "", "memory"
    except Exception as error:  # ours: a mutant's own end in its answers
        told = f"{type(error).__name__}: {error}"
    connection.send(told)
