"""Of a hidden case nothing is told that a submission can choose freely; of a public one everything."""

from dataclasses import replace

import numpy as np
import pytest

from grader.contract import Answer, Case, Check, CheckRun, Outcome, Run
from grader.judging.judge import Expectations, judge
from student_template.runner import codec, probing
from student_template.runner.loading import Loaded
from student_template.runner.sentences import say
from tests.sandbox.conftest import CLOSE, assignment

SECRET = 0.48213  # a hidden input
WANT = np.array([[1.0, 2.0], [3.0, 4.0]])
GOOD = Answer(value=codec.encode(WANT))
ZERO = np.zeros((2, 2))


def message(answer, compare=CLOSE, want=WANT, public=None, functions=None, hidden=True, files=("tdx.py",)):
    """The message where this answer is the only one that is wrong, and what is said."""
    public = want if public is None else public
    case = [Case("a", {"x": WANT, "labels": np.arange(10)})]
    check = Check("first", "1", 10.0, "S.", compare, ("x",))
    right = Answer(value=codec.encode(public))
    run = CheckRun((right,), (answer,)) if hidden else CheckRun((answer,), (answer,))
    td = replace(assignment(), checks=(check,), files=dict.fromkeys(files, ()))
    (found,) = judge(
        td, Run({"first": run}), {"first": Expectations(case, case, [public], [want])}, functions or {}, {}
    )
    assert found.message.values["public"] is not hidden
    values = {name: value for name, value in found.message.values.items() if name not in ("case", "public")}
    return values, say(found.message.key, values)


def value(answer, **more):
    return message(Answer(value=codec.encode(answer)), **more)


def raised(**values):
    return Answer(Outcome.ERROR, key="error", values=values)


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        ("ValueError: no 0.48213", "ValueError", "ValueError"),
        ("LinAlgError: Singular matrix", "LinAlgError", "LinAlgError"),
        ("AxisError: axis 3", "AxisError", "AxisError"),
        ("E缿姴懲", "Exception", "an exception of your own"),
        ("E缿姴懲", "KeyError", "KeyError"),
        ("E0_48213", "E0_48213", "an exception of your own"),
        ("E0_48213", None, "an exception of your own"),
    ],
)
def test_an_exception_is_told_by_a_name_that_everybody_has(error, kind, told):
    assert message(raised(error=error, name=kind)) == ({"error": told, "trace": []}, f"Your code raises {told}.")
    assert error in message(raised(error=error), hidden=False)[1]


def test_the_runner_says_what_an_exception_of_ones_own_is_a_kind_of():
    for bases, kind in (
        ((KeyError,), "KeyError"),
        ((np.linalg.LinAlgError,), "LinAlgError"),
        ((Exception,), "Exception"),
    ):
        answer = probing.failure(type("E48213", bases, {})("why"), Loaded(None))
        assert answer.values["name"] == kind and answer.values["error"].startswith("E48213")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"label": "", "line": 12}, " at line 12"),
        ({"label": "cell 3", "line": 12}, " at cell 3, line 12"),
        ({"label": "layers.py", "line": 12}, " at line 12 of layers.py"),
        ({"label": "缿姴懲", "line": 12}, ""),
        ({"label": "cell 48213", "line": 12}, ""),
        ({"label": "other48213.py", "line": 12}, ""),
        ({"label": "", "line": 48213}, ""),
        ({"label": "cell 3", "line": 4821}, ""),
        ({"label": "", "line": 12, "text": "0.48213", "function": "f48213"}, " at line 12"),
    ],
)
def test_a_place_is_a_number_of_a_line(place, told):
    trace = [{"label": "x48213", "line": 48213}, place]
    values, said = message(raised(error="KeyError", trace=trace), files=("tdx.py", "layers.py"))
    assert said == f"Your code raises KeyError{told}." and "4821" not in repr(values)


def test_other_words_of_a_submissions_are_told_where_they_are_known():
    for name, told in (("first", "first"), ("E48213", "…")):
        assert message(Answer(Outcome.MISSING, key="missing", values={"name": name}))[0] == {"name": told}
    for how, told in (("SIGSEGV", {"how": "SIGSEGV"}), ("3", {"how": "3"}), ("48213", {}), ("缿姴懲", {})):
        assert message(Answer(Outcome.CRASHED, key="ended", values={"how": how}))[0] == told
    assert message(Answer(Outcome.WRONG, key="not_data", values={"why": "48213"}))[0] == {}
    assert message(Answer(value=b"sdx1 nonsense"))[0] == {}


def test_what_a_public_case_says_that_was_not_asked_apart_is_cut_down_too():
    """Its process had the hidden inputs before it."""
    trace = [{"label": "", "line": 3, "text": "0.48213", "function": "f"}]
    values, said = message(Answer(Outcome.MEMORY, key="memory", values={"trace": trace}), hidden=False)
    assert values == {"trace": [{"label": "", "line": 3}]}
    assert said == "Your code asks for more memory than it may use at line 3."


