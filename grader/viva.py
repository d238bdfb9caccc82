"""For an oral: small changes of a student's own code, and what each of them does, measured.

    the gradebook's file ── its functions that pass ── mutants ──► sandbox ──► answers against the student's own

Whoever wrote the code can say what a changed sign does to the gradient; the examiner has the answer in numbers. The
answers to the public cases are compared with those of the code as it was handed in, not with the reference's: the
question is what the change does. Neither the reference nor the secret has a part in it. The code is cut and edited as
text; it runs in the sandbox, and nowhere else.
"""

from __future__ import annotations

import ast
import hashlib
import json
import random
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.authoring import draws, store
from grader.authoring.load import Loaded
from grader.authoring.mutants import Mutant, mutate
from grader.contract import (
    Answer,
    Case,
    Change,
    Check,
    CheckRun,
    Effect,
    Note,
    Outcome,
    Report,
    Run,
    Status,
    Submission,
)
from grader.errors import UserError
from grader.sandbox import dialogue
from grader.sandbox.tiers import Sandbox
from student_template.runner import codec, reading
from student_template.runner.compare import Finding, compare
from student_template.runner.probing import MOST_ITEMS

COUNT = 3  # changes
TRIES = 24  # mutants that are run to find them
PATIENCE = 4  # mutants of one function that are run, before it is another's turn
MAX_SOURCE = 1 << 20  # bytes of a file, and characters of a function or class, that are looked at
MAX_BLOCK = 50_000
CONTEXT = 30  # lines of the function that are shown before the change and after it
SLACK = 5.0  # how many times as long as the student's own code a changed one may take
LEAST_SECONDS, LEAST_ACCURACY = 1.0, 0.01
TELLING = ("gradient", "accuracy")  # kinds of comparison that show in a gradient or a learning curve
STOPPED = (Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED, Outcome.FORBIDDEN)

CRUDE = ("viva_error", "viva_missing", "viva_shape", "viva_type")  # effects that say little
DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Cases = Mapping[str, Sequence[Case]]
Edit = tuple[reading.Block, Mutant]  # a top-level statement of the file, and what it becomes
Mutants = dict[str, list[Edit]]  # by function


def changes(loaded: Loaded, submission: Submission, report: Report, sandbox: Sandbox, seed: int = 0) -> list[Change]:
    """Up to three changes of functions that pass, of different ones where that can be; the same for the same seed.

    Raises `UserError` where there is nothing to ask about.
    """
    student = submission.student_id
    passed = {verdict.id: verdict.question for verdict in report.verdicts if verdict.outcome is Outcome.PASS}
    if report.status is not Status.GRADED or not submission.source:
        raise UserError(f"{student} has no file that was graded ({report.status}), so there is no code to ask about")
    if not passed:
        raise UserError(f"no check passes in what {student} handed in, so there is no code to ask about")
    cells = _cells(submission)
    asked, own = _mutants(reading.blocks(cells), loaded.items)
    passing = {name: edits for name, edits in asked.items() if loaded.items[name] in passed.values()}
    trial = _Trial(loaded, submission, cells, sandbox, passed)
    found = trial.choose([passing, own], _rng(student, seed))
    if not found:
        raise UserError(f"no small change of the code of {student} that passes has an effect that could be measured")
    return found


def _rng(student: str, seed: int) -> random.Random:
    return random.Random(hashlib.sha256(f"{seed} {student}".encode("utf-8", "surrogatepass")).digest())


# The text: which functions there are, and what they become


def _cells(submission: Submission) -> list[reading.Cell]:
    student = submission.student_id
    if len(submission.source) > MAX_SOURCE:
        raise UserError(f"{submission.picked} of {student} is too large to be read line by line")
    try:
        cells, _ = reading.read(submission.picked.rpartition("/")[2], submission.source)
    except reading.Unreadable as error:
        raise UserError(f"{student}: {error}") from None
    return cells


def _mutants(blocks: Sequence[reading.Block], items: Collection[str]) -> tuple[Mutants, Mutants]:
    """By function: those that were asked for, and the student's own ones, which they may call."""
    last: dict[str, reading.Block] = {}  # a name's last definition is the one that counts
    for block in blocks:
        if not block.error and len(block.text) <= MAX_BLOCK:
            last |= {node.name: block for node in _parsed(block.text).body if isinstance(node, DEFINITION)}
    asked: Mutants = {}
    own: Mutants = {}
    for name, block in last.items():
        for mutant in _mutated(block.text):
            if _top(mutant.function) != name:
                continue
            item = next((item for item in items if _within(mutant.function, item)), "")
            (asked if item else own).setdefault(item or mutant.function, []).append((block, mutant))
    return asked, own


