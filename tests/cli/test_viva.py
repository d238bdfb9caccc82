"""`surdix viva`: changes of a student's own code, questions, and measured answers that the examiner unfolds."""

import html
import json
import re

import pytest

from grader import viva
from grader.authoring import load
from grader.contract import Note, Outcome, Report, Share, Status, Submission, Verdict
from grader.errors import UserError
from grader.pages.viva import ENGLISH, FRENCH
from grader.sandbox.tiers import open_sandbox
from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_bad_usage import one_line
from tests.cli.test_language import FRENCH as TEXTS

METHODS = (
    "class Scale:\n    def __init__(self, k):\n        self.k = k\n\n"
    "    def forward(self, x):\n        return self.k * x  # <script>\n\n    __call__ = forward\n\n"
    "    def backward(self, grad):\n        return self.k * grad\n"
)
ANSWER = re.compile(r"<details>.*?</details>", re.DOTALL)
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": "# Mine"},
        {"cell_type": "code", "source": "%matplotlib inline\nimport numpy as np"},
        {"cell_type": "code", "source": "def double(x):\n    return 3 * x"},
        {"cell_type": "code", "source": ["def double(x):\n", "    return 2 * np.asarray(x)"]},
        {"cell_type": "code", "source": "this is not Python\n"},
        {"cell_type": "code", "source": SCALE},
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def words(page):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page.partition("<main>")[2])).split())


def graded(source, name="tdm.py", passes=("doubles", "scale_backward", "keeps_signs"), status=Status.GRADED):
    """A submission, and a report of it in which these checks pass."""
    share = Share(Outcome.PASS, 1, 1, 1.0)
    questions = {"doubles": "1.1", "keeps_signs": "1.1", "scale_backward": "1.2"}
    verdicts = tuple(
        Verdict(check, question, 1.0, 1.0, outcome, share, share, Note("pass"))
        for check, question in questions.items()
        for outcome in [Outcome.PASS if check in passes else Outcome.WRONG]
    )
    data = source if isinstance(source, bytes) else source.encode()
    return Submission("ada", "Ada", name, data), Report("ada", "Ada", status, 9.0, 9.0, 10.0, verdicts)


@pytest.fixture
def drawn(course):
    """What is drawn of a source, for some seeds."""
    loaded = load.load(course.folder, "tdm")

    def draw(source, seeds=1, **more):
        submission, report = graded(source, **more)
        with open_sandbox("best", loaded.assignment) as box:
            return [viva.changes(loaded, submission, report, box, seed) for seed in range(seeds)]

    return draw


@pytest.fixture
def results(surdix, class_folder, tmp_path):
    """A folder of results: one who passes, one who does not, one with nothing, one whom nobody can grade."""
    folder = class_folder(ada=GOOD + METHODS, carl="def double(x):\n    return x - x + 1\n", finn="")
    (folder / "gina").mkdir()
    (folder / "gina" / "a.py").write_text(GOOD)
    (folder / "gina" / "b.py").write_text(GOOD + SCALE)
    out = tmp_path / "out"
    assert surdix("grade", "tdm", folder, "--out", out).status == 1
    return out


def test_the_page_has_three_changes_and_answers_only_for_the_examiner(surdix, results, tmp_path):
    done = surdix("viva", results, "ada")
    assert (done.status, done.err) == (0, "")
    path = results / "viva" / "ada.html"
    assert done.out.startswith(f"{path}: ") and path.stat().st_mode & 0o077 == 0
    page = path.read_text(encoding="utf-8")
    shown = ANSWER.sub("", page)
    assert len(ANSWER.findall(page)) == page.count("<h2>") == 3
    assert page.count("<del ") == page.count("<ins ") == 3
    assert shown.count("What does this change do to") == 3
    assert "Your double returns twice" in page or "Your Scale.backward is" in page
    for told in ("Your ", "was", "becomes", "relative", "times", "raises", "In the public case"):
        assert told not in words(shown), told
    assert all(re.search("becomes|raises|holds|gets", words(f"<main>{answer}")) for answer in ANSWER.findall(page))
    assert "<script>" not in page and "script-src" not in page
    other = tmp_path / "there" / "oral.html"
    assert surdix("viva", results, "ada", "--out", other).status == 0
    assert other.read_text(encoding="utf-8") == page, "the same seed gives the same page"
    assert other.stat().st_mode & 0o077 == 0
    assert surdix("viva", results, "ada", "--seed", "5", "--out", other).status == 0
    assert other.read_text(encoding="utf-8") != page


