"""What a hostile other end writes: frames of the codec, whole messages over a socket, and a session's whole talk."""

from __future__ import annotations

import contextlib
import math
import struct
import time
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Case, Note, Outcome, Run, Submission
from grader.errors import GraderFault
from grader.gradebook.values import dumps, loads
from grader.judging.judge import Expectations, judge
from grader.sandbox import dialogue
from grader.sandbox.inside import wire
from student_template.runner import codec
from tests.fuzz.harness import bounded, fuzz, sentence
from tests.fuzz.mutated import SCALARS, damaged, edited, edits, text
from tests.fuzz.samples import as_json
from tests.intake.intake_samples import say
from tests.sandbox.conftest import X, assignment
from tests.sandbox.hostile import Hostile, other_end

TD = assignment()
SUBMISSION = Submission("s", "S", "tdx.py", b"")
DTYPES = st.sampled_from(
    "<f8 >f8 <f4 |b1 <i8 |u1 <c16 <U3 |U0 O |V8 |S4 <M8[s] f8,f8 <U999999999 g a T ( <f2 <f16 i".split()
)
AXES = st.sampled_from([0, 1, 2, 3, -1, 2**20, 2**40, 2**63, True, 1.0, None, "2"])
headers = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.builds(lambda items: {"t": items}, st.lists(inner, max_size=3)),
        st.builds(lambda pairs: {"d": pairs}, st.lists(st.tuples(text, inner), max_size=3)),
        st.builds(lambda kind, shape: {"a": [kind, shape]}, DTYPES | text, st.lists(AXES, max_size=4)),
        st.builds(lambda tag, value: {tag: value}, st.sampled_from(list("atdbfix")), inner),
    ),
    max_leaves=8,
)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame with any header, whose lengths are right, or nearly."""
    header = as_json(draw(headers)) if draw(st.integers(0, 9)) else draw(damaged([b'{"d":[["kind","loaded"]]}']))
    body = draw(st.binary(max_size=64))
    off = draw(st.sampled_from([0, 0, 0, 0, 1, -1, 2**31]))
    return struct.pack("<4sIQ", codec.MAGIC, len(header), max(len(body) + off, 0)) + header + body


def same(one: Any, other: Any) -> bool:
    """Equal, where nan is nan and an array one of the same type, shape and bytes."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and codec.encode(one) == codec.encode(other)
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and list(one) == list(other) and all(map(same, one.values(), other.values()))
    return type(one) is type(other) and bool(one == other)


@fuzz(150)
@given(frames() | st.builds(edited, frames(), st.lists(edits, max_size=3)))
def test_any_frame_is_a_value_or_an_error_of_the_codec(frame: bytes) -> None:
    with bounded("frames"), sentence(codec.CodecError):
        value = codec.decode(frame)
        assert same(codec.decode(codec.encode(value)), value)


@fuzz(80)
@given(st.lists(frames() | st.binary(max_size=40), max_size=4).map(b"".join))
def test_messages_end_with_the_other_side(said: bytes) -> None:
    with other_end(said) as sock, bounded("messages"), contextlib.suppress(wire.Closed, codec.CodecError):
        while True:
            wire.receive(sock, 1 << 20, time.monotonic() + 5)


# --- a whole talk -----------------------------------------------------------------------------------------------------


