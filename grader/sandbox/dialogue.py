"""Submission → Run: the conversation with a session, and what is made of its silences.

What a session says is the submission's word: bounded in size, decoded without pickle, and every field checked before
it is used. Of time and of deaths this side keeps its own account:

  * a session that dies while a block loads, or does not finish loading in time, is started again without that block;
  * of a check's forks what they answered counts, and the case at which one died gets the outcome of that death. The
    cases after it were put to a new fork, but not after a time-out;
  * a session that dies between checks costs the check that was under way; the others are asked in a new session;
  * three deaths, and a person has to look: the run is `crashed`;
  * a death may be somebody else's doing, such as a daemon's that saves a machine from running out of memory: it is
    believed when it comes a second time at the same place.
"""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.contract import LOST, Answer, Assignment, Case, Check, CheckRun, Outcome, Run, Submission
from grader.errors import GraderFault
from grader.sandbox.inside import wire
from grader.sandbox.tiers import START_SECONDS, Sandbox, last_line, limits_of
from student_template.runner import codec, reading
from student_template.runner.loading import Plan

DEATHS = 3
QUICK = 0.02  # seconds in which nobody fills a gigabyte
GRACE = 2.0  # seconds a session has, beyond a limit that it keeps itself, to say so
LATE = 0.25  # seconds beyond the limit after which what comes is no answer any more
TOLD_ITEMS = 50_000  # values in such a message
WHY = ("syntax", "raised", "died", "memory", "time", "late")
TELLING = 8 << 20  # bytes of a message that is no answer
OUTCOMES = {"missing": Outcome.MISSING, "error": Outcome.ERROR, "memory": Outcome.MEMORY, "wrong": Outcome.WRONG}
KEYS = ("missing", "missing_because", "not_written", "error", "error_because", "exit", "memory", "not_data")


class _Died(Exception):
    """The session ended: `block` is where it was in loading, `why` is "died", "memory" or "time"."""

    def __init__(self, why: str, block: int | None = None, *, loading: bool = True) -> None:
        super().__init__(why)
        self.why, self.block, self.loading = why, block, loading


class _Starved(Exception):
    """The submission has more memory than it may."""


class _Doubted(Exception):
    """What died here for the first time is asked again in a new session."""


class _Unborn(Exception):
    """The session ended through no doing of the submission: that is ours, and worth another try."""


@dataclass(frozen=True, slots=True)
class Question:
    """A check and its cases, as the message that is sent: made once for a class."""

    check: Check
    public: int
    cases: int
    seconds: float
    message: bytes


def questions(
    assignment: Assignment, public: Mapping[str, Sequence[Case]], hidden: Mapping[str, Sequence[Case]]
) -> tuple[Question, ...]:
    """The questions of an assignment: a check's arguments, public cases first, and nothing else of a case.

    Checks without a case, or that are not among the given ones, are not asked.
    """
    found = []
    for check in assignment.checks:
        cases = [*public.get(check.id, ()), *hidden.get(check.id, ())]
        if cases:
            seconds = check.seconds or assignment.limits.check_seconds
            arguments = [{name: case.values[name] for name in check.parameters} for case in cases]
            message = codec.encode({"check": check.id, "cases": arguments, "seconds": seconds}, limit=wire.LIMIT)
            found.append(Question(check, len(public.get(check.id, ())), len(cases), seconds, message))
    return tuple(found)