def test_a_number_of_the_answer_is_not_told():
    answer = WANT + [[0, SECRET], [0, 0]]
    assert value(answer) == (
        {"part": "", "index": [0, 1], "relative": 0.2},
        "Your answer is wrong; its largest relative error at index (0, 1) is about 0.2.",
    )
    assert "yours is 2.48213, a relative error of 0.19424" in value(answer, hidden=False)[1]


@pytest.mark.parametrize("answer", [100.0, -100.0, 1e-3])
def test_the_expected_number_does_not_follow(answer):
    """A relative error of R of an answer that the student chose tells the expected number as exactly as R is told."""
    relative = value(answer, want=SECRET)[0]["relative"]
    assert len(f"{relative:g}".strip("0.").replace("e-", "")) == 1
    told = {value(answer, want=want)[0]["relative"] for want in np.linspace(0.4, 0.55, 50)}
    assert len(told) == 1


@pytest.mark.parametrize(
    ("factor", "want", "told"),
    [
        (-1.0, WANT, -1.0),
        (0.5, WANT, 0.5),
        (1 / 3, WANT, 1 / 3),
        (1.48213, WANT, None),
        (0.1, WANT, None),
        (48213.0, WANT, None),
        (0.0, WANT, None),
        (2.0, np.array([3.0, 0.0, 5.0, 5.0]), None),
        (2.0, np.array([3.0, 0.0, 5.0, 6.0]), 2.0),
        (2.0, np.float64(3.0), None),
    ],
)
def test_a_factor_is_told_where_a_mistake_has_it_and_three_numbers_agree(factor, want, told):
    found = value(want * factor, want=want)[0].get("factor")
    assert found == (None if told is None else pytest.approx(told))


def test_that_an_answer_is_transposed_may_be_told():
    assert value(WANT.T)[0]["transposed"] is True


def test_a_part_is_told_where_public_cases_have_it():
    assert value({"W": ZERO}, want={"W": WANT})[0]["part"] == "W"
    assert value({"W": ZERO}, want={"W": WANT}, public={"b": WANT})[0]["part"] == ""


@pytest.mark.parametrize("bad", [complex(np.nan, SECRET), complex(SECRET, np.inf), np.nan])
def test_what_is_not_finite_holds_no_number(bad):
    answer = WANT.astype(complex)
    answer[1, 0] = bad
    assert value(answer) == ({"part": "", "index": [1, 0], "got": "nan"}, "Your answer holds nan at index (1, 0).")


@pytest.mark.parametrize(
    ("answer", "compare", "got"),
    [
        (np.zeros((4, 8, 2, 13)), CLOSE, None),
        (np.zeros((4, 8), "<U48"), CLOSE, "an array"),
        (None, CLOSE, "None"),
        ([[1.0], [2.0, 3.0]], CLOSE, "a list of unequal parts"),
        (np.zeros((4, 8)), {"kind": "equal"}, "an array"),
        (SECRET, {"kind": "predicate", "function": "no"}, "a number"),
        ("0.48213", {"kind": "predicate", "function": "no"}, "text"),
    ],
)
def test_of_an_answer_of_another_kind_the_kind_is_told(answer, compare, got):
    values, _ = value(answer, compare=compare, functions={"no": lambda values, answer: np.shape(answer) == (2, 2)})
    assert values.get("got") == got and "48" not in repr(values)


def test_which_entry_differs_first_is_told_of_public_cases_alone():
    """An entry that the student chose, and what a hidden input is there."""
    answer = WANT + [[0, SECRET], [0, 0]]
    assert value(answer, compare={"kind": "equal"}) == (
        {"got": "an array"},
        "Your answer is an array, which is not what was asked.",
    )
    assert (
        "The first entry that differs is [0][1]: yours is 2.48213"
        in value(answer, compare={"kind": "equal"}, hidden=False)[1]
    )


def of_this_shape(values, answer):
    if np.shape(answer) != (2, 2):
        return f"it has shape {np.shape(answer)}"
    return True if np.all(answer) else beside()


def beside():
    return "a number is 0"


def test_a_predicates_reason_is_told_where_it_stands_in_its_text():
    judged = {"compare": {"kind": "predicate", "function": "f"}, "functions": {"f": of_this_shape}}
    assert value(ZERO, **judged) == ({"why": "a number is 0"}, "Your answer is not right: a number is 0.")
    assert value(np.zeros((48, 214)), **judged)[0] == {"got": "an array"}
    assert value(np.zeros((48, 213)), hidden=False, **judged)[0] == {"why": "it has shape (48, 213)"}