def test_it_speaks_french(surdix, results, course):
    course.write("assignments/tdm/handout.fr.md", (course.td / "handout.md").read_text(encoding="utf-8"))
    course.write("assignments/tdm/texts.fr.toml", TEXTS)
    assert surdix("viva", results, "ada", "--language", "fr").status == 0
    page = (results / "viva" / "ada.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page and page.count("Que fait ce changement") == 3
    assert "Pour l’examinateur" in page and "Dans le cas public" in page
    assert not re.search("What does|becomes|relative change", page)


def test_every_sentence_is_there_in_both_languages():
    assert ENGLISH.keys() == FRENCH.keys()


@pytest.mark.parametrize(
    ("student", "says"),
    [
        ("zoe", "there is no student 'zoe'"),
        ("carl", "no check passes in what carl handed in"),
        ("finn", "finn has no file that was graded (empty)"),
        ("gina", "gina has no file that was graded (unreadable)"),
    ],
)
def test_where_there_is_nothing_to_ask(surdix, results, student, says):
    one_line(surdix("viva", results, student), says)
    assert not (results / "viva").exists()


def test_bad_usage(surdix, results, tmp_path):
    one_line(surdix("viva", tmp_path / "nowhere", "ada"), "nothing was graded here")
    one_line(surdix("viva", results), "STUDENT")
    one_line(surdix("viva", results, "ada", "--out", "/proc/x/y.html"), "/proc/x", "--out")


def test_answers_are_measured(drawn):
    """What is known of each possible change of `return 2 * np.asarray(x)` is what the page says."""
    seen = {}
    for found in drawn(GOOD, seeds=4, passes=("doubles", "keeps_signs")):
        assert len(found) == 3 and len({change.code for change in found}) == 3
        for change in found:
            assert (change.function, change.label, change.line) == ("double", "", 3)
            gone = [line for sign, line in change.code if sign == "-"]
            (come,) = (line.strip() for sign, line in change.code if sign == "+")
            assert gone == ["    return 2 * np.asarray(x)"]
            effects = {effect.check: effect.notes for effect in change.effects}
            seen[come] = effects
    assert seen["return 4 * np.asarray(x)"]["doubles"][1] == Note("viva_factor", {"times": 2.0})
    assert "keeps_signs" not in seen["return 4 * np.asarray(x)"]
    opposite = seen["return -(2 * np.asarray(x))"]
    assert opposite["doubles"][1] == Note("viva_sign")
    assert opposite["keeps_signs"] == (Note("viva_predicate", {"why": "a sign is wrong", "was": "?"}),)
    value = opposite["doubles"][0].values
    assert (value["wrong"], value["size"], value["relative"]) == (3, 3, 2.0)
    assert value["was"] == -value["got"]


def test_a_gradient_comes_first(drawn):
    (found,) = drawn(GOOD + METHODS)
    assert {change.function for change in found} <= {"Scale", "Scale.__init__", "Scale.backward", "double"}
    assert found[0].kinds == {"gradient"}, "it is asked for before other numbers"


def test_what_does_not_pass_is_not_asked_about(drawn):
    helped = GOOD.replace("2 *", "two() *") + "def two():\n    return 1 + 1\n" + METHODS
    found = [change for three in drawn(helped, seeds=3, passes=("doubles", "keeps_signs")) for change in three]
    assert {change.function for change in found} == {"double", "two"}, "what it calls may be asked about"


def test_a_notebook_is_changed_cell_by_cell(drawn):
    found = [change for three in drawn(json.dumps(NOTEBOOK), seeds=3, name="tdm.ipynb") for change in three]
    places = {(change.function, change.label) for change in found}
    assert places <= {
        ("double", "cell 4"),
        ("Scale", "cell 6"),
        ("Scale.__init__", "cell 6"),
        ("Scale.backward", "cell 6"),
    }
    assert len(places) > 1
    for change in found:
        assert change.effects
        lines = "".join(NOTEBOOK["cells"][int(change.label[5:]) - 1]["source"]).split("\n")
        (gone,) = (line for sign, line in change.code if sign == "-")
        assert lines[change.line - 1] == gone, "the last definition is the one that counts"


def test_the_code_runs_in_the_sandbox_alone(drawn, tmp_path):
    spy = f"import os\nos.environ['RAN'] = 'here'\nopen({str(tmp_path / 'ran')!r}, 'w').write('x')\n"
    (found,) = drawn(spy + "import sys\nsys.modules['numpy.spy'] = sys\n" + GOOD)
    assert len(found) == 3
    assert not (tmp_path / "ran").exists() and "RAN" not in __import__("os").environ
    assert "numpy.spy" not in __import__("sys").modules


def test_a_change_that_never_ends_is_none(drawn):
    loop = (
        "import numpy as np\ndef double(x):\n    i = 0\n    x = np.array(x)\n"
        "    while i < len(x):\n        x[i] = 2 * x[i]\n        i += 1\n    return x\n"
    )
    for found in drawn(loop, seeds=2, passes=("doubles",)):
        assert len(found) == 3
        for change in found:
            gone, come = ([line.strip() for sign, line in change.code if sign == which] for which in "-+")
            assert change.effects and (gone, come) not in [(["i += 1"], ["pass"]), (["i += 1"], ["i -= 1"])]


@pytest.mark.parametrize("coding", ["latin-1", "cp1252"])
def test_another_encoding_stays_readable(drawn, coding):
    text = f"# -*- coding: {coding} -*-\nNAME = 'é'\nassert len(NAME) == 1\n" + GOOD.replace("2 *", "2 * len(NAME) *")
    (found,) = drawn(text.encode(coding), passes=("doubles",))
    assert len(found) == 3


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"%PDF-1.4", "PDF"),
        ("x" * (viva.MAX_SOURCE + 1), "too large"),
        ("def double(x):\n    raise ValueError\n", "answers nothing here"),
        ("from numpy import *\ndouble = lambda x: 2 * asarray(x)\n", "no small change"),
        ("def double(x):\n    return " + "(" * 5000 + "\n", "answers nothing here"),
    ],
)
def test_what_cannot_be_asked_about_is_said(drawn, source, says):
    with pytest.raises(UserError, match=says):
        drawn(source, passes=("doubles",))