def run(sandbox: Sandbox, submission: Submission, asked: Sequence[Question]) -> Run:
    """Load a submission and put every question to it. Raises `GraderFault` for what is ours."""
    started = time.perf_counter()
    waiting = list(asked)
    done: dict[str, CheckRun] = {}
    loaded: dict[str, Any] = {}
    printed = ""
    plan, deaths, unborn = Plan(), 0, 0
    doubted: set[str] = set()

    def believed(place: str) -> bool:
        seen = place in doubted
        doubted.add(place)
        return seen

    while deaths < DEATHS:
        try:
            with sandbox.session() as sock:
                loaded, printed = _load(sock, sandbox, submission, plan)
                _ask(sock, waiting)
                while waiting:
                    answered, alive = _check(sock, waiting[0], sandbox, loaded["left_out"])
                    if not alive and sandbox.lost():
                        raise _Unborn
                    if _killed(answered, alive) and not believed(waiting[0].check.id):
                        raise _Doubted
                    done[waiting.pop(0).check.id] = answered
                    if not alive and waiting:
                        raise _Died("died", loading=False)
            break
        except _Doubted:
            continue
        except (_Unborn, _Died) as death:
            if isinstance(death, _Unborn) or (death.block is not None and sandbox.lost()):
                unborn += 1
                if unborn == DEATHS:
                    raise GraderFault("the sandbox is killed again and again: is the machine out of memory?") from None
                continue
            if death.why == "died" and death.loading and not believed(f"loading {deaths}"):
                continue
            deaths += 1
            if death.block is not None:
                plan = plan.without(death.block, death.why)
    return Run(
        checks=done,
        loaded=loaded,
        printed=printed,
        seconds=time.perf_counter() - started,
        tier=sandbox.tier,
        died=deaths,
        crashed=deaths >= DEATHS,  # then something was left to ask
    )


def _load(sock: socket.socket, sandbox: Sandbox, submission: Submission, plan: Plan) -> tuple[dict[str, Any], str]:
    assignment = sandbox.assignment
    others = {name: data for name, data in submission.others.items() if _is_plain_path(name)}
    sock.settimeout(START_SECONDS)
    with contextlib.suppress(wire.Closed):  # it ended early: what it said before is still to be read
        wire.send(
            sock,
            {
                **limits_of(assignment.limits),
                "module": assignment.role(submission.picked).removesuffix(".py"),
                "file": submission.picked.rpartition("/")[2] or assignment.file,
                "source": submission.source,
                "others": others,
                "parts": [name for name in assignment.parts(submission.picked) if name in others],
                "packages": list(assignment.imports),
                "plan": [[block, why] for block, why in sorted(plan.left_out.items())],
            },
        )
    heard = time.monotonic()
    deadline = heard + START_SECONDS  # until it says that it reads: what is before that is ours
    look = _look(sandbox)
    block: int | None = None
    student_code = False
    while True:
        try:
            said = wire.receive(sock, TELLING, deadline, look)
        except (wire.Late, wire.Closed, codec.CodecError, _Starved) as end:
            if not student_code:
                raise _Unborn from None
            if isinstance(end, _Starved) or (not sandbox.counts_memory and sandbox.starved()):
                raise _Died("memory", block) from None
            raise _Died("time" if isinstance(end, wire.Late) else "died", block) from None
        before, heard = heard, time.monotonic()
        if heard - before > QUICK and not sandbox.counts_memory and sandbox.starved():
            raise _Died("memory", block)
        kind = said.get("kind") if isinstance(said, dict) else None
        kind = kind if isinstance(kind, str) else ""  # an array compares to an array
        if kind == "fault" and not student_code:
            raise GraderFault(f"the sandbox could not be closed: {last_line(_text(said.get('text'), TELLING))}")
        if not student_code:
            deadline = heard + assignment.limits.load_seconds
        student_code = True
        if kind == "block" and isinstance(said.get("block"), int):
            block = said["block"]
        elif kind == "loaded":
            return _account(said)
        elif kind != "reading":
            raise _Died("died", block)


def _ask(sock: socket.socket, asked: Sequence[Question]) -> None:
    """Send all questions. They are read before any is answered, or not at all: then the answers will be missing."""
    sock.settimeout(START_SECONDS)
    with contextlib.suppress(wire.Closed):
        wire.send(sock, {"questions": len(asked)})
        wire.send_raw(sock, b"".join(question.message for question in asked))


