"""The student's own line, and a public case: what was asked, what came back, what was expected."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from markupsafe import Markup

from grader.contract import Answer, Note, Outcome
from grader.pages import feedback
from grader.pages.colours import WIDTH, coloured
from grader.pages.listing import WHOLE, Listing, around, definition
from grader.pages.place import Place, place_of
from grader.pages.tried import Tried, form, rows, written
from student_template.runner import codec
from tests.pages.pages_samples import ATTACKS, CLOSE, W, assignment, public_case, report, say, tried, verdict
from tests.pages.parsed import Page


def told(one: Tried, part: str = "") -> dict[str, tuple[str, str, str | None]]:
    return {row.what: (row.more, row.yours, row.expected) for row in rows(one, part)}


# What came back


def test_the_first_difference_and_the_largest() -> None:
    want = np.arange(100.0).reshape(10, 10)
    got = want.copy()
    got[3, 4] += 1.0
    got[7, 0] *= 2.0
    assert told(tried(got, want)) == {
        "it_is": ("", "array (10, 10), float64", "array (10, 10), float64"),
        "first_off": ("[3, 4]", "35", "34"),
        "largest_off": ("", "0.5", None),
    }


def test_small_values_stand_in_full() -> None:
    found = told(tried(np.array([1.0, 2.0]), np.array([1.0, 3.0])))
    assert found["value"] == ("", "[1., 2.]", "[1., 3.]")


def test_numbers_that_differ_are_written_so_that_they_do() -> None:
    got, want = np.array([1.2345678, 1.0]), np.array([1.2345712, 1.0])
    found = told(tried(got, want, {"kind": "close", "rtol": 1e-9, "atol": 0.0}))
    assert found["value"][1:] == ("[1.2345678, 1.       ]", "[1.2345712, 1.       ]")
    assert found["first_off"] == ("[0]", "1.2345678", "1.2345712")
    found = told(tried(1.0, np.nextafter(1.0, 2.0), {"kind": "close", "rtol": 0.0, "atol": 0.0}))
    assert found["first_off"][1] != found["first_off"][2]


def test_a_matrix_of_two_figures_is_not_broken() -> None:
    found = told(tried(np.full((4, 5), 0.12345), np.full((4, 5), 0.54321)))["value"]
    assert found[1].count("\n") == 3


def test_another_shape_or_type_is_told_as_such() -> None:
    assert told(tried(np.zeros((3, 2)), np.zeros((2, 3))))["it_is"][1:] == (
        "array (3, 2), float64",
        "array (2, 3), float64",
    )
    assert told(tried(None, np.zeros(2)))["it_is"] == ("", "None", "array (2,), float64")
    assert "first_off" not in told(tried("text", 1.0))


def test_the_part_of_a_dictionary_that_the_message_is_about() -> None:
    found = told(tried({"a": {"b": 1.0}, "c": 2.0}, {"a": {"b": 2.0}, "c": 2.0}), "a.b")
    assert found["first_off"] == ("", "1", "2")
    dotted = {"a.b": {"c": 1.0}}, {"a.b": {"c": 2.0}}
    assert told(tried(*dotted), "a.b.c")["first_off"] == ("", "1", "2")
    assert told(tried({"a": 1.0}, {"b": 1.0}), "b")["it_is"] == ("", "dict ('a')", "dict ('b')")


def test_what_cannot_be_expected_is_not() -> None:
    for kind in ("predicate", "accuracy"):
        assert {row.expected for row in rows(tried(np.ones(2), np.zeros(2), {"kind": kind}))} == {None}


def test_no_answer_has_no_rows() -> None:
    for answer in (None, Answer(Outcome.ERROR, key="error"), Answer(value=b"nonsense")):
        assert rows(Tried.of(public_case(2.0), answer)) == []


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, -3, 2**80, 1.5, float("nan"), 1j, "x" * 10_000, b"\x00", [], [[1, 2], [3]], ["a", [None]]),
        *({}, {"a": {"b": [1]}}, {str(i): i for i in range(500)}, [[]] * 500, (1, (2, "three"))),
        *(np.array(3), np.zeros((0, 5)), np.zeros((2,) * 12), np.array([np.inf, -np.inf, np.nan])),
        *(np.array(["<b>", "c"]), np.array([True, False]), np.array([1, 2], dtype=np.uint8), np.array([1 + 2j])),
    ],
)
def test_whatever_came_back_is_bounded(value: Any) -> None:
    encoded = codec.decode(codec.encode(value)) if not isinstance(value, complex) else value
    for want in (0.0, np.zeros(2), None, {"a": 1}, [1, 2], value):
        if not isinstance(value, complex):
            for compare in (CLOSE, {"kind": "equal"}, {"kind": "predicate"}):
                for row in rows(tried(value, want, compare), "a"):
                    assert max(len(row.yours), len(row.expected or "")) <= 1000
    assert len(form(encoded)) <= 1000 and len(written(encoded)) <= 1000


def test_large_arguments_are_named_and_small_ones_given() -> None:
    one = tried(1.0, 1.0, x=np.arange(3), X=np.zeros((600, 2)), lr=0.1, sizes=[2, 3])
    assert one.case.given == (
        ("x", "[0, 1, 2]"),
        ("X", "array (600, 2), float64"),
        ("lr", "0.1"),
        ("sizes", "[2, 3]"),
    )


# The student's own lines

SOURCE = """import numpy as np


