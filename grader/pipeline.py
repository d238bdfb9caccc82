"""One submission's way to /10, joined from the rooms.

    intake ── Submission ──► sandbox ── Run ──► judge ── Verdicts ──► Report

`Marking` is what an assignment needs for it, prepared once: cases, the reference's outputs, what mistakes would give.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import sys
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader import __version__, packages
from grader.authoring import draws, load, reach, store
from grader.contract import (
    LOST,
    Answer,
    Assignment,
    Case,
    Check,
    Note,
    Outcome,
    Report,
    Run,
    Share,
    Status,
    Submission,
    Verdict,
)
from grader.errors import GraderFault
from grader.gradebook.digest import submission_id
from grader.gradebook.score import raw_score
from grader.judging import expected
from grader.judging.judge import Expectations, judge
from grader.own_cases import OwnCases
from grader.sandbox import dialogue
from grader.sandbox.tiers import Sandbox
from student_template.runner import codec

Cases = Mapping[str, Sequence[Case]]


@dataclass(frozen=True, slots=True)
class Marking:
    """All that the judge knows of an assignment. Of it the sandbox gets the cases' arguments, and nothing else."""

    assignment: Assignment
    public: Cases
    hidden: Cases
    expectations: Mapping[str, Expectations]
    functions: Mapping[str, Callable[..., Any]]
    hints: Mapping[str, str]
    questions: Sequence[dialogue.Question]
    own: OwnCases | None = None  # where each student has hidden cases of their own; those above are nobody's

    def of(self, submission: Submission) -> Marking:
        """What this submission is asked and judged by. Raises `AssignmentError` where the TD fails on a draw."""
        if self.own is None:
            return self
        hidden, expectations = self.own.of(submission.team or submission.student_id, self.expectations)
        questions = dialogue.questions(self.assignment, self.public, hidden)
        return replace(self, hidden=hidden, expectations=expectations, questions=questions)

    @property
    def asked(self) -> dict[str, str]:
        """By check a digest of its probe and cases: two runs with the same one were asked the same."""
        probes = self.assignment.probes.encode()
        return {
            question.check.id: hashlib.sha256(probes + b"\0" + question.message).hexdigest()[:32]
            for question in self.questions
        }

    @property
    def case_names(self) -> dict[str, tuple[list[str], list[str]]]:
        return {
            check.id: ([c.name for c in self.public[check.id]], [c.name for c in self.hidden[check.id]])
            for check in self.assignment.checks
        }


def prepare(
    loaded: load.Loaded, secret: bytes, *, mistakes: bool = True, keep: bool = False, known: bytes | None = None
) -> Marking:
    """Draw the cases and compute what is expected. Raises `AssignmentError` where the reference itself fails.

    With `keep` the outputs are kept in the private store, and taken from there the next time: training the reference
    and all of its mistakes takes seconds. `known` are such outputs (`kept_outputs`), of another machine's store.
    """
    assignment = loaded.assignment
    public, hidden = draws.draw(loaded, secret)
    key = _key(loaded, secret) if keep and mistakes else ""
    outputs = codec.decode(known) if known is not None else _kept(key) if key else None
    if outputs is None:
        outputs = _outputs(loaded, public, hidden, mistakes)
        if key:
            store.keep(key, codec.encode(outputs))
    expectations = {
        check.id: Expectations(
            public=public[check.id],
            hidden=hidden[check.id],
            public_expected=[codec.decode(value) for value in outputs[check.id]["public"]],
            hidden_expected=[codec.decode(value) for value in outputs[check.id]["hidden"]],
            mistakes={
                name: tuple(Answer(Outcome(o) if o else None, value, key, values) for o, value, key, values in answers)
                for name, answers in outputs[check.id]["mistakes"].items()
            },
        )
        for check in assignment.checks
    }
    return Marking(
        assignment=assignment,
        public=public,
        hidden=hidden,
        expectations=expectations,
        functions=loaded.functions,
        hints={mistake.id: mistake.hint for mistake in loaded.mistakes},
        questions=dialogue.questions(assignment, public, hidden),
        own=OwnCases(loaded, secret, mistakes=mistakes) if assignment.own_cases else None,
    )