def _mutated(text: str) -> list[Mutant]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like: the student's business
            return list(mutate(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # too deep for the tree to be walked
        return []


def _parsed(text: str) -> ast.Module:
    """The tree of a block that has been parsed before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _top(name: str) -> str:
    return name.partition(".")[0]


def _within(function: str, name: str) -> bool:
    """Is it this function, or one that is defined in it?"""
    return function == name or function.startswith(f"{name}.")


def _edited(submission: Submission, cells: Sequence[reading.Cell], block: reading.Block, mutant: Mutant) -> Submission:
    """What was handed in, with one block changed."""
    texts = [cell.text.split("\n") for cell in cells]
    texts[block.cell][block.line - 1 : block.end] = mutant.source.split("\n")
    written = ["\n".join(lines) for lines in texts]
    if not cells[0].label:
        return replace(submission, source=("\ufeff" + written[0]).encode())  # the mark outdoes a line `# coding: …`
    book: list[dict[str, Any]] = []
    for cell, text in zip(cells, written, strict=True):
        place = int(cell.label.rpartition(" ")[2])  # "cell 3": text cells are counted too
        book += [{"cell_type": "markdown", "source": ""}] * (place - 1 - len(book))
        book.append({"cell_type": "code", "source": text})
    return replace(submission, source=json.dumps({"cells": book, "nbformat": 4}).encode())


def _shown(before: str, after: str) -> tuple[int, tuple[tuple[str, str], ...]]:
    """The line of the first change in its block, and the function's lines around it."""
    old, new = before.split("\n"), after.split("\n")
    same = next(i for i, (one, other) in enumerate(zip([*old, None], [*new, None], strict=False)) if one != other)
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start, end = _span(before, same + 1)
    first, last = max(start, same - CONTEXT), min(end, len(old) - tail + CONTEXT)
    code = [("", line) for line in old[first:same]]
    code += [("-", line) for line in old[same : len(old) - tail]]
    code += [("+", line) for line in new[same : len(new) - tail]]
    code += [("", line) for line in old[len(old) - tail : last]]
    return same + 1, tuple(code)


def _span(text: str, line: int) -> tuple[int, int]:
    """The lines of the function that a line is in, from 0, the last one not included."""
    start, end = 0, text.count("\n") + 1
    body: Sequence[ast.stmt] = _parsed(text).body
    while around := [n for n in body if isinstance(n, DEFINITION) and n.lineno <= line <= (n.end_lineno or 0)]:
        start, end = around[0].lineno - 1, around[0].end_lineno or end
        body = around[0].body if isinstance(around[0], ast.ClassDef) else ()
    return start, end


# The measurement


class _Trial:
    """A submission as it is and with changes, put to the public cases of the checks that pass."""

    def __init__(
        self,
        loaded: Loaded,
        submission: Submission,
        cells: Sequence[reading.Cell],
        sandbox: Sandbox,
        passed: Mapping[str, str],
    ) -> None:
        self._submission, self._cells, self._sandbox = submission, cells, sandbox
        self._functions = loaded.functions
        drawn, _ = draws.draw(loaded, store.PUBLIC)
        public: Cases = {name: drawn[name] for name in drawn if name in passed}
        own = dialogue.run(sandbox, submission, dialogue.questions(loaded.assignment, public, {})).checks
        self._own = {name: values for name, run in own.items() if (values := _decoded(run)) is not None}
        self._cases: Cases = {name: public[name] for name in self._own}
        self._checks = {check.id: check for check in loaded.assignment.checks if check.id in self._own}
        again = dialogue.run(sandbox, submission, dialogue.questions(loaded.assignment, self._cases, {}))
        for effect in list(self._effects(again)):  # it answers otherwise each time: then a change says nothing
            del self._checks[effect.check]
        if not self._checks:
            raise UserError(
                f"what {submission.student_id} handed in answers nothing here, though it passed when graded"
            )
        most = loaded.assignment.limits.check_seconds
        hasty = [
            replace(check, seconds=min(check.seconds or most, max(LEAST_SECONDS, SLACK * own[name].seconds)))
            for name, check in self._checks.items()
        ]
        cases = {name: self._cases[name] for name in self._checks}
        self._questions = dialogue.questions(replace(loaded.assignment, checks=tuple(hasty)), cases, {})
        telling = any(check.compare["kind"] in TELLING for check in self._checks.values())
        self._wanted = 2 if telling else 1

    def choose(self, groups: Sequence[Mutants], rng: random.Random) -> list[Change]:
        """Changes of functions in turn, group after group, in an order that is drawn: first changes of different
        kinds, of functions that have no class in common.

        Those that show in a gradient or an accuracy come first, where any check has one; then those that change a
        number; then those that make the code fail.
        """
        order = [name for group in groups for name in rng.sample(list(group), len(group))]
        edits = {name: found for group in groups for name, found in group.items()}
        left = {name: rng.sample(edits[name], len(edits[name])) for name in order}
        kept: list[Change] = []
        kinds: set[str] = set()  # of what is kept
        spare: list[tuple[int, Change]] = []
        tries = 0
        for apart, unlike in ((True, True), (True, False), (False, False), (False, False)):
            for name in order:
                if apart and _top(name) in {_top(change.function) for change in kept}:
                    continue
                tried = [edit for edit in left[name] if not unlike or edit[1].operator not in kinds][:PATIENCE]
                for edit in tried:
                    if len(kept) == COUNT or tries == TRIES:
                        break
                    block, mutant = edit
                    left[name].remove(edit)
                    tries += 1
                    change = self._change(name, block, mutant)
                    worth = self._worth(change)
                    if worth >= self._wanted:
                        kept.append(change)
                        kinds.add(mutant.operator)
                        break
                    if change.effects:
                        spare.append((worth, change))
        while spare and len(kept) < COUNT:
            taken = {change.function for change in kept}
            best = max(spare, key=lambda item: (item[0], item[1].function not in taken))  # the first of the best
            spare.remove(best)
            kept.append(best[1])
        return kept

    def _change(self, name: str, block: reading.Block, mutant: Mutant) -> Change:
        line, code = _shown(block.text, mutant.source)
        run = dialogue.run(self._sandbox, _edited(self._submission, self._cells, block, mutant), self._questions)
        effects = () if run.crashed else tuple(self._effects(run))
        kinds = frozenset(self._checks[effect.check].compare["kind"] for effect in effects)
        return Change(name, block.label, block.line + line - 1, code, kinds, effects)

    def _worth(self, change: Change) -> int:
        """2: it shows in a gradient or an accuracy; 1: in another answer; 0: the code fails, or nothing changes."""
        measured = [effect for effect in change.effects if effect.notes[0].key not in CRUDE]
        if any(self._checks[effect.check].compare["kind"] in TELLING for effect in measured):
            return 2
        return 1 if measured else 0

    def _effects(self, run: Run) -> Iterator[Effect]:
        """Of each check that changes the case where most does. A change that stops the program has none."""
        answers = {name: asked.public for name, asked in run.checks.items()}
        if any(answer.outcome in STOPPED for given in answers.values() for answer in given):
            return
        for name, check in self._checks.items():
            found = [
                (size, case.name, notes)
                for case, own, answer in zip(self._cases[name], self._own[name], answers.get(name, ()), strict=False)
                for size, notes in self._effect(check, case, own, answer)
            ]
            if found:
                _, case_name, notes = max(found, key=lambda item: item[0])
                yield Effect(name, case_name, notes)

    def _effect(self, check: Check, case: Case, own: Any, answer: Answer) -> Iterator[tuple[float, tuple[Note, ...]]]:
        """How much one answer changes, if it does, and what is to be said of it."""
        if answer.outcome is not None:
            key = {Outcome.MISSING: "viva_missing", Outcome.WRONG: "viva_not_data"}.get(answer.outcome, "viva_error")
            yield 0.0, (Note(key, answer.values),)
            return
        try:
            new = codec.decode(answer.value, MOST_ITEMS)
        except codec.CodecError as error:
            yield 0.0, (Note("viva_not_data", {"why": str(error)}),)
            return
        before, after = (compare(check.compare, own, value, case.values, self._functions) for value in (own, new))
        if check.compare["kind"] == "accuracy" and "accuracy" in before.values and "accuracy" in after.values:
            size = abs(before.values["accuracy"] - after.values["accuracy"])
            if size >= LEAST_ACCURACY:
                yield (
                    size,
                    tuple(
                        Note(key, {"accuracy": found.values["accuracy"]})
                        for key, found in (("viva_accuracy_before", before), ("viva_accuracy_after", after))
                    ),
                )
        elif before.outcome == "pass" and after.outcome != "pass":
            yield float(after.values.get("relative", 0.0)), _told(after, own)


def _decoded(run: CheckRun) -> list[Any] | None:
    """The values of a check's public answers; None where one is missing."""
    if any(answer.outcome is not None for answer in run.public):
        return None
    try:
        return [codec.decode(answer.value, MOST_ITEMS) for answer in run.public]
    except codec.CodecError:
        return None


def _told(found: Finding, own: Any) -> tuple[Note, ...]:
    """A finding about a wrong answer as what a change does to a right one."""
    about = ("factor", "transposed", "own", "first")  # what is said of wrong answers
    values = {name: value for name, value in found.values.items() if name not in about}
    notes = [Note(f"viva_{found.key}", {**values, "was": _entry(own, found.values)})]
    factor = found.values.get("factor")
    if factor is not None:
        notes.append(Note("viva_sign") if factor == -1.0 else Note("viva_factor", {"times": factor}))
    if found.values.get("transposed"):
        notes.append(Note("viva_transposed"))
    return tuple(notes)


def _entry(answer: Any, values: Mapping[str, Any]) -> float | str:
    """What stood at the place that a finding names."""
    try:
        for name in filter(None, str(values.get("part", "")).split(".")):
            answer = answer[name]
        return float(np.asarray(answer)[tuple(values["index"])].real)
    except (KeyError, IndexError, TypeError, ValueError):
        return "?"
