"""`surdix import`: a draft that loads whatever the notebook is like, or one line that says why there is none."""

import json
from pathlib import Path

import pytest

from grader.authoring import load
from grader.cli.main import main
from tests.authoring.notebooks import cell, notebook, prose, save, solution
from tests.authoring.notebooks import tests as graded
from tests.cli.test_bad_usage import one_line

CONVOLUTION = Path(__file__).parents[1] / "courses" / "convolution"
SQUARE = solution(
    'def square(x):\n    """x times x."""\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION'
)
TEST = graded("assert square(2) == 4")
FILES = ["reference/td9.py", *(f"assignments/td9/{file}" for file in ("assignment.toml", "handout.md", "checks.py"))]


@pytest.fixture
def here(tmp_path, capsys):
    """Run a command in this process: its exit status, and what it printed."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments)])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return ended.value.code, printed.out, printed.err

    return run


def test_a_notebook_that_can_be_carried_over_whole(surdix, tmp_path):
    path = save(tmp_path / "td9.ipynb", prose("# Squares"), SQUARE, TEST)
    course = tmp_path / "c"
    done = surdix("import", path, "--course", course, with_course=False)
    assert (done.status, done.err) == (0, "")
    for file in [*FILES, "assignments/td9/mistakes.py"]:
        assert str(course / file) in done.out
    assert "td9: 1 checks; 0 questions for a person; 10 points" in done.out
    assert f"surdix validate td9 --course {course}" in done.out
    assert "Not carried over" not in done.out

    done = surdix("validate", "td9", "--course", course, with_course=False)
    assert (done.status, done.err) == (1, "")
    assert "hard-coded answers to the public cases earn 10 of 10" in done.out

    checks = course / "assignments/td9/checks.py"
    proposed = '            # "x": int(rng.integers(1, 23)),\n'
    assert proposed in checks.read_text()
    checks.write_text(
        checks.read_text().replace(f'            "x": 2,\n{proposed}', '            "x": float(rng.normal()),\n')
    )
    done = surdix("validate", "td9", "--course", course, with_course=False)
    assert "hard-coded" not in done.out


def test_the_source_version(surdix, tmp_path):
    course = tmp_path / "c"
    done = surdix("import", CONVOLUTION / "source/convolution.ipynb", "--course", course, with_course=False)
    assert (done.status, done.err) == (1, "")
    assert "9 checks, 1 of them TODO; 1 questions for a person" in done.out
    listed = done.out.split("Not carried over as it was:\n")[1].splitlines()[:-1]
    assert any(line.startswith("  - cell 16: `try: max_pool(np.ones((3, 3)), 2) except ValueError") for line in listed)
    drafts = "".join((course / file.replace("td9", "convolution")).read_text() for file in FILES)
    for line in listed:
        assert " ".join(line.split()[1:12]) in " ".join(drafts.replace("\n#", "").split())


def test_the_drafts_of_both_versions_load(here, tmp_path):
    for version in ("source", "release"):
        status, out, _ = here("import", CONVOLUTION / version / "convolution.ipynb", "--course", tmp_path / version)
        assert status == 1
        loaded = load.load(tmp_path / version, "convolution")
        assert list(loaded.items) == ["pad", "conv2d", "same_conv2d", "max_pool"]
        assert list(loaded.data) == ["photo.npy"]
        assert len(loaded.manual) == 1
        assert len(loaded.prose.plots) == 3
        assert ("has no solution in it" in out) == (version == "release")


def test_a_release_version_says_what_has_to_be_written(surdix, tmp_path):
    course = tmp_path / "c"
    surdix("import", CONVOLUTION / "release/convolution.ipynb", "--course", course, with_course=False)
    one_line(
        surdix("validate", "convolution", "--course", course, with_course=False),
        "test_pad", "the reference itself fails", "TODO: write pad",
    )  # fmt: skip


def broken(**fields):
    return json.dumps({**notebook(SQUARE, TEST), **fields})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["not JSON"]),
        (b"print('a script')\n", ["not JSON"]),
        (b"\xff\xfe\x00\x01", ["not JSON"]),
        (b"%PDF-1.4", ["not JSON"]),
        (b"[1, 2]", ["no cells"]),
        (b"{}", ["no cells"]),
        (b"[" * 100_000, ["no notebook"]),
        (broken(cells=None), ["no cells"]),
        (broken(cells={}), ["no cells"]),
        (broken(cells=["text"]), ["no cells"]),
        (broken(cells=[]), ["no code cell is for students"]),
        (broken(cells=[prose("# Only prose")]), ["no code cell is for students"]),
        (broken(cells=[cell("x = 1")]), ["no code cell is for students", "### BEGIN SOLUTION"]),
        (broken(cells=[TEST]), ["no code cell is for students"]),
        (broken(cells=[solution("def f(:\n    pass")]), ["no function for students", "not Python"]),
        (broken(cells=[solution("f <- function(x) x")]), ["no function for students"]),
        (broken(cells=[solution("return 3")]), ["no function for students"]),
        (broken(cells=[solution("# nothing but a comment")]), ["no function for students"]),
        (broken(metadata={"kernelspec": {"language": "R"}}), ["its language is R"]),
    ],
)
def test_what_is_no_notebook_for_students(here, tmp_path, content, words):
    path = tmp_path / "td9.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, out, err = here("import", path, "--course", tmp_path / "c")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert str(path) in err
    assert all(word in err for word in words), err
    assert not (tmp_path / "c").exists()


TWO = graded("assert f(2) == 2")
OTHER_TYPES = {"nbgrader": {"solution": True, "grade": "no", "points": "two", "grade_id": 7}}
NAN = graded("assert square(2) == 4", points=float("nan"))
STRANGE = {
    "metadata of other types": [{**SQUARE, "metadata": OTHER_TYPES}, TEST],
    "no metadata at all": [{"cell_type": "code", "source": "### BEGIN SOLUTION\ndef f(x): return x\n### END SOLUTION"}],
    "a cell of nothing": [SQUARE, {}, {"cell_type": "code"}, {"cell_type": "code", "source": 3, "metadata": []}, TEST],
    "points that are none": [SQUARE, NAN, graded("assert square(1)", "b", points=-2)],
    "a raw cell": [cell("raw", "raw"), SQUARE, TEST],
    "magics and commands": [cell("%pylab\n!pip install x\nfiles = !ls\n%%time"), cell("%%bash\nls"), SQUARE, TEST],
    "tests that are not Python": [SQUARE, graded("assert square(2) = 4")],
    "no asserts": [SQUARE, graded("square(2)")],
    "an assert of nothing": [SQUARE, graded("assert 1 == 1\nassert True")],
    "markers that do not pair": [solution("def f(x):\n    ### BEGIN SOLUTION\n    return x"), TWO],
    "twins": [SQUARE, SQUARE, TEST, graded("assert square(3) == 9")],
    "an answer": [solution("### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"), graded("assert answer == 42")],
    "a module that is nowhere": [
        cell("import nowhere\nfrom nowhere import *"),
        SQUARE,
        graded("assert square(nowhere.x)"),
    ],
    "a solution that needs one": [cell("import nowhere"), solution("def f(x):\n    return nowhere.g(x)"), TWO],
    "a solution that needs data": [cell("d = open('gone.csv').read()"), solution("def f(x):\n    return d"), TWO],
    "names that are taken": [
        solution("def check(x):\n    return x\n\n\ndef td(rng):\n    return rng"),
        graded("assert check(2) == 2\nassert td(3) == 3", "check"),
        graded("td = 1\nassert check(td) == 1", "close"),
    ],
    "what a template would read": [prose("{{ stub('x') }} {% endraw %} {{"), SQUARE, TEST],
    "a title of all sorts": [prose('# "Quotes" \\ and {{ braces }} # '), SQUARE, TEST],
    "fences": [prose("```python plot\nimport this"), prose("~~~\n```"), SQUARE, TEST],
    "an answer that cannot be sent": [solution("def f(x):\n    return object()"), TWO],
    "a reference that raises": [solution("def f(x):\n    raise ValueError(x)"), TWO],
    "a reference that ends": [solution("def f(x):\n    raise SystemExit"), TWO],
    "deep code": [SQUARE, graded("assert square(" + "-" * 300 + "2) == 4")],
    "star arguments": [SQUARE, graded("a = [2]\nassert square(*a) == 4\nassert square(**{'x': 2}) == 4")],
    "asynchronous code": [solution("async def f(x):\n    return x"), graded("assert await f(2) == 2")],
    "generators": [solution("def f(x):\n    yield x"), graded("assert list(f(2)) == [2]\nassert next(f(3)) == 3")],
    "only questions for a person": [SQUARE, prose("text", grade=True, solution=True, points=3, grade_id="p")],
    "a class": [
        solution("class A:\n    K = 3\n\n    def f(self):\n        return self.K"),
        graded("assert A().f() == 3"),
    ],
    "invalid escapes": [solution('def f(x):\n    "\\s \\d"\n    return x'), graded("assert f('\\d') == '\\d'")],
    "a star": [solution("def f(*x, **y):\n    return len(x)"), graded("assert f(1, 2, z=3) == 2")],
    "changed inputs": [cell("x = [3, 1]"), solution("def f(x):\n    x.sort()"), graded("f(x)\nassert x == [1, 3]")],
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_strange_notebook_gives_a_draft_or_a_sentence(here, tmp_path, what):
    path = tmp_path / "td9.ipynb"
    path.write_text(json.dumps(notebook(*STRANGE[what])), encoding="utf-8")
    status, out, err = here("import", path, "--course", tmp_path / "c")
    if status == 2:
        assert err.count("\n") == 1
        return
    assert (status in (0, 1), err) == (True, "")
    assert ("Not carried over" in out) == (status == 1)
    if "does not load yet" in out:
        assert status == 1
        return
    loaded = load.load(tmp_path / "c", "td9")
    assert sum(item.points for item in (*loaded.checks, *loaded.manual)) == pytest.approx(10)


def test_the_old_format_of_notebooks(here, tmp_path):
    cells = [{"cell_type": "heading", "level": 1, "source": ["Squares"]}]
    for each in (SQUARE, TEST):
        cells.append({"cell_type": "code", "metadata": each["metadata"], "input": each["source"]})
    path = tmp_path / "td9.ipynb"
    path.write_text(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3, "metadata": {}}))
    assert here("import", path, "--course", tmp_path / "c")[0] == 0
    assert load.load(tmp_path / "c", "td9").assignment.title == "Squares"


def test_bad_usage(here, tmp_path):
    path = save(tmp_path / "td9.ipynb", SQUARE, TEST)
    for arguments, words in [
        ([tmp_path / "none.ipynb"], ["none.ipynb", "cannot be read"]),
        ([tmp_path], ["directory"]),
        ([path, "--name", "json"], ["json", "choose another"]),
        ([path, "--name", "été"], ["été", "as in td5"]),
        ([path, "--course", "/proc/nowhere"], ["/proc/nowhere", "cannot be written"]),
    ]:
        status, _, err = here("import", *(arguments if "--course" in arguments else [*arguments, "--course", tmp_path]))
        assert (status, err.count("\n")) == (2, 1)
        assert all(word in err for word in words), err


def test_what_is_there_is_kept(here, tmp_path):
    path = save(tmp_path / "td9.ipynb", SQUARE, TEST)
    assert here("import", path, "--course", tmp_path)[0] == 0
    (tmp_path / "reference/td9.py").write_text("edited")
    status, _, err = here("import", path, "--course", tmp_path)
    assert (status, "is there already" in err) == (2, True)
    assert (tmp_path / "reference/td9.py").read_text() == "edited"
    assert here("import", path, "--course", tmp_path, "--name", "td10")[0] == 0