class Linear:
    def forward(self, x):
        y = (
            x @ self.W
        )
        return y

    def backward(self, grad):
        return grad
"""


def lines(line: int, text: str = SOURCE, label: str = "td2.py") -> tuple[int, int] | None:
    found = around([("td2.py", text)], label, line)
    return None if found is None else (found.first, found.first + len(found.lines) - 1)


def test_the_function_around_a_line() -> None:
    assert (lines(7), lines(9), lines(5), lines(12)) == ((5, 9), (5, 9), (5, 9), (11, 12))
    assert lines(1) == (1, 6)


@pytest.mark.parametrize("line", [0, -1, 99, 2])
def test_no_such_line(line: int) -> None:
    assert lines(line) is None
    assert lines(7, label="other.py") is None
    assert lines(7, SOURCE + "#" * (1 << 20)) is None


def test_a_long_function_keeps_its_first_line_and_what_is_near() -> None:
    text = "def f(x):\n" + "".join(f"    x += {n}\n" for n in range(2, 60)) + "    return x\n\n\ndef g(): pass\n"
    found = around([("td2.py", text)], "td2.py", 50)
    assert found is not None and found.first == 1
    assert Page(f"<p>{found.lines[found.at]}</p>").text == "    x += 50"
    assert found.lines[1] == 50 - 1 - 1 - (found.at - 2) and isinstance(found.lines[-1], Markup)


FIT = """def fit(
    layers,
    epochs=10,
) -> list:
    \"\"\"Train.

    What the handout says of it.
    \"\"\"
# a note at the left
    text = \"\"\"
at the left, too
\"\"\"
    for _ in range(epochs):
        step(layers)
    return layers


def other():
    pass
"""


def plain(found: Listing) -> list[str | int]:
    return [line if isinstance(line, int) else Page(f"<p>{line}</p>").text for line in found.lines]


def test_a_function_is_shown_whole_whatever_stands_at_the_left_and_its_docstring_is_not() -> None:
    rows = FIT.split("\n")
    found = definition([("td2.py", FIT)], ["fit"])
    assert found is not None and plain(found) == [*rows[:4], 4, *rows[8:15]]
    found = around([("td2.py", FIT)], "td2.py", 14)
    assert found is not None and found.first == 1 and plain(found)[found.at] == "        step(layers)"
    assert plain(found) == [*rows[:4], 4, *rows[8:15]]


def test_what_is_no_python_is_shown_whole_by_its_indentation() -> None:
    broken = FIT.replace('"""', "").replace("at the left, too\n", "").replace("pass", "pass (")
    for found in (definition([("td2.py", broken)], ["fit"]), around([("td2.py", broken)], "td2.py", 13)):
        assert found is not None and (plain(found)[0], plain(found)[-1]) == ("def fit(", "    return layers")


def test_a_function_without_end_says_how_much_is_left_out() -> None:
    found = definition([("td2.py", "def f(x):\n" + "    x += 1\n" * 99)], ["f"])
    assert found is not None and len(found.lines) == WHOLE + 1 and found.lines[-1] == 100 - WHOLE


def test_a_line_that_is_cut_says_so() -> None:
    for width, cut in ((WIDTH, False), (WIDTH + 1, True)):
        files = [("td2.py", "def f():\n" + "    x".ljust(width, "x") + "\n")]
        for found in (around(files, "td2.py", 2), definition(files, ["f"])):
            assert found is not None
            assert Page(f"<p>{found.lines[1]}</p>").text == "    x".ljust(WIDTH, "x") + " …" * cut


