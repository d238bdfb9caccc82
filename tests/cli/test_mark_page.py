"""`surdix mark --page`: from a graded class to a page, and from what was typed on it to scores."""

import json
import re
import stat

import pytest

from tests.cli.conftest import GOOD, SCALE
from tests.pages.browser import CHROMIUM, Browser

PROOF = "Doubling is linear: $2(x + y) = 2x + 2y$ <b>."


def notebook(*cells):
    made = [{"cell_type": kind, "source": text, "metadata": {}} for kind, text in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def graded(surdix, course, class_folder, tmp_path):
    """Alice proves in a cell of her notebook, Bob in a file beside, and the two of team-7 in a comment."""
    course.edit(
        "assignments/tdm/checks.py", '"2", points=1', '"2", points=1, rubric={0: "none", 0.5: "half", 1: "whole"}'
    )
    folder = class_folder(bob=GOOD, Duo_7_assignsubmission_file=f"{GOOD}{SCALE}\n# Question 2\n# By definition.\n")
    (folder / "bob" / "proof.md").write_text("## Question 2\nIt doubles sums.\n")
    (folder / "bob" / "numbers.csv").write_text("1,2\n")
    (folder / "alice").mkdir()
    cells = [
        ("code", GOOD),
        ("markdown", "## Question 1.2"),
        ("code", SCALE),
        ("markdown", "## Question 2"),
        ("markdown", PROOF),
    ]
    (folder / "alice" / "tdm.ipynb").write_text(notebook(*cells))
    students, out = tmp_path / "roster.csv", tmp_path / "out"
    students.write_text("student_id,name,team\nalice,Alice A.,\nbob,=Bob,\n1,Ada,team-7\n2,Cy,team-7\n")
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", students)
    assert done.status == 0, done.out + done.err
    return out


@pytest.fixture
def mark(surdix, course):
    return lambda *arguments: surdix("mark", *arguments, "--course", course.folder)


def article(html, who):
    (found,) = [one for one in re.findall("<article.*?</article>", html, re.DOTALL) if who in one]
    return found


def test_the_page_has_each_answer(mark, graded, tmp_path):
    path = tmp_path / "marks.html"
    done = mark(graded, "--page", path)
    assert done.status == 0 and f"{path}: 3 rows; open it in a browser" in done.out, done.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    html = path.read_text()
    alice, bob, team = article(html, "Alice A."), article(html, "=Bob"), article(html, "Ada")
    assert PROOF.replace("<b>", "&lt;b&gt;") in alice and "class Scale" not in alice
    assert "It doubles sums." in bob and "numbers.csv" in bob and "return 2 *" not in bob
    assert "# By definition." in team and "class Scale" not in team and "<bdi>Cy</bdi>" in team
    assert "class Scale" in html  # in what can be opened
    assert "half" in alice and f"surdix mark {graded} --read tdm-marks.csv" in html
    assert mark(graded, "--page", path).status == 0  # nothing of it is lost that is not in the gradebook


@pytest.mark.parametrize("kind", ["ipynb", "py"])
def test_a_proof_in_a_handout_that_is_otherwise_untouched(mark, surdix, class_folder, tmp_path, kind):
    assert surdix("generate", "tdm", "--out", tmp_path / "handout").status == 0
    text = (tmp_path / "handout" / "tdm" / f"tdm.{kind}").read_text()
    if kind == "ipynb":
        handout = json.loads(text)
        (place,) = [i for i, cell in enumerate(handout["cells"]) if "## Question 2" in "".join(cell["source"])]
        handout["cells"].insert(place + 1, {"cell_type": "markdown", "id": "proof", "metadata": {}, "source": PROOF})
        text = json.dumps(handout)
    else:
        text = text.replace("# Prove that", f"# {PROOF}\n# Prove that")
    folder, path = class_folder(dan=GOOD), tmp_path / "marks.html"
    (folder / "carla").mkdir()
    (folder / "carla" / f"tdm.{kind}").write_text(text)
    assert surdix("grade", "tdm", folder, "--out", tmp_path / "out").status in (0, 1)
    assert mark(tmp_path / "out", "--page", path).status == 0
    carla = article(path.read_text(), "carla")
    assert PROOF.replace("<b>", "&lt;b&gt;") in carla and "Prove that doubling is linear." in carla
    assert "class Scale" not in carla and "import numpy" not in carla


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")
def test_what_is_typed_on_the_page_is_recorded(mark, graded, tmp_path):
    path, table = tmp_path / "marks.html", tmp_path / "tdm-marks.csv"
    assert mark(graded, "--page", path).status == 0
    with Browser(tmp_path / "browser") as browser:
        browser.open(path)
        rows = browser.evaluate("JSON.parse(document.getElementById('sheet').textContent).rows.map(row => row[0])")
        assert rows == ["alice", "bob", "team-7"]
        browser.click('article[data-row="0"] [data-points="0.5"]')
        browser.type('textarea[data-row="0"]', "=2x\nis k = 0?")
        browser.type('input[data-row="2"]', "0,75")
        browser.click("#save")
        table.write_bytes(browser.downloaded(table.name))
        assert browser.console == []
    done = mark(graded, "--read", table, "--who", "X")
    assert done.status == 0, done.err
    assert "Recorded: 3 marks, 0 comments" in done.out and "alice Alice A.: 9 -> 9.5\n" in done.out
    assert "1 Ada: 9 -> 9.75\n2 Cy: 9 -> 9.75\n" in done.out and "Not marked yet: proof of 1 of 3" in done.out
    result = json.loads((graded / "results" / "alice.json").read_text())
    assert [(one["points"], one["reason"]) for one in result["adjustments"]] == [(0.5, "=2x is k = 0?")]
    assert mark(graded, "--page", path).status == 0
    alice = article(path.read_text(), "Alice A.")
    assert 'value="0.5"' in alice and ">=2x is k = 0?</textarea>" in alice


def test_members_with_points_of_their_own(mark, surdix, course, graded, tmp_path):
    done = surdix("override", graded, "1", "--check", "proof", "--points", "1", "--why", "x", "--course", course.folder)
    assert done.status == 0, done.err
    assert mark(graded, "--page", tmp_path / "marks.html").status == 0
    team = article((tmp_path / "marks.html").read_text(), "Ada")
    assert "Ada</bdi>: 1; <bdi>Cy</bdi>: –" in team and 'value=""' in team


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--page", "a.html", "--csv", "a.csv"), "one of them"),
        (("--page", "a.html", "--read", "a.csv"), "one of them"),
        (("--page", "{out}/grades.csv"), "which ends in .html; write {out}/grades.html"),
        (("--page", "{out}/gradebook.sqlite/a.html"), "cannot be written"),
    ],
)
def test_bad_usage_in_one_line(mark, graded, arguments, says):
    before = (graded / "grades.csv").read_bytes()
    done = mark(graded, *(one.format(out=graded) for one in arguments))
    assert done.status == 2 and says.format(out=graded) in done.err and len(done.err.splitlines()) == 1, done.err
    assert (graded / "grades.csv").read_bytes() == before
