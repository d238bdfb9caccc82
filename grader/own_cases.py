"""Hidden cases for each student, where an assignment says `own_cases = true`.

They are drawn from the secret and the student's id (a team's from the team's), so that another grading of the same
student asks the same. What is expected of them is computed here, by the reference, whenever a submission is graded, and
kept nowhere: it costs less than to run the submission. What known mistakes would answer costs several times as much,
and is computed for the checks that fail alone.

Workers are threads, and a reference may have state (a tape, a mode): one at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from grader.authoring import draws, load
from grader.contract import Answer, Case, Check
from grader.judging import expected
from grader.judging.judge import Expectations
from student_template.runner import codec


class OwnCases:
    """What of an assignment is another's for each student."""

    def __init__(self, loaded: load.Loaded, secret: bytes, *, mistakes: bool) -> None:
        self._loaded, self._secret = loaded, secret
        self._mistakes = loaded.mistakes if mistakes else ()
        self._lock = threading.RLock()

    def of(self, student: str, known: Mapping[str, Expectations]) -> tuple[draws.Cases, dict[str, Expectations]]:
        """A student's hidden cases, and what is expected of each check; `known` has the public part.

        Raises `AssignmentError` where the cases cannot be drawn or the reference fails on them.
        """
        with self._lock:
            _, hidden = draws.draw(self._loaded, self._secret, student)
            reference = load.fresh(self._loaded)  # that nobody's cases have been put to
            found = {}
            for check in self._loaded.assignment.checks:
                outputs = expected.expected(self._probes[check.id], reference, hidden[check.id])
                found[check.id] = replace(
                    known[check.id],
                    hidden=hidden[check.id],
                    hidden_expected=[codec.decode(value) for value in outputs],
                    mistakes=_WhenAsked(self._making(check, known[check.id], hidden[check.id])),
                )
        return hidden, found

    def _making(
        self, check: Check, known: Expectations, hidden: Sequence[Case]
    ) -> Callable[[], Mapping[str, Sequence[Answer]]]:
        """A function that computes the answers of known mistakes: public ones, which are everybody's, then hidden."""

        def make() -> Mapping[str, Sequence[Answer]]:
            near = {name: mutant for name, mutant in self._mutants.items() if name in known.mistakes}
            with self._lock:
                theirs = expected.of_mistakes(self._probes[check.id], check, near, hidden)
            shown = len(known.public)
            return {name: (*known.mistakes[name][:shown], *answers) for name, answers in theirs.items()}

        return make

    @cached_property
    def _probes(self) -> Mapping[str, Any]:
        assignment = self._loaded.assignment
        return expected.probes(assignment.probes, assignment.checks)

    @cached_property
    def _mutants(self) -> Mapping[str, Any]:
        return {mistake.id: load.mutated(self._loaded, mistake) for mistake in self._mistakes}


class _WhenAsked(Mapping[str, Sequence[Answer]]):
    """A mapping that is made when it is first looked into."""

    def __init__(self, make: Callable[[], Mapping[str, Sequence[Answer]]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Sequence[Answer]]:
        return self._make()

    def __getitem__(self, name: str) -> Sequence[Answer]:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