def test_what_is_no_python_is_coloured_all_the_same() -> None:
    text = "def f(:\n  'never closed\n\treturn (((\n"
    assert [Page(f"<p>{line}</p>").text for line in coloured(text)] == text.split("\n")
    assert '<span class="tk">def</span>' in coloured(text)[0]


def test_which_line_a_message_is_about() -> None:
    trace = [{"label": "", "line": 3}, {"label": "cell 2", "line": 5}]
    assert place_of({"trace": trace}) == Place("cell 2", 5, left_out=False)
    parsed = {"label": "", "line": 118, "error": "'(' was never closed (line 155)"}
    assert place_of({"block": parsed}) == Place("", 155, left_out=True)
    raised = {"label": "a.py", "line": 4, "error": "ValueError"}
    assert place_of({"block": raised, "trace": trace}) == Place("a.py", 4, left_out=True)
    assert place_of({"got": 1.0}) is None
    for line in (None, "7", True, 7.0, [7]):
        assert place_of({"trace": [{"line": line}]}) == Place("", 0, left_out=False)


def test_the_page_marks_the_line() -> None:
    wrong = verdict(0, W, message=Note("passes", {"trace": [{"label": "", "line": 7}]}))
    page = feedback(replace(report("1", "A", W), verdicts=(wrong,)), assignment(), say, [("td2.py", SOURCE)])
    (marked,) = page.split('<mark class="l">')[1:]
    assert Page(f"<p>{marked.partition('</mark>')[0]}</p>").text.strip() == "x @ self.W"
    assert "Your code, line 7 of" in page


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["Linear.backward", "Linear"], 11),
        (["Linear.step", "Linear.forward"], 5),
        (["Linear"], None),
        (["forward"], None),
        (["f"], 19),
        (["g", "h.f"], None),
        ([], None),
    ],
)
def test_the_function_that_a_check_calls_as_defined_last(names: list[str], first: int | None) -> None:
    text = f"{SOURCE}\n\ndef f():\n    return 1\n\n\ndef f(:\n    return 2\n\nf()\n"
    found = definition([("td2.py", text), ("other.py", "x = 1\n")], names)
    assert (None if found is None else (found.first, found.marked, found.at)) == (first and (first, 0, -1))
    if first == 19:
        assert (
            found is not None
            and Page("<p>" + "\n".join(map(str, found.lines)) + "</p>").text == "def f(:\n    return 2"
        )


def test_a_class_at_the_very_top_has_methods_too() -> None:
    found = definition([("cell 1", "class A:\n    def f(self):\n        return 1\n")], ["A.f"])
    assert found is not None and (found.label, found.first) == ("cell 1", 2)


def test_a_wrong_answer_shows_the_function_that_gave_it() -> None:
    wrong = verdict(0, W, message=Note("passes"))
    one = Tried(replace(public_case(2.0), calls=("Linear.forward",)))
    made = replace(report("1", "A", W), verdicts=(wrong,))
    page = Page(feedback(made, assignment(), say, [("td2.py", SOURCE)], tried={wrong.id: one})).text
    assert "Your code, from line 5 of" in page and page.count("def forward(self, x):") == 2


# Hostile


@pytest.mark.parametrize("text", ATTACKS)
def test_hostile_code_and_answers_are_text(text: str) -> None:
    def page(attack: str) -> Page:
        wrong = verdict(0, W, message=Note("passes", {"trace": [{"label": "", "line": 2}], "part": attack}))
        source = [("td2.py", f"def f():\n    return '{attack}'\n")]
        one = tried({attack: attack, "array": np.array([attack])}, x=1)
        made = feedback(
            replace(report("1", "A", W), verdicts=(wrong,)), assignment(), say, source, tried={wrong.id: one}
        )
        made.encode()
        return Page(made)

    attacked, calm = page(text), page("harmless")
    shown, expected = (Counter(t for t, _ in p.elements if t not in ("code", "span", "path")) for p in (attacked, calm))
    assert shown == expected
    names = ({a for _, attributes in p.elements for a in attributes} for p in (attacked, calm))
    assert len({frozenset(found) for found in names}) == 1


def test_a_long_line_and_a_long_answer_do_not_fill_the_page() -> None:
    wrong = verdict(0, W, message=Note("passes", {"trace": [{"label": "", "line": 1}]}))
    one = tried({"x" * 10_000: "y" * 60_000}, x=1)
    source = [("td2.py", "x = " + "'(" * 200_000)]
    page = feedback(replace(report("1", "A", W), verdicts=(wrong,)), assignment(), say, source, tried={wrong.id: one})
    assert len(page) < 40_000
