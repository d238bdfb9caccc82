"""The judge: hidden cases give points, public cases speak, mistakes are named, consequences are said."""

import numpy as np
import pytest

from grader.contract import Answer, Case, Check, CheckRun, Outcome, Run
from grader.judging.judge import Expectations, judge
from student_template.runner import codec
from tests.sandbox.conftest import CLOSE, assignment

X = np.arange(3.0)
TIMEOUT = Answer(Outcome.TIMEOUT, key="timeout")


def value(tree):
    return Answer(value=codec.encode(tree))


def known(mistakes=None):
    cases = [Case(name, {"x": X}) for name in ("a", "b")]
    return Expectations(cases, cases, [X, X], [X, X], mistakes or {})


def verdict(public, hidden, mistakes=None, follows=(), other=None, question="2"):
    from dataclasses import replace

    checks = (
        Check("first", "1", 6.0, "S.", CLOSE, ("x",), follows=follows),
        Check("second", question, 4.0, "S.", CLOSE, ("x",)),
    )
    right = CheckRun((value(X), value(X)), (value(X), value(X)))
    run = Run({"first": CheckRun(tuple(public), tuple(hidden)), "second": other or right})
    found = judge(
        replace(assignment(), checks=checks), run, {"first": known(mistakes), "second": known()}, {}, {"m": "Hm?"}
    )
    return found[0]


@pytest.mark.parametrize(
    ("hidden", "outcome", "points", "passed"),
    [
        ([X, X], "pass", 6.0, 2),
        ([X, X + 1], "partial", 3.0, 1),
        ([X + 1, X + 1], "wrong", 0.0, 0),
    ],
)
def test_hidden_cases_alone_give_points(hidden, outcome, points, passed):
    for public in ([X, X], [X + 1, X + 1]):
        found = verdict(map(value, public), map(value, hidden))
        assert (found.outcome, found.points, found.hidden.passed) == (outcome, points, passed)
        assert found.public.outcome == ("pass" if public[0] is X else "wrong")


def test_a_failing_public_case_is_the_one_to_speak_of():
    found = verdict([value(X), value(X + 1)], [TIMEOUT, TIMEOUT])
    assert (found.message.key, found.message.values["case"], found.message.values["public"]) == ("value", "b", True)
    found = verdict([value(X), value(X)], [value(X), TIMEOUT])
    assert (found.message.key, found.message.values["case"], found.message.values["public"]) == ("timeout", "b", False)
    assert found.message.values["seconds"] == 1.0, "the limit is said"
    assert verdict([value(X + 1), value(X)], [value(X), value(X)]).message.key == "pass"


def test_a_check_without_answers_is_a_crash_not_a_pass():
    from dataclasses import replace

    run = Run({})
    found = judge(replace(assignment()), run, {"first": known(), "second": known()}, {}, {})
    assert {v.outcome for v in found} == {Outcome.CRASHED} and sum(v.points for v in found) == 0


def test_undecodable_bytes_are_wrong():
    bad = Answer(value=b"sdx1 nonsense")
    assert verdict([bad, bad], [bad, bad]).outcome is Outcome.WRONG


def test_a_mistake_is_named_only_by_all_of_its_answers():
    theirs = [value(X + 1), value(X), value(X + 1), value(X)]
    assert verdict(theirs[:2], theirs[2:], {"m": theirs}).hint.values == {"mistake": "m", "hint": "Hm?"}
    assert verdict(theirs[:2], [value(X + 1), value(X + 2)], {"m": theirs}).hint is None
    assert verdict(theirs[:2], theirs[2:], {"m": theirs, "n": theirs}).hint is None


def test_what_follows_from_another_question_is_said():
    failing = CheckRun((value(X + 1),) * 2, (value(X + 1),) * 2)
    wrong = [value(X + 1)] * 2
    assert verdict(wrong, wrong, follows=("second",), other=failing).message.values["follows"] == ["2"]
    assert "follows" not in verdict(wrong, wrong, follows=("second",)).message.values
    same = verdict(wrong, wrong, follows=("second",), other=failing, question="1")
    assert same.outcome is Outcome.WRONG and "follows" not in same.message.values, "under question 1 itself"
