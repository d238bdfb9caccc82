"""`python check.py --html`, and what a notebook shows under its cell: the terminal's words, fit for a browser."""

import html
import json
import re
import shutil

import numpy as np
import pytest

from grader.pages.text import prose
from grader.pages.words import words
from student_template.runner import evidence, figures, page, picture, untrusted
from tests.home.home_desk import Desk, notebook
from tests.home.home_page import articles
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.pages_samples import ATTACKS

DOUBLE = "return 2 * np.asarray(x)"
MEAN = "return float(np.mean(x))"
POLICY = r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"


def read(desk, name="check.html"):
    return (desk.folder / name).read_text(encoding="utf-8")


def flat(text):
    """As a browser flattens white space; back quotes are marks on a page."""
    return " ".join(text.replace("`", "").split())


# --- the page ---------------------------------------------------------------------------------------------------------


def test_every_line_of_the_terminal_is_on_the_page(desk, python):
    desk.solve(DOUBLE, "print('seen')\n    return 3 * np.asarray(x)")
    desk.write(
        "tdh.py", (desk.folder / "tdh.py").read_text().replace(MEAN, "return nothing").replace("class Sc", "clas Sc")
    )
    desk.check("--html", python=python)
    assert desk.status == 1 and desk.errors == ""
    assert desk.said.endswith(f"\nWritten to {desk.folder / 'check.html'}: open it in a browser.\n")
    text = flat(html.unescape(re.sub("<[^>]+>", " ", read(desk))))
    tight = text.replace(" ", "")
    for line in desk.said.splitlines()[:-1]:
        if line[:2] in ("--", "ok"):
            line = line[10:]
        assert flat(line).removeprefix("| ").replace(" ", "") in tight, line
    found = articles(read(desk))
    assert {name: article.outcome for name, article in found.items()} == {
        "doubles": "wrong",
        "leaves_x_alone": "passes",
        "means": "error",
        "scales": "missing",
        "scales_back": "missing",
    }
    assert found["doubles"].message.startswith("Your answer is wrong in 3 of 3 entries; furthest off at index")
    assert "your answer: array([-1.7511" in found["doubles"].all and "expected: array([-1.1674" in found["doubles"].all
    assert "Hint: Times what?" in found["doubles"].all and "seen" in found["doubles"].all


def test_what_does_not_pass_comes_first(desk):
    desk.solve(MEAN, 'raise NotImplementedError("question 1.10: mean")')
    desk.write("tdh.py", (desk.folder / "tdh.py").read_text().replace("return self.k * grad", "return grad"))
    desk.check("--html")
    found = articles(read(desk))
    assert list(found) == ["scales_back", "means", "doubles", "leaves_x_alone", "scales"]
    assert "look here first" in found["scales_back"].all and "look here" not in found["means"].all
    assert found["means"].outcome == "missing" and found["means"].message == "Still to be written: question 1.10: mean."
    for link in re.findall('href="#([^"]+)"', read(desk)):
        assert read(desk).count(f'id="{link}"') == 1


@pytest.mark.parametrize(
    ("arguments", "name"), [(["--html", "out.html", "1.1"], "out.html"), (["1.1", "--html"], "check.html")]
)
def test_where_it_is_written(desk, arguments, name):
    desk.solve()
    desk.check(*arguments)
    assert desk.status == 0 and list(articles(read(desk, name))) == ["doubles", "leaves_x_alone"]
    assert json.loads(desk.check(*arguments, "--json"))["doubles"]["outcome"] == "pass"


def test_a_page_that_cannot_be_written(desk):
    desk.solve()
    desk.check("--html", "nowhere/out.html")
    assert desk.status == 2 and "\n5 of 5 checks pass here." in desk.said
    assert desk.errors == (
        f"{desk.folder / 'nowhere' / 'out.html'} cannot be written (No such file or directory): "
        "name another page, as in --html PAGE.html.\n"
    )
    desk.check("out.html")
    assert desk.status == 2 and desk.errors.startswith("usage: ")


def test_in_french(tiny_in_french, tmp_path):
    desk = Desk(shutil.copytree(tiny_in_french.folder, tmp_path / "desk"), tiny_in_french)
    desk.solve(DOUBLE, "return 3 * np.asarray(x)")
    assert desk.check("--html").splitlines()[-1].startswith("Écrit dans ")
    text = read(desk)
    assert '<html lang="fr">' in text and '<h2 id="failing">Ce qui ne réussit pas encore</h2>' in text
    assert articles(text)["doubles"].outcome == "faux" and "votre réponse : array(" in text


def test_outcomes_have_the_names_that_the_grader_gives_them():
    for language, table in (("en", page.ENGLISH), ("fr", page.FRENCH)):
        for key in ("pass", "partial", "wrong", "missing", "error", "timeout", "memory", "crashed"):
            assert table[f"page_{key}"] == words(language)[key]
    assert page.ENGLISH.keys() == page.FRENCH.keys()


