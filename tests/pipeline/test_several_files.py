"""Two files to hand in, the whole way: generate, check.py at home, grade."""

import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from grader.authoring import load
from tests import commands
from tests.authoring.two_files import solved, write

HIDDEN = ("leaks", "scales", "puts_together", "averages")
NEGATIVE = ("SLOPE * np.asarray", "-SLOPE * np.asarray")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A course, its handout, and commands in processes of their own."""
    base = tmp_path_factory.mktemp("several")
    course = write(base / "course")
    environment = {**os.environ, "SURDIX_STORE": str(base / "store"), "COLUMNS": "120"}

    def run(*command, cwd=None):
        done = subprocess.run(
            [sys.executable, *map(str, command)], capture_output=True, text=True, env=environment, cwd=cwd, timeout=120
        )
        return SimpleNamespace(status=done.returncode, out=done.stdout, err=done.stderr)

    def surdix(*arguments):
        return commands.run(*arguments, "--course", course, env=environment)

    made = surdix("generate", "tdt", "--out", base / "handout")
    assert made.returncode == 0, made.stderr
    return SimpleNamespace(course=course, handout=base / "handout" / "tdt", run=run, surdix=surdix)


@pytest.fixture(scope="module")
def loaded(desk):
    return load.load(desk.course, "tdt")


@pytest.fixture
def home(desk, tmp_path):
    """Check files in a copy of the handout; the outcome of each check, and what was said."""

    def check(files, remove=(), arguments=()):
        folder = tmp_path / "home"
        shutil.copytree(desk.handout, folder)
        for name in remove:
            (folder / name).unlink()
        for name, text in files.items():
            (folder / name).write_text(text)
        said = desk.run("check.py", *arguments, cwd=folder)
        found = desk.run("check.py", "--json", *arguments, cwd=folder)
        return {name: check["outcome"] for name, check in json.loads(found.out).items()}, said.out

    return check


@pytest.fixture
def graded(desk, tmp_path):
    """Grade files as one student's: the outcome of each check, and the whole result."""

    def grade(files):
        folder = tmp_path / "class" / "ann"
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)
        out = tmp_path / "out"
        done = desk.surdix("grade", "tdt", folder.parent, "--out", out)
        result = json.loads((out / "results" / "ann.json").read_text())
        page = (out / "feedback" / "ann.html").read_text()
        outcomes = {check["id"]: check["outcome"] for check in result["checks"]}
        return SimpleNamespace(outcomes=outcomes, page=page, status=done.returncode, **result_of(result))

    return grade


def result_of(result):
    return {"score": result["score"], "notes": json.dumps(result["notes"]), "checks": json.dumps(result["checks"])}


def test_a_right_answer_passes_at_home_and_gets_everything(loaded, home, graded):
    outcomes, said = home(solved(loaded))
    assert set(outcomes.values()) == {"pass"} and "Looking at train.py, layers.py (you have worked in it)" in said
    found = graded(solved(loaded))
    assert (found.score, found.status) == (10, 0)
    assert "def leaky" in found.page and "def network" in found.page


def test_the_untouched_handout_gets_nothing(desk, home, graded):
    outcomes, said = home({})
    assert set(outcomes.values()) == {"missing"} and "1.1: leaky" in said and "(nothing is written in it yet)" in said
    files = {name: (desk.handout / name).read_text() for name in ("train.py", "layers.py", "train.ipynb")}
    assert graded(files).score == 0


@pytest.mark.parametrize(
    ("name", "edits", "wrong"),
    [
        ("a mistake in the second file", {"layers": NEGATIVE}, {"leaks": "wrong", "puts_together": "wrong"}),
        ("a mistake in the first", {"train": ("np.mean(", "np.sum(")}, {"averages": "wrong"}),
        (
            "a function of the second that is not Python",
            {"layers": ("def leaky(x):", "def leaky(x:")},
            {"leaks": "missing", "puts_together": "error"},
        ),
        ("the first without the import", {"train": ("import numpy", "import nunpy")}, {"averages": "error"}),
        (
            "the import left out",
            {"train": ("from layers import SLOPE, Scale, helper, leaky", "")},
            {"puts_together": "error"},
        ),
    ],
)
def test_what_is_wrong_costs_what_it_is_at_home_and_here(name, edits, wrong, loaded, home, graded):
    expected = {**dict.fromkeys(HIDDEN, "pass"), **wrong}
    files = solved(loaded, **edits)
    assert home(files)[0] == expected, name
    assert graded(files).outcomes == expected, name


def test_a_line_of_the_second_file_is_named(loaded, home, graded):
    files = solved(loaded, layers=("scaled = np.multiply(self.k, x)", "scaled = np.multiply(self.q, x)"))
    _, said = home(files)
    assert "line 25 of layers.py" in said, said
    assert '"label": "layers.py"' in graded(files).checks


def test_one_that_is_missing_costs_what_it_should_define(loaded, home, graded):
    files = solved(loaded)
    del files["layers.py"]
    outcomes, said = home(files, remove=["layers.py", "train.ipynb"])
    assert outcomes == {"leaks": "missing", "scales": "missing", "puts_together": "error", "averages": "pass"}
    assert "There is no layers.py in" in said and "defines leaky, Scale." in said
    found = graded(files)
    assert found.outcomes == outcomes and "file_absent" in found.notes


def test_the_second_alone_counts(loaded, home, graded):
    files = {"layers.py": solved(loaded)["layers.py"]}
    expected = {"leaks": "pass", "scales": "pass", "puts_together": "missing", "averages": "missing"}
    assert home(files, remove=["train.py", "train.ipynb"])[0] == expected
    assert graded(files).outcomes == expected


def test_a_notebook_holds_everything(desk, loaded, home, graded):
    book = json.loads((desk.handout / "train.ipynb").read_text())
    layers, train = (loaded.sources[f"reference.{name}"] for name in ("layers", "train"))
    book["cells"][1:] = [
        {"cell_type": "code", "id": f"c{n}", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
        for n, text in enumerate([layers, train.replace("from reference.layers import", "# ")])
    ]
    files = {"train.ipynb": json.dumps(book)}
    outcomes, said = home(files)
    assert set(outcomes.values()) == {"pass"} and "Looking at train.ipynb (you have worked in it)" in said
    assert graded({**files, "layers.py": (desk.handout / "layers.py").read_text()}).score == 10


def test_a_loop_in_the_second_file_is_left_out(loaded, graded):
    files = solved(loaded)
    files["layers.py"] = files["layers.py"].replace("\nSLOPE", "\nimport os\nos._exit(3)\nSLOPE", 1)
    found = graded(files)
    assert found.score == 10 and "os._exit(3)" in found.notes and "layers.py" in found.notes


def test_pytest_at_home_tests_both(desk, loaded, tmp_path):
    folder = tmp_path / "home"
    shutil.copytree(desk.handout, folder)
    for name, text in solved(loaded, layers=NEGATIVE).items():
        (folder / name).write_text(text)
    done = desk.run("-m", "pytest", "-p", "no:cacheprovider", cwd=folder)
    assert done.status == 1 and "2 failed, 2 passed" in done.out, done.out
    assert "Hint: Sign?" in done.out
