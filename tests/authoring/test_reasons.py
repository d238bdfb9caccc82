"""What predicates say is translated whole, and nothing else is."""

import pytest

from grader.authoring import reasons

CHECKS = """
def helper(x):
    return "not a predicate's"

def shaped(values, answer):
    \"\"\"No reason, either.\"\"\"
    if answer is None:
        return "nothing is left"
    if answer.shape != values["x"].shape:
        return f"the shape is {answer.shape}, not {values['x'].shape}"
    return True if answer.any() else "all is {0, 1}"

def signed(values, answer):
    return bool((answer > 0).all()) or "a sign is wrong"
"""
WHOLE = {
    "nothing is left": "il ne reste rien",
    "the shape is {got}, not {want}": "la forme est {got}, et non {want}",
    "all is {0, 1}": "tout est {0, 1}",
    "a sign is wrong": "un signe est faux",
}


def test_all_that_predicates_say_is_found():
    assert reasons.said(CHECKS, {"shaped", "signed"}) == {
        "nothing is left",
        "the shape is {}, not {}",
        "all is {0, 1}",
        "a sign is wrong",
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, ""),
        ({"a sign is wrong": None}, "has nothing for 'a sign is wrong'"),
        ({"a sign is": "un signe"}, "'a sign is' is not what a predicate"),
        ({"not a predicate's": "x"}, "is not what a predicate"),
        ({"the shape is {got}, not {want}": "{forme}"}, "fills in forme"),
    ],
)
def test_what_is_amiss_is_said(change, says):
    table = {reason: said for reason, said in {**WHOLE, **change}.items() if said is not None}
    found = reasons.amiss(table, CHECKS, {"shaped", "signed"})
    assert says in found and bool(says) == bool(found)