def tagged(known: dict[str, Any], anything: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A dictionary as the session sends it, in which some values are others, and some left out."""
    keys = st.dictionaries(st.sampled_from(list(known)), anything, max_size=2)
    gone = st.sets(st.sampled_from(list(known)), max_size=1)
    return st.builds(lambda changed, left: {k: v for k, v in {**known, **changed}.items() if k not in left}, keys, gone)


arrays = st.sampled_from([np.zeros(2), np.zeros((2, 0)), np.array("x"), np.array(["a"]), np.array([1 + 1j])])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=8) | arrays | text
BIG = st.sampled_from([0, 1000, 4000]).map(lambda digits: 16**digits)
anything = st.recursive(
    leaves | BIG,
    lambda i: st.lists(i, max_size=3) | st.dictionaries(text, i, max_size=3) | st.tuples(i, i),
    max_leaves=6,
)
BLOCK = {"label": "cell 1", "line": 3, "text": "x = 1", "why": "raised", "error": "E", "names": ["first"]}
blocks = tagged(BLOCK, anything)
NOTE = ["command_left_out", {"command": "!ls", "where": "line 1"}]
notes = st.just(NOTE) | st.tuples(st.sampled_from(["command_left_out", "comment"]) | anything, anything).map(list)
loading = st.one_of(
    tagged({"kind": "reading"}, anything),
    st.builds(lambda at: {"kind": "block", "block": at}, st.integers(0, 3) | anything),
    tagged({"kind": "fault", "text": "x"}, anything),
)
loaded = st.builds(
    lambda left, said, other: {
        "kind": "loaded",
        "left_out": left,
        "notes": said,
        "names": ["x"],
        "printed": "",
        **other,
    },
    st.lists(blocks, max_size=3) | anything,
    st.lists(notes, max_size=3) | anything,
    st.dictionaries(st.sampled_from(["names", "printed", "kind"]), anything, max_size=1),
)
TRACE = {"label": "", "function": "f", "text": "x", "line": 1}
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "error": text | anything,
        "name": text,
        "what": text,
        "why": text,
        "trace": st.lists(tagged(TRACE, anything), max_size=3) | anything,
        "block": blocks | anything,
    },
)
ANSWER = {"outcome": "", "value": codec.encode(X), "key": "", "values": {}, "extra": b""}
answers = tagged(ANSWER, anything | frames()) | st.builds(
    lambda outcome, key, values: {"outcome": outcome, "key": key, "values": values},
    st.sampled_from(sorted(dialogue.OUTCOMES)),
    st.sampled_from(dialogue.KEYS),
    VALUES,
)
forks = st.lists(answers.map(codec.encode) | frames(), max_size=3).map(b"".join)
HOWS = st.sampled_from(["done", "time", "memory", "flood", "signal 9", "signal 999", "signal ²", "status 1", "status"])
parts = st.builds(lambda how, data: {"how": how, "data": data}, HOWS | text, forks) | anything
replies = st.builds(
    lambda check, several: {"check": check, "parts": several},
    st.sampled_from(["first", "second"]) | anything,
    st.lists(parts, max_size=4) | anything,
)


@st.composite
def talks(draw: st.DrawFn) -> bytes:
    said = [{"kind": "reading"}, *draw(st.lists(loading, max_size=3))] if draw(st.integers(0, 9)) else []
    said.append(draw(loaded))
    said += [{**draw(replies), "check": name} if draw(st.booleans()) else draw(replies) for name in ("first", "second")]
    whole = b"".join(codec.encode(one) for one in said)
    return edited(whole, draw(st.lists(edits, max_size=3))) if draw(st.integers(0, 3)) == 0 else whole


CASES = {check.id: [Case(f"c{at}", {"x": X}) for at in range(2)] for check in TD.checks}
QUESTIONS = dialogue.questions(TD, CASES, CASES)
EXPECTED = {check.id: Expectations(CASES[check.id], CASES[check.id], [X, X], [X, X]) for check in TD.checks}


@fuzz(80)
@given(talks())
def test_a_session_that_says_anything_costs_its_submission_alone(said: bytes) -> None:
    with bounded("dialogue"):
        try:
            run = dialogue.run(Hostile(said), SUBMISSION, QUESTIONS)  # type: ignore[arg-type]
        except GraderFault as fault:  # of what came before anything of the student's ran
            assert len(str(fault)) < 1000
            return
        judged(run)


def judged(run: Run) -> None:
    """Nothing of it is too much for the judge, the gradebook's own form, or a sentence."""
    loads(dumps(run.loaded))
    for key, values in run.loaded.get("notes", []):
        assert isinstance(say(Note(key, values)), str)
    for verdict in judge(TD, run, EXPECTED, {}, {}):
        assert verdict.outcome is not Outcome.GRADER_FAULT
        if verdict.message:
            loads(dumps(verdict.message.values))
            assert len(say(verdict.message)) < 20_000
