"""A handout of several files: each with its own stubs, the first imports the others, the notebook holds all."""

import json
import subprocess
import sys

import pytest

from grader.authoring import generate, leaks, load
from grader.authoring.validate import validate
from grader.errors import AssignmentError
from grader.pipeline import prepare
from tests.authoring.two_files import write


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "course")


@pytest.fixture
def loaded(folder):
    return load.load(folder, "tdt")


@pytest.fixture
def made(loaded, tmp_path):
    return generate.generate(loaded, prepare(loaded, b"s" * 32), tmp_path / "out")


def edit(folder, path, old, new):
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))


def test_what_is_loaded(loaded):
    assignment = loaded.assignment
    assert list(assignment.files) == ["train.py", "layers.py"] and assignment.module == "train"
    assert assignment.interface == ("leaky", "Scale", "network", "mean_loss")
    assert loaded.reference.network(2.0)(-1.0) == -1.0 and loaded.reference.leaky(-1.0) == -0.5
    assert (assignment.role("a/layers.py"), assignment.role("x.py")) == ("layers.py", "train.py")
    assert assignment.parts("a/train.py") == assignment.parts("my.py") == ("layers.py",)
    assert assignment.parts("layers.py") == ("train.py",) and assignment.parts("train.ipynb") == ()


def test_each_file_has_its_own_stubs_and_prose(made):
    train, layers = ((made / name).read_text() for name in ("train.py", "layers.py"))
    assert "from layers import SLOPE, Scale, leaky\n" in train, "helpers of solutions are not there"
    assert "import" not in layers.replace("import numpy as np\n", "").replace("import matplotlib", "")
    assert "def network" in train and "def network" not in layers and "SLOPE = 0.5" in layers
    assert "class Scale" in layers and "class Scale" not in train
    for text in ("# Hand in train.py and layers.py.", "# Now with a parameter.", "# plt.plot("):
        assert text in layers and text not in train
    assert "# ## Question 2\n# Use them." in train and "Use them" not in layers
    assert train.startswith('"""Two files (tdt).') and layers.startswith('"""Two files (tdt).')


def test_the_notebook_holds_all_of_it(made):
    book = json.loads((made / "train.ipynb").read_text())
    code = "\n".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code")
    assert "def leaky" in code and "def network" in code and "from layers" not in code
    assert sorted(path.name for path in made.iterdir()) == [
        *["README.md", "check.py", "layers.py", "pytest.ini", "tests", "train.ipynb", "train.py"]
    ]
    assert "`train.py` and `layers.py`" in (made / "README.md").read_text()


def test_the_handout_runs_shows_no_solution_and_is_reproducible(made, loaded, tmp_path):
    done = subprocess.run([sys.executable, "-c", "import train; train.leaky"], cwd=made, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert leaks.leaks(loaded, made) == []
    again = generate.generate(loaded, prepare(loaded, b"t" * 32), tmp_path / "again")
    assert (again.parent / "tdt.zip").read_bytes() == (made.parent / "tdt.zip").read_bytes()


def test_it_is_fit(loaded):
    found = validate(loaded, [b"a" * 32, b"b" * 32], mutants=False)
    assert found.findings == []
    scores = [(score.who, score.lowest, score.highest) for score in found.scores]
    assert scores == [("the reference", 10, 10), ("the untouched stub", 0, 0)]


def test_a_solution_in_the_second_file_is_a_leak_in_the_first(folder, made, loaded):
    path = made / "train.py"
    path.write_text(path.read_text() + "# rectified = np.where(np.asarray(x) > 0, x, SLOPE * np.asarray(x))\n")
    assert [leak.file for leak in leaks.leaks(loaded, made)] == ["train.py"]


def test_the_first_file_is_part_of_the_version(folder, loaded):
    toml = folder / "assignments/tdt/assignment.toml"
    lines = toml.read_text().splitlines()
    toml.write_text("\n".join([*lines[:2], lines[3], lines[2]]) + "\n")
    swapped = load.load(folder, "tdt")
    assert swapped.assignment.file == "layers.py" and swapped.assignment.version != loaded.assignment.version


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        ("reference/train.py", "import SLOPE, ", "import SLOPE as S, ", None),
        ("reference/train.py", "def network(k):", "def network(k=Scale(1)):", None),
        (
            "reference/layers.py",
            "SLOPE = 0.5",
            "SLOPE = 0.5\nfrom reference.train import mean_loss",
            "cannot import name 'Scale'",
        ),
        ("reference/train.py", "def network(k):", "def network(k=helper(1)):", "helper"),
        ("assignments/tdt/handout.md", '{{ stub("leaky", "1.1") }}', "", "has a solution in leaky"),
        ("reference/train.py", "SLOPE, Scale", "Scale", None),
    ],
)
def test_what_does_not_fit_together_is_said(folder, path, old, new, says):
    edit(folder, path, old, new)
    if says is None:
        load.load(folder, "tdt")
        return
    with pytest.raises(AssignmentError, match=says):
        load.load(folder, "tdt")
