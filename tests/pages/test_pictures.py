"""Pictures of public cases: a curve, a confusion matrix, the misread digits. Small, and in the page's own colours."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.contract import Note
from grader.pages import feedback
from grader.pages.classes import confusion, misread
from grader.pages.pictures import curves, points
from grader.pages.tried import UNKNOWN, Tried, curve
from grader.pages.words import ENGLISH, FRENCH
from student_template.runner import figures, picture
from student_template.runner.figures import OTHER
from student_template.runner.untrusted import UNSAFE
from tests.pages.pages_samples import CLOSE, W, assignment, report, say, tried, verdict
from tests.pages.parsed import Page

X = np.linspace(3.0, -3.0, 20)
LABELS = np.repeat(np.arange(3), 4)


def page_of(*several: Tried, language: str = "en") -> str:
    verdicts = tuple(verdict(n, W, message=Note("passes"), hint=None) for n in range(len(several)))
    shown = {v.id: one for v, one in zip(verdicts, several, strict=True)}
    made = replace(report("1", "A", W), verdicts=verdicts)
    return feedback(made, assignment(language), say, [("td2.py", "x = 1\n")], tried=shown)


# Curves


def test_a_curve_is_over_the_argument_of_its_length_from_left_to_right() -> None:
    found = curve(tried(2 * X, X**2, n=3, x=X))
    assert found is not None and (found.axis, found.log, found.count) == ("x", False, 20)
    np.testing.assert_array_equal(found.x, X[::-1])
    np.testing.assert_array_equal(found.yours, 2 * X[::-1])
    np.testing.assert_array_equal(found.expected, X[::-1] ** 2)
    for values in ({"n": 3}, {"x": X[:9]}, {"x": np.ones(20)}, {"x": X * np.inf}, {"x": "text"}):
        index = curve(tried(2 * X, X**2, **values))
        assert index is not None and index.axis == ""


def test_of_a_long_row_some_points_are_drawn() -> None:
    found = curve(tried(np.arange(5000.0), np.ones(5000)))
    assert found is not None and len(found.x) == len(found.yours) == figures.MOST and found.count == 5000
    assert (found.x[0], found.x[-1]) == (0, 4999)


def test_a_curve_over_decades_has_a_logarithmic_scale() -> None:
    one = tried(10.0 ** -np.arange(20), 2 * 10.0 ** -np.arange(20))
    html = page_of(one)
    assert (found := curve(one)) is not None and found.log
    assert ENGLISH["log"] in html and re.search(r">1e−\d\d</text>", html)


@pytest.mark.parametrize(
    ("got", "want", "kind"),
    [
        *((X[:7], X[:7] ** 2, "close"), (X, X[:9], "close"), (X.reshape(4, 5), X.reshape(4, 5), "close")),
        *((X, X**2, "equal"), (X, UNKNOWN, "close"), (1j * X, X, "close"), (np.full(20, np.nan), X, "close")),
        ("text", X, "close"),
    ],
)
def test_what_is_no_curve_is_not_plotted(got: Any, want: Any, kind: str) -> None:
    assert curve(tried(got, want, {**CLOSE, "kind": kind})) is None


def test_a_hostile_row_of_numbers_is_plotted_all_the_same() -> None:
    got = np.array([np.nan, np.inf, -np.inf, 1e308, -1e308, 1e-308, 0.0, 1.0] * 2)
    html = page_of(tried(got, np.arange(16.0), x=np.arange(16.0)))
    assert 'class="picture"' in html and len(html) < 60_000


def test_a_picture_is_part_of_the_page_and_of_nothing_else() -> None:
    html = page_of(*(tried(X + n, X**2, x=X) for n in range(3)))
    page = Page(html)
    drawn = [a for tag, a in page.elements if a.get("class") == "picture"]
    assert len(drawn) == 3 and all(a["role"] == "img" and ENGLISH["plotted"] in (a["aria-label"] or "") for a in drawn)
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    pointed = " ".join(f"{a.get('href')} {a.get('clip-path')}" for _, a in page.elements)
    used = set(re.findall(r"#([^) ]+)", pointed))
    assert used <= set(ids)
    svg = html[html.index('<svg class="picture"') :].partition("</svg>")[0]
    for never in ("<style", "http", "xlink", "<metadata", "font-family", "<image", "#0"):
        assert never not in svg
    assert "var(--wrong)" in svg and "var(--accent)" in svg and len(svg) < 12_000


def test_the_same_picture_is_drawn_once() -> None:
    one = "x", points(X), points(2 * X), points(X**2), False, ("Yours", "Expected"), "a plot"
    assert curves(*one) is curves(*one)


# Classes


def test_which_class_was_taken_for_which() -> None:
    answers = LABELS.copy()
    answers[:3] = 2
    found = confusion(LABELS, answers)
    assert found is not None and found.answers == ("0", "1", "2")
    assert [(name, [count for count, _ in counts]) for name, counts in found.rows] == [
        ("0", [1, 0, 3]),
        ("1", [0, 4, 0]),
        ("2", [0, 0, 4]),
    ]
    assert found.rows[0][1] == ((1, 1), (0, 0), (3, 3))


def test_an_answer_that_is_no_class_has_a_column() -> None:
    found = confusion(LABELS, np.where(LABELS == 1, np.nan, LABELS))
    assert found is not None and found.answers[-1] == OTHER
    assert [counts[-1][0] for _, counts in found.rows] == [0, 4, 0]


@pytest.mark.parametrize(
    ("labels", "answers"),
    [
        (LABELS, LABELS[:5]),
        (LABELS, ["a"] * 12),
        (LABELS, None),
        (LABELS, [[0]] * 12),
        (LABELS + 0.5, LABELS),
        (np.arange(13), np.arange(13)),
        (np.zeros(3), np.zeros(3)),
        (np.zeros(0), np.zeros(0)),
    ],
)
def test_no_matrix(labels: Any, answers: Any) -> None:
    assert confusion(labels, answers) is None


def test_of_what_is_no_matrix_no_sample_is_drawn() -> None:
    images = {"X": np.ones((12, 64))}
    assert misread(LABELS, LABELS[::-1], images)
    for labels, answers in ((LABELS, LABELS[:5]), (LABELS, ["a"] * 12), (LABELS, None), (LABELS + 0.5, LABELS)):
        assert misread(labels, answers, images) == ()


def test_misread_digits_are_drawn() -> None:
    images = np.zeros((12, 64))
    images[0, 8:12] = 16.0  # four pixels of the second row
    images[1, 0] = 8.0
    answers = LABELS.copy()
    answers[:2] = 2, 1
    first, second = misread(LABELS, answers, {"seed": 7, "X_train": np.zeros((5, 64)), "X_test": images})
    assert (first.side, first.label, first.read_as, second.read_as) == (8, "0", "2", "1")
    assert str(first.paths) == '<path opacity="1.0" d="M0 1h4v1h-4z"/>'
    assert str(second.paths) == '<path opacity="0.5" d="M0 0h1v1h-1z"/>'


def test_samples_that_are_no_squares_are_not_drawn() -> None:
    for wide in (2, 16, 63, 40 * 40):
        assert misread(LABELS, LABELS + 1, {"X": np.zeros((12, wide))}) == ()


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("fr", FRENCH)])
def test_an_accuracy_shows_both_and_the_page_stays_small(language: str, words: dict[str, str]) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 500)
    values = {"X": rng.random((500, 28 * 28)), "y_test": labels}
    html = page_of(
        *(tried((labels + 1 + n) % 10, UNKNOWN, {"kind": "accuracy", "labels": "y_test"}, **values) for n in range(8)),
        language=language,
    )
    text = Page(html).text
    assert words["confusion"] in text and words["misread"] in text
    assert len(html) < 300_000


def test_hostile_answers_for_classes() -> None:
    for answer in (1e300, np.nan, -np.inf, 2**70):
        html = page_of(
            tried(np.full(12, float(answer)), UNKNOWN, {"kind": "accuracy", "labels": "y_test"}, y_test=LABELS)
        )
        assert 'class="matrix"' in html


@pytest.mark.parametrize("name", ["\ud800", "a\u202eb", "\x1b[31mred", "a\u200bb", "x" * 500])
def test_a_curves_name_is_a_students_at_home_too(name: str) -> None:
    def words(key: str, **values: object) -> str:
        return key

    drawn = picture.picture(
        {"compare": {"kind": "predicate"}}, {"values": {}}, {f"loss{name}": np.arange(20.0)}, "", words
    )
    assert "<svg" in drawn and not UNSAFE.search(drawn.replace("\n", "")) and len(drawn) < 6_000
    drawn.encode()
