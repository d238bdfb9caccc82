"""What the reference answers, and what each known mistake would: computed outside, in a trusted process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.contract import Answer, Case, Check, Outcome
from grader.errors import AssignmentError
from student_template.runner import probing
from student_template.runner.loading import Loaded

COMPARED = ("close", "gradient", "equal")  # kinds whose wrong answers can be told apart


def probes(source: str, checks: Sequence[Check]) -> dict[str, probing.Probe]:
    """The probes of an assignment, from the very source that the sandbox and the handout run."""
    found, _ = probing.probes_of(
        source, [{"id": c.id, "parameters": list(c.parameters), "compare": dict(c.compare)} for c in checks]
    )
    return found


def answers(probe: probing.Probe, module: Any, cases: Sequence[Case]) -> tuple[Answer, ...]:
    """What a module answers to each case. Nothing that it does wrong is raised."""
    found = []
    for case in cases:
        answer = probing.ask(probe, Loaded(module), case.values)
        outcome = Outcome(answer.outcome) if answer.outcome else None
        found.append(Answer(outcome, answer.value, answer.key, answer.values, answer.extra))
    return tuple(found)


def expected(probe: probing.Probe, reference: Any, cases: Sequence[Case]) -> list[bytes]:
    """The reference's outputs, encoded. Raises `AssignmentError` where it has none."""
    found = []
    for case, answer in zip(cases, answers(probe, reference, cases), strict=True):
        if answer.outcome is not None:
            said = (answer.values.get(key) for key in ("error", "why", "what"))
            why = next(filter(None, said), answer.key)
            raise AssignmentError(f"check {probe.id}, case {case.name!r}: the reference itself fails: {why}")
        found.append(answer.value)
    return found


def of_mistakes(
    probe: probing.Probe, check: Check, mutants: Mapping[str, Any], cases: Sequence[Case]
) -> dict[str, tuple[Answer, ...]]:
    """The answers of each mistake's module, where answers of this check can be told apart."""
    if check.compare["kind"] not in COMPARED:
        return {}
    return {name: answers(probe, module, cases) for name, module in mutants.items()}