def test_three_crashes_while_loading_are_told(desk):
    desk.solve("class Scale", "import os\nos._exit(1)\nos._exit(2)\nos._exit(3)\n\nclass Scale")
    desk.check("--html")
    assert "Your file ended the Python interpreter three times while loading; a person will look." in read(desk)
    assert {article.outcome for article in articles(read(desk)).values()} == {"crashed"}


# --- text of strangers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", [*ATTACKS, "x" * 100_000, "`a` `` ` b`", "a\r\nb", "   \n\n    code\n", ""])
def test_text_is_shown_as_on_the_graders_pages(attack):
    assert html.unescape(page.text(attack)) == html.unescape(str(prose(attack)))
    assert "<" not in re.sub("</?code>", "", page.text(attack))


@pytest.fixture
def hostile(desk):
    """A page with all attacks in what was raised, returned and printed."""
    text = "".join(attack for attack in ATTACKS if "\udce9" not in attack)
    desk.solve(DOUBLE, f"print({text!r})\n    raise ValueError({text!r})")
    source = (desk.folder / "tdh.py").read_text().replace(MEAN, f"return {text!r}")
    desk.write("tdh.py", source.replace("return self.k * grad", f"return {{{text[:40]!r}: 1}}"))
    desk.check("--html")
    assert desk.status == 1 and desk.errors == ""
    return desk.folder / "check.html"


def test_nothing_that_was_written_becomes_markup(hostile):
    text = hostile.read_text(encoding="utf-8")
    tags = set(re.findall(r"<(\w+)", text))
    assert tags <= set(
        "html head meta title style body main h1 h2 p progress nav ul li a section article span code i pre".split()
    )
    assert re.search(f'Content-Security-Policy" content="{POLICY}"', text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)
    assert len(articles(text)) == 5 and len(text) < 50_000


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")
def test_in_a_browser(hostile, tmp_path):
    with Browser(tmp_path / "browser") as browser:
        browser.open(hostile, width=360)
        assert browser.console == []
        assert browser.evaluate("document.documentElement.scrollWidth") <= 360
        assert browser.evaluate("performance.getEntriesByType('resource').length") == 0
        assert browser.evaluate("getComputedStyle(document.querySelector('article')).borderLeftWidth") == "4px"
        assert browser.evaluate("document.querySelectorAll('article').length") == 5


# --- in a notebook ----------------------------------------------------------------------------------------------------


def test_a_notebook_shows_it_under_the_cell(desk):
    pytest.importorskip("ipykernel", reason="no ipykernel here: pip install -e '.[dev]'")
    wrong = (
        "import sys, check, numpy as np\ndef double(x): return 2 * np.asarray(x) + (len(x) == 50) * np.arange(len(x))"
    )
    desk.write("tdh.ipynb", notebook(wrong, "check.question('1.1')", "print('matplotlib' in sys.modules)"))
    ((_, said), (_, plotted)) = desk.execute("tdh.ipynb")[1:]
    assert said.startswith("--  1.1   Your double returns") and "1 of 2 checks of question 1.1 pass." in said
    assert plotted == "False\n"
    book = json.loads((desk.folder / "tdh.ipynb").read_text(encoding="utf-8"))
    shown = [
        "".join(output["data"]["text/html"])
        for output in book["cells"][1]["outputs"]
        if output["output_type"] == "display_data"
    ]
    assert [text.count("<style>") for text in shown] == [1, 0]
    first = articles(shown[0])["doubles"]
    assert first.outcome == "in part" and first.message in flat(said)
    assert '<svg viewBox="0 0 560 200" role="img" aria-label="Your answer and what was expected, 50 numbers' in shown[0]
    assert "expected" in shown[0] and "<svg" not in shown[1]


def test_ipython_in_a_terminal_prints(desk):
    pytest.importorskip("IPython", reason="no IPython here: pip install -e '.[dev]'")
    desk.run(
        "-m", "IPython", "--colors=NoColor", "-c", "import check; check.question('1.1')", IPYTHONDIR=str(desk.folder)
    )
    assert "--  1.1   Your double returns twice its argument.\n      There is no `double` here yet" in desk.said
    assert "<div" not in desk.said


def test_the_page_is_compiled_where_one_is_asked_for(desk):
    """So that check.py starts as fast without it."""
    code = "import sys, check; check.all(); print([n for n in sys.modules if n in ('surdix_runner.page', 'html')])"
    assert desk.run("-c", code).splitlines()[-1] == "[]"
    sources = (desk.folder / "check.py").read_bytes()
    assert (
        sum(len(module.__loader__.get_data(module.__file__)) for module in (page, picture, figures, untrusted)) < 25_000
    )
    assert sources.count(b'"page": r') == 1


# --- values and pictures ----------------------------------------------------------------------------------------------


def say(key, **values):
    return page.ENGLISH["page_" + key].format(**values)


def drawn(want, got, kind="close", part="", **values):
    check = {"compare": {"kind": kind, "labels": "y"}, "parameters": ["n", "x"]}
    return picture.picture(check, {"expected": want, "values": values}, got, part, say)


