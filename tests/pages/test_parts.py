"""What a student wrote on a question is found by where the handout says that the question begins."""

import pytest

from grader.pages.parts import pieces
from student_template.runner.reading import Cell

QUESTIONS = ["1", "2.1", "2.2", "2.10", "3"]


def about(question, *cells):
    return [piece.text for piece in pieces("td.py", cells, QUESTIONS) if question in piece.about]


def prose(text):
    return Cell("cell", text, code=False)


def test_a_question_reaches_to_the_next_one():
    cells = (
        prose("# TD\nin 2.1 hours"),
        prose("## Question 2.1 — Softmax"),
        Cell("cell 3", "x = 1"),
        prose("### My proof, in 3 steps\nBy induction."),
        Cell("cell 5", "# step 3\ny = 1"),
        prose("## Questions 2.2 et 2.10 — Two"),
        Cell("cell 7", "z = 1"),
    )
    assert about("2.1", *cells) == [cell.text for cell in cells[1:5]]
    assert about("2.2", *cells) == about("2.10", *cells) == [cell.text for cell in cells[5:]]
    assert about("3", *cells) == [] and about("1", *cells) == []


def test_a_cell_with_two_questions_is_cut():
    both = prose("a\n## Question 2.1\nb\n## Question 2.2\nc")
    assert about("2.1", both) == ["## Question 2.1\nb"] and about("2.2", both) == ["## Question 2.2\nc"]
    assert [(piece.line, piece.about) for piece in pieces("td.py", [both], QUESTIONS)] == [
        (1, frozenset()),
        (2, frozenset({"2.1"})),
        (4, frozenset({"2.2"})),
    ]


def test_a_file_is_cut_at_its_comments():
    text = "import numpy\n\n# %% [markdown]\n# ## Question 2.1 — Softmax\n# Write it.\n\n# %%\ndef f():\n"
    text += "    # question 3\n    return 1\n\n# --- Q2.2: the layer ---\ny = 2\n"
    first, second, third = pieces("td.py", [Cell("", text)], QUESTIONS)
    assert (first.text, first.label, first.about) == ("import numpy\n", "td.py", frozenset())
    assert second.text.startswith("# %% [markdown]\n# ## Question 2.1") and second.text.endswith("return 1\n")
    assert second.line == 3
    assert (third.text, third.about, third.line) == ("# --- Q2.2: the layer ---\ny = 2\n", {"2.2"}, 12)


@pytest.mark.parametrize(
    ("line", "code", "found"),
    [
        ("## Question 2.1", False, {"2.1"}),
        ("# 2.1 Softmax", False, {"2.1"}),
        ("## **Exercice 2.1**", False, {"2.1"}),
        ("## Question n° 3", False, {"3"}),
        ("## QUESTION 2.1, 2.2 and 3: all", False, {"2.1", "2.2", "3"}),
        ("## Question 2.1 with 3 layers", False, {"2.1"}),
        ("## Question 2.11", False, set()),
        ("## Question 2.1.1", False, set()),
        ("## Question 2.", False, set()),
        ("## Question 3.", False, {"3"}),
        ("## Step 3", False, set()),
        ("Question 2.1", False, set()),
        ("#Question 2.1", True, {"2.1"}),
        ("# 2.1 is the best rate", True, set()),
        ("# ## 2.1 Softmax", True, {"2.1"}),
        ("x = 1  # question 2.1", True, set()),
        ('raise NotImplementedError("question 2.1: f")', True, set()),
    ],
)
def test_where_a_question_begins(line, code, found):
    (piece,) = pieces("td.py", [Cell("", line, code)], QUESTIONS)
    assert piece.about == found


def test_long_lines_of_signs_begin_no_question_and_are_kept():
    for text in ("#" * 100_000, "# " * 50_000, "## " + "-" * 100_000, "# question" * 10_000):
        found = pieces("td.py", [Cell("", f"{text}\n" * 20), Cell("", f"{text}\n" * 20, code=False)], QUESTIONS)
        assert not any(piece.about for piece in found)
        assert sum(piece.text.count(text.strip()) for piece in found) == 40


def test_a_picture_is_told():
    assert [
        piece.picture for piece in pieces("a", [prose("![](attachment:a.png)"), prose("a!"), Cell("", "![")], [])
    ] == [
        True,
        False,
        False,
    ]