def _outputs(loaded: load.Loaded, public: Cases, hidden: Cases, mistakes: bool) -> dict[str, Any]:
    """By check: the reference's encoded outputs, and as data the answers of each mistake that can change them."""
    assignment = loaded.assignment
    probes = expected.probes(assignment.probes, assignment.checks)
    files = {str(loaded.course.path(name)) for name in loaded.sources}
    fresh = functools.partial(load.fresh, loaded)
    mutants = {m.id: load.mutated(loaded, m) for m in loaded.mistakes} if mistakes else {}
    changes = {m.id: reach.changed(loaded.sources, load.edited(loaded, m)) for m in loaded.mistakes} if mistakes else {}
    at_start = reach.functions_run(fresh, files) if mistakes else frozenset()

    def right(check: Check) -> list[list[bytes]]:
        module = fresh() if mistakes else loaded.reference
        return [expected.expected(probes[check.id], module, cases[check.id]) for cases in (public, hidden)]

    outputs = {}
    for check in assignment.checks:
        answer = functools.partial(right, check)
        (shown, kept_back), ran = reach.traced(answer, files) if mistakes else (answer(), at_start)
        # A mistake in functions that this check does not run answers it as the reference does.
        near = {
            name: mutants[name] for name, changed in changes.items() if changed is None or changed & (ran | at_start)
        }
        theirs = expected.of_mistakes(probes[check.id], check, near, [*public[check.id], *hidden[check.id]])
        outputs[check.id] = {
            "public": shown,
            "hidden": kept_back,
            "mistakes": {
                name: [[a.outcome or "", a.value, a.key, {"error": a.values.get("error", "")}] for a in answers]
                for name, answers in theirs.items()
            },
        }
    return outputs