def _look(sandbox: Sandbox) -> Callable[[], None]:
    """Where the kernel does not count a submission's memory: look at it now and then, whatever it says meanwhile."""
    due = 0.0

    def look() -> None:
        nonlocal due
        if sandbox.counts_memory and time.monotonic() >= due:
            if sandbox.starved():
                raise _Starved
            due = time.monotonic() + wire.LOOK_SECONDS

    return look


def _check(
    sock: socket.socket, question: Question, sandbox: Sandbox, left_out: Sequence[Mapping[str, Any]]
) -> tuple[CheckRun, bool]:
    """The answers to one question; False where the session is gone, or must be, afterwards."""
    assignment = sandbox.assignment
    limits, started = assignment.limits, time.perf_counter()
    alive = True
    try:
        most = 2 * (limits.answer + limits.printed) + TELLING
        said = wire.receive(sock, most, time.monotonic() + question.seconds + GRACE, _look(sandbox))
        parts = [(part["how"], part["data"]) for part in said["parts"][: question.cases + 1]]
        texts = [said["check"], *(how for how, _ in parts)]  # whatever was sent: an array compares to an array
        if not all(type(text) is str for text in texts) or not all(type(data) is bytes for _, data in parts):
            raise TypeError("no reply")
        if said["check"] != question.check.id:
            raise KeyError("the reply to another question")
    except wire.Late:
        parts, alive = [("time", b"")], False
    except (wire.Closed, codec.CodecError, KeyError, TypeError, IndexError):
        parts, alive = [("", b"")], False
    except _Starved:
        parts, alive = [("memory", b"")], False
    if time.perf_counter() - started > question.seconds + LATE and parts[-1:] and parts[-1][0] != "time":
        parts = [("time", b"")]
    if not sandbox.counts_memory and sandbox.starved():  # whichever of its processes the kernel has killed
        parts = [("memory", b"")]
    answers: list[Answer] = []
    printed = ""
    for how, data in parts:
        got, text = _answers(data, question.cases - len(answers), assignment, left_out)
        answers += got
        printed += text
        if len(answers) < question.cases:
            answers.append(_ended(how))
    stopped = bool(answers) and answers[-1].outcome in (Outcome.TIMEOUT, Outcome.MEMORY)
    last = answers[-1] if stopped else _ended("")
    answers += [last] * (question.cases - len(answers))
    return CheckRun(
        public=tuple(answers[: question.public]),
        hidden=tuple(answers[question.public :]),
        seconds=time.perf_counter() - started,
        printed=printed[: limits.printed],
    ), alive


def _killed(answered: CheckRun, alive: bool) -> bool:
    """Did a session end in a check, or a fork of it by SIGKILL, through no limit that is known?"""
    answers = (*answered.public, *answered.hidden)
    if any(answer.outcome in (Outcome.TIMEOUT, Outcome.MEMORY) for answer in answers):
        return False
    return not alive or any(answer.key == "crashed" and answer.values.get("how") == "SIGKILL" for answer in answers)


def _ended(how: str) -> Answer:
    """The outcome of the case at which a fork ended without an answer."""
    kind, _, number = how.partition(" ")
    late = Answer(Outcome.TIMEOUT, key="timeout")
    if kind == "time":
        return late
    if kind == "memory":
        return Answer(Outcome.MEMORY, key="memory")
    if kind == "flood":
        return Answer(Outcome.WRONG, key="too_large")
    if kind == "signal" and re.fullmatch("[0-9]{1,3}", number):
        killed_by = int(number)
        if killed_by in (signal.SIGXCPU, signal.SIGALRM):
            return late
        if killed_by == signal.SIGSYS:
            return Answer(Outcome.FORBIDDEN, key="forbidden")
        names = {s.value: s.name for s in signal.Signals}
        return Answer(Outcome.CRASHED, key="crashed", values={"how": names.get(killed_by, "a signal")})
    if kind == "status":
        return Answer(Outcome.CRASHED, key="ended", values={"how": number[:10]})
    return LOST