def test_curves_of_an_answer_and_of_what_was_expected():
    want = np.linspace(0, 1, 50)
    found = drawn(want, want**2)
    lines = re.findall('<polyline points="([^"]+)"', found)
    assert [len(line.split()) for line in lines] == [50, 50]
    assert lines[0].split()[0] == "70.0,186.0" and lines[0].split()[-1] == "546.0,14.0"  # low and left, high and right
    assert found.count("stroke-dasharray") == 2 and "your answer" in found and "expected" in found
    assert drawn({"a": {"b": want}}, {"a": {"b": 2 * want}}, part="a.b").count("<polyline") == 2


def test_values_of_a_function_are_drawn_over_its_points():
    x = np.array([3.0, 1.0, 2.0, 5.0, 4.0, 7.0, 6.0, 8.0])
    found = drawn(x**2, x, y=x, n=np.ones(8), x=x)
    across = [float(point.split(",")[0]) for point in re.search('points="([^"]+)"', found)[1].split()]
    assert across == sorted(across) and "over x" in found and found.count("<circle") == 16
    for values in ({"x": np.ones(8)}, {"x": x[:4]}, {"x": x * np.inf}, {"y": x}, {"x": None}):
        assert "over the index" in drawn(x**2, x, **values)
    assert drawn(x[:7] ** 2, x[:7], x=x[:7]) == ""
    assert drawn({"a": {"b": x}}, {"a": x}, part="a.b") == ""


def test_a_curve_over_decades_has_a_logarithmic_scale():
    found = drawn(10.0 ** -np.arange(20), 2 * 10.0 ** -np.arange(20))
    heights = [float(point.split(",")[1]) for point in re.search('points="([^"]+)"', found)[1].split()]
    assert "over the index, on a logarithmic scale" in found and np.ptp(np.diff(heights)) < 0.3


@pytest.mark.parametrize(
    "got",
    [None, "text", 3, [1] * 3, np.ones((20, 20)), [[1], [1, 2]], {"a": 1}, np.full(20, np.nan), ["<b>"] * 20],
    ids=repr,
)
def test_what_is_no_curve_is_not_drawn(got):
    assert drawn(np.ones(20), got) == ""


def test_odd_curves_are_drawn_without_a_warning():
    for got in (
        np.zeros(20),
        np.array([np.inf, np.nan, *np.ones(18)]),
        np.arange(100_000),
        -np.ones((20, 1)),
        [1e299] * 20,
    ):
        found = drawn(np.ones(np.size(got)), got)
        assert "nan" not in found and "inf" not in found and len(found) < 20_000


def test_losses_of_a_check_that_compares_nothing():
    found = drawn(None, {"loss": np.arange(1, 30)[::-1], "rest": np.ones(30), "<loss>": np.ones(20)}, "predicate")
    assert found.count("<figure>") == 2 and found.count("<polyline") == 2 and "&lt;loss&gt;" in found


def test_a_confusion_matrix():
    labels = np.array([0, 0, 1, 1, 1, 2])
    found = drawn(None, [0, 1, 1, 1, 9, 2], "accuracy", y=labels)
    rows = [re.findall("<td>(?:<b>)?(.*?)(?:</b>)?</td>", row) for row in found.split("<tr>")[2:]]
    assert rows == [["1", "1", "·", "·"], ["·", "2", "·", "1"], ["·", "·", "1", "·"]]
    for answer in (
        None,
        "text",
        [0, 1],
        [[0], [1, 2]],
        np.array(["<b>"] * 6),
        labels[:, None, None] * np.ones((6, 1, 2)),
    ):
        assert drawn(None, answer, "accuracy", y=labels) == ""


def test_values_are_shown_in_full_or_not_at_all():
    assert evidence.full(np.arange(12)) == "array([ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])"
    assert evidence.full(np.arange(13)) == "" and evidence.full("x" * 500) == ""
    assert evidence.inputs({"x": np.arange(3), "k": 2.5, "seed": 1}, ("x", "k")) == "x = array([0, 1, 2]), k = 2.5"
    assert evidence.inputs({"x": np.arange(300), "k": 2.5}, ("x", "k")) == ""
    assert evidence.entry({"a.b": {"c": np.arange(6).reshape(2, 3)}}, "a.b.c", [1, 2]) == 5.0
    assert evidence.entry(np.arange(3), "", [7]) is None and evidence.entry({"a": 1}, "b", []) is None


def test_of_a_large_answer_the_entry_that_is_furthest_off_is_shown(desk):
    desk.solve(DOUBLE, "y = 2 * np.asarray(x)\n    y[-1] += len(y) == 50\n    return y")
    said = desk.check("doubles")
    (yours,) = re.findall(r"at index 49: yours is ([-\d.]+)", said)
    (expected,) = re.findall(r"\n      expected:    ([-\d.]+) at index 49\n", said)
    assert float(yours) - float(expected) == pytest.approx(1, abs=1e-4) and "your answer" not in said


def test_pytest_says_what_the_terminal_says(desk):
    desk.solve(DOUBLE, "return 3 * np.asarray(x)")
    told = [line.strip() for line in desk.check("doubles").splitlines()[2:-2]]
    assert len(told) == 6
    desk.pytest("-k", "doubles")
    assert "\n".join(told) in desk.said