def _key(loaded: load.Loaded, secret: bytes) -> str:
    """What the outputs depend on."""
    mistakes = repr([(m.id, m.old, m.new, m.module) for m in loaded.mistakes])
    others = [f"{name} {packages.version(name)}" for name in loaded.assignment.packages if name != "numpy"]
    parts = [loaded.assignment.version, __version__, np.__version__, sys.version, mistakes, *others]
    return hmac.digest(secret, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256").hex()


def kept_outputs(loaded: load.Loaded, secret: bytes) -> bytes | None:
    """What `prepare` has kept of this assignment, encoded, for machines that are to judge by the same."""
    return store.kept(_key(loaded, secret))


def _kept(key: str) -> dict[str, Any] | None:
    kept = store.kept(key)
    try:
        return codec.decode(kept) if kept is not None else None
    except codec.CodecError:
        return None  # cut short by a full disk, say: made again


def grade(sandbox: Sandbox, submission: Submission, marking: Marking) -> tuple[Run | None, Report]:
    """Run one submission and judge it. A fault of ours is a status without a score, never an exception."""
    if not submission.readable:
        return None, nothing_to_run(submission, marking)
    try:
        marking = marking.of(submission)
        run = dialogue.run(sandbox, submission, marking.questions)
        verdicts = judge(marking.assignment, run, marking.expectations, marking.functions, marking.hints)
        shown = [verdict.id for verdict in verdicts if _quotes(verdict, run)]
        if shown:
            run = _asked_apart(sandbox, submission, marking, run, shown)
            verdicts = judge(marking.assignment, run, marking.expectations, marking.functions, marking.hints)
    except GraderFault as fault:
        return None, fault_report(submission, marking, str(fault), sandbox.tier)
    except Exception as bug:  # whatever it is, one submission's trouble must not end a class's grading
        what = "".join(traceback.format_exception_only(bug)).strip()
        place = traceback.extract_tb(bug.__traceback__)[-1]
        return None, fault_report(submission, marking, f"{what} ({place.name}, line {place.lineno})", sandbox.tier)
    status = Status.CRASHED if run.crashed else Status.GRADED
    return run, _report(submission, status, verdicts, marking, notes=_notes(run, verdicts), tier=run.tier)


def judged_again(run: Run, submission: Submission, marking: Marking) -> Report:
    """The report of a run that is judged by what is expected now; nothing is run."""
    verdicts = judge(marking.assignment, run, marking.expectations, marking.functions, marking.hints)
    status = Status.CRASHED if run.crashed else Status.GRADED
    return _report(submission, status, verdicts, marking, notes=_notes(run, verdicts), tier=run.tier)


def nothing_to_run(submission: Submission, marking: Marking) -> Report:
    """The report of a submission in which there is no file to run: every check is listed."""
    return _report(submission, submission.status, _nothing(marking, Outcome.MISSING, "missing_all"), marking)


def _quotes(verdict: Verdict, run: Run) -> bool:
    """Does a verdict say something of the submission's own about its public cases: an answer, an exception?"""
    if verdict.public.outcome is Outcome.PASS or verdict.id not in run.checks:
        return False
    telling = (None, Outcome.ERROR, Outcome.WRONG, Outcome.MISSING)
    return any(answer.outcome in telling for answer in run.checks[verdict.id].public)


def _asked_apart(sandbox: Sandbox, submission: Submission, marking: Marking, run: Run, checks: Collection[str]) -> Run:
    """The same run, with public answers from a session that has never seen a hidden input.

    Hidden cases are silent: of them only outcomes and single numbers are told. Public ones are quoted, and code that
    has both before it could put a hidden input into an exception's text, for the next one to know it by heart.
    """
    public = {check: marking.public[check] for check in checks}
    again = dialogue.run(sandbox, submission, dialogue.questions(marking.assignment, public, {}))
    answered = {
        check: replace(
            run.checks[check],
            public=again.checks[check].public if check in again.checks else (LOST,) * len(public[check]),
        )
        for check in checks
    }
    return replace(run, checks={**run.checks, **answered})


def fault_report(submission: Submission, marking: Marking, what: str, tier: str = "") -> Report:
    """The report of a submission that could not be graded through no fault of its own."""
    verdicts = _nothing(marking, Outcome.GRADER_FAULT, "grader_fault")
    note = Note("grader_fault_because", {"what": what[:500]})
    return _report(submission, Status.GRADER_FAULT, verdicts, marking, notes=(note,), tier=tier)


def of_member(report: Report, member: Submission, assignment: Assignment) -> Report:
    """A team's report as a member's."""
    return replace(
        report,
        student_id=member.student_id,
        name=member.name,
        draft=member.draft,
        submission_id=submission_id(member, assignment.name),
    )


def _report(
    submission: Submission,
    status: Status,
    verdicts: tuple[Verdict, ...],
    marking: Marking,
    *,
    notes: tuple[Note, ...] = (),
    tier: str = "",
) -> Report:
    assignment = marking.assignment
    score = raw_score(status, verdicts, assignment.policy.maximum)
    return Report(
        student_id=submission.student_id,
        name=submission.name,
        status=status,
        raw_score=score,
        score=score,
        out_of=assignment.out_of,
        verdicts=verdicts,
        notes=submission.notes + notes,
        picked=submission.picked,
        team=submission.team,
        draft=submission.draft,
        submission_id=submission_id(submission, assignment.name),
        assignment_version=assignment.version,
        grader_version=__version__,
        sandbox=tier,
    )


def _nothing(marking: Marking, outcome: Outcome, key: str) -> tuple[Verdict, ...]:
    """Every check listed, none of it run."""
    return tuple(
        Verdict(
            id=check.id,
            question=check.question,
            points=0.0,
            max_points=check.points,
            outcome=outcome,
            public=Share(outcome, 0, len(marking.public[check.id])),
            hidden=Share(outcome, 0, len(marking.hidden[check.id])),
            message=Note(key),
        )
        for check in marking.assignment.checks
    )


def _notes(run: Run, verdicts: Sequence[Verdict]) -> tuple[Note, ...]:
    """What loading had to say, and that code was handed in of which nothing gave a point."""
    notes = [Note(key, values) for key, values in run.loaded.get("notes", ())]
    notes += [Note("left_out", {"block": block}) for block in run.loaded.get("left_out", ())]
    if run.crashed:
        notes.append(Note("crashed_three_times"))
    elif not any(verdict.points > 0 for verdict in verdicts):
        notes.append(Note("no_point_with_code"))
    return tuple(notes)


def with_public_only(marking: Marking) -> tuple[Cases, Mapping[str, Sequence[Any]], Mapping[str, Any]]:
    """What check.py may hold: public cases, their expected outputs, and what mistakes answer to them, where they do
    not answer what is right: a handout has room for some hundred kilobytes of each check's.
    """
    outputs = {name: known.public_expected for name, known in marking.expectations.items()}
    mistakes: dict[str, dict[str, Sequence[Answer]]] = {}
    for name, known in marking.expectations.items():
        right = [codec.encode(output) for output in known.public_expected]
        shown = {m: answers[: len(known.public)] for m, answers in known.mistakes.items()}
        mistakes[name] = {m: answers for m, answers in shown.items() if _differ(answers, right)}
    return marking.public, outputs, mistakes


def _differ(answers: Sequence[Answer], right: Sequence[bytes]) -> bool:
    """Is any of these answers another than the right one?"""
    return any(answer.outcome is not None or answer.value != want for answer, want in zip(answers, right, strict=True))