def _answers(
    data: bytes, most: int, assignment: Assignment, blocks: Sequence[Mapping[str, Any]]
) -> tuple[list[Answer], str]:
    """The answers that a fork wrote, and what it printed; stops at the first thing that is not one."""
    found: list[Answer] = []
    offset = 0
    while offset < len(data):
        try:
            end = codec.PREFIX.size + codec.length(data[offset : offset + codec.PREFIX.size], len(data))
            tree = codec.decode(data[offset : offset + end], TOLD_ITEMS)
        except codec.CodecError:
            break
        offset += end
        if not isinstance(tree, dict):
            break
        if "printed" in tree:
            return found, tree["printed"] if isinstance(tree["printed"], str) else ""
        if len(found) == most:
            break
        found.append(_answer(tree, assignment, blocks))
    return found, ""


def _answer(tree: Mapping[str, Any], assignment: Assignment, blocks: Sequence[Mapping[str, Any]]) -> Answer:
    outcome, value, key, values, extra = (tree.get(name) for name in ("outcome", "value", "key", "values", "extra"))
    if isinstance(outcome, str) and outcome == "" and isinstance(value, bytes) and isinstance(extra, bytes):
        if len(value) <= assignment.limits.answer:
            return Answer(value=value, extra=extra[: 1 << 20])
        return Answer(Outcome.WRONG, key="too_large")
    if isinstance(outcome, str) and outcome in OUTCOMES and isinstance(key, str) and key in KEYS:
        return Answer(OUTCOMES[outcome], key=key, values=_values(values if isinstance(values, dict) else {}, blocks))
    return Answer(Outcome.WRONG, key="not_data", values={"why": "it is no answer"})


def _values(said: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of an answer's values those that a sentence may use, each of its type. A block must be one that loading left out:
    what is said of it was said before there was a case."""
    kept: dict[str, Any] = {
        name: said[name][:500] for name in ("error", "name", "what", "why") if isinstance(said.get(name), str)
    }
    trace = said.get("trace")
    if isinstance(trace, list):
        kept["trace"] = [_place(place) for place in trace[:10] if isinstance(place, dict)]
    if isinstance(said.get("block"), dict) and (block := _block(said["block"])) in blocks:
        kept["block"] = block
    return kept


def _text(said: Any, most: int) -> str:
    return said[:most] if isinstance(said, str) else ""


def _place(said: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the student's, as it may be shown."""
    line = said.get("line")
    texts = {name: _text(said.get(name), 200) for name in ("label", "function", "text")}
    return {**texts, "line": line if isinstance(line, int) and 0 <= line < 1 << 31 else 0}


def _block(said: Mapping[str, Any]) -> dict[str, Any]:
    """A block that loading left out, field by field."""
    place, names = _place(said), said.get("names")
    return {
        "label": place["label"],
        "line": place["line"],
        "text": place["text"],
        "why": why if (why := _text(said.get("why"), 20)) in WHY else "raised",
        "error": _text(said.get("error"), 500),
        "names": [name[:100] for name in names if isinstance(name, str)][:50] if isinstance(names, list) else [],
    }


def _account(said: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What a session says of loading, field by field, and what was printed."""
    left_out, notes, names, printed = (said.get(name) for name in ("left_out", "notes", "names", "printed"))
    account = {
        "left_out": [_block(block) for block in left_out[:200] if isinstance(block, dict)]
        if isinstance(left_out, list)
        else [],
        "notes": [
            [note[0], {name[:100]: _text(value, 500) for name, value in list(note[1].items())[:10]}]
            for note in (notes if isinstance(notes, list) else [])[:100]
            if isinstance(note, list)
            and len(note) == 2
            and isinstance(note[0], str)
            and note[0] in reading.SENTENCES  # and in no other table: a teacher's comment is a note too
            and isinstance(note[1], dict)
        ],
        "names": [name[:100] for name in names if isinstance(name, str)][:1000] if isinstance(names, list) else [],
    }
    return account, printed if isinstance(printed, str) else ""


def _is_plain_path(name: str) -> bool:
    """Can a file of that name be written? What archives hold may be anything."""
    return len(name) < 1000 and name.count("/") < 32 and name.isprintable()
