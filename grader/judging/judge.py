"""Run → verdicts: every answer compared with what was expected, in the grader's own process.

Hidden cases alone give points: a check is worth the mean of their credits. Public cases are judged the same way, to
say what the student could have known. Of a hidden case a message holds nothing that the submission could choose freely
(`discreet`). A fault of the grader's is no outcome of the student's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from grader.contract import LOST, Answer, Assignment, Case, Check, CheckRun, Note, Outcome, Run, Share, Verdict
from grader.judging import discreet
from student_template.runner import codec
from student_template.runner.compare import Finding, compare, mistake, share
from student_template.runner.probing import MOST_ITEMS, content

# What comes in place of a public answer is quoted if it is one of these: then the public cases were asked apart, in a
# session that has never had a hidden input (`pipeline._quotes`).
ASKED_APART = (Outcome.ERROR, Outcome.WRONG, Outcome.MISSING)


@dataclass(frozen=True)
class Expectations:
    """All that the judge knows of one check."""

    public: Sequence[Case]
    hidden: Sequence[Case]
    public_expected: Sequence[Any]
    hidden_expected: Sequence[Any]
    mistakes: Mapping[str, Sequence[Answer]] = field(default_factory=dict)  # by mistake: public, then hidden

    @cached_property
    def mistakes_contents(self) -> Mapping[str, Sequence[Any]]:
        """The answers of `mistakes` as `compare.mistake` takes them: decoded once for a class."""
        return {name: _contents(answers) for name, answers in self.mistakes.items()}

    @property
    def hidden_only(self) -> Expectations:
        """For scores alone, where nothing is to be said."""
        return Expectations((), self.hidden, (), self.hidden_expected)


@dataclass(frozen=True, slots=True)
class _Judged:
    case: str
    public: bool
    finding: Finding
    compared: bool = False  # else something came in place of an answer
    want: Any = None
    answer: Any = None

    @property
    def passed(self) -> bool:
        return self.finding.outcome == "pass"


def judge(
    assignment: Assignment,
    run: Run,
    expectations: Mapping[str, Expectations],
    functions: Mapping[str, Callable[..., Any]],
    hints: Mapping[str, str],
) -> tuple[Verdict, ...]:
    """A verdict for every check, in the assignment's order. `hints` are the mistakes' hints, by mistake."""
    verdicts: list[Verdict] = []
    for check in assignment.checks:
        asked = run.checks.get(check.id)
        verdicts.append(_verdict(check, asked, expectations[check.id], functions, hints, assignment))
    return tuple(_with_consequences(assignment, verdicts))


def _verdict(
    check: Check,
    asked: CheckRun | None,
    known: Expectations,
    functions: Mapping[str, Callable[..., Any]],
    hints: Mapping[str, str],
    assignment: Assignment,
) -> Verdict:
    if asked is None:
        asked = CheckRun((LOST,) * len(known.public), (LOST,) * len(known.hidden))
    judged = [
        _judged(check, case, want, answer, functions, public)
        for public, cases, wants, got in (
            (True, known.public, known.public_expected, asked.public),
            (False, known.hidden, known.hidden_expected, asked.hidden),
        )
        for case, want, answer in zip(cases, wants, got, strict=True)
    ]
    public = _share([item for item in judged if item.public])
    hidden = _share([item for item in judged if not item.public])
    failed = [item for item in judged if not item.passed]
    message, hint = Note("pass"), None
    if hidden.outcome is not Outcome.PASS and failed:
        # A public case can be tried at home, so it is the one to speak of. Not every hidden failure has one.
        first = next((item for item in failed if item.public), None) or failed[0]
        told = _told(first, check, known, functions, assignment)
        limit = {"seconds": check.seconds or assignment.limits.check_seconds} if told.key == "timeout" else {}
        message = Note(told.key, {**told.values, **limit, "case": first.case, "public": first.public})
        hint = _hint([*asked.public, *asked.hidden], known, hints)
    return Verdict(
        id=check.id,
        question=check.question,
        points=check.points * hidden.credit,
        max_points=check.points,
        outcome=hidden.outcome,
        public=public,
        hidden=hidden,
        message=message,
        hint=hint,
        seconds=asked.seconds,
    )


def _judged(
    check: Check, case: Case, want: Any, answer: Answer, functions: Mapping[str, Callable[..., Any]], public: bool
) -> _Judged:
    if answer.outcome is not None:
        return _Judged(case.name, public, Finding(answer.outcome, 0.0, answer.key, dict(answer.values)))
    try:
        value = codec.decode(answer.value, MOST_ITEMS)
    except codec.CodecError as error:
        return _Judged(case.name, public, Finding("wrong", 0.0, "not_data", {"why": str(error)}))
    finding = compare(check.compare, want, value, case.values, functions, _numeric(answer.extra))
    return _Judged(case.name, public, finding, True, want, value)


def _told(
    item: _Judged,
    check: Check,
    known: Expectations,
    functions: Mapping[str, Callable[..., Any]],
    assignment: Assignment,
) -> Finding:
    """The finding as it may be told."""
    finding = item.finding
    if not item.compared:
        if item.public and finding.outcome in ASKED_APART:
            return finding
        return replace(finding, values=discreet.of_outcome(finding.values, assignment))
    if item.public:
        return finding
    predicate = functions.get(check.compare.get("function", ""))
    return discreet.of_finding(finding, item.want, item.answer, known.public_expected, predicate)


def _numeric(extra: bytes) -> Any:
    try:
        return codec.decode(extra) if extra else None
    except codec.CodecError:
        return None


def _share(judged: Sequence[_Judged]) -> Share:
    outcome, passed, credit = share([item.finding for item in judged])
    return Share(Outcome(outcome), passed, len(judged), credit)


def _hint(answers: Sequence[Answer], known: Expectations, hints: Mapping[str, str]) -> Note | None:
    """The one known mistake that would have given these very answers; None if there is none, or more than one."""
    name = mistake(_contents(answers), known.mistakes_contents)
    return Note("looks_like", {"mistake": name, "hint": hints[name]}) if name is not None else None


def _contents(answers: Sequence[Answer]) -> list[Any]:
    return [content(answer.outcome or "", answer.value, answer.key, answer.values) for answer in answers]


def _with_consequences(assignment: Assignment, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Where a check fails that builds on others which failed too, its message says so."""
    by_id = {verdict.id: verdict for verdict in verdicts}
    found = []
    for check, verdict in zip(assignment.checks, verdicts, strict=True):
        failed = [by_id[name] for name in check.follows if name in by_id and by_id[name].outcome is not Outcome.PASS]
        if failed and verdict.outcome not in (Outcome.PASS, Outcome.MISSING):
            questions = sorted({other.question for other in failed} - {verdict.question})
            if questions:  # its own question says nothing: the student sees that it fails
                message = Note(verdict.message.key, {**verdict.message.values, "follows": questions})
                verdict = replace(verdict, message=message)
        found.append(verdict)
    return found
