"""Several handed-in files: each run block by block when it is imported, its names behind those of the first."""

import sys

import pytest

from student_template.runner import loading, probing, reading
from student_template.runner.sentences import left_out

LAYERS = "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0)\n\n\nclass Linear:\n    pass\n"
TRAIN = "from layers import Linear, relu\n\n\ndef fit(x):\n    return relu(x)\n"


def load(train, layers=LAYERS, more=None, **options):
    others = {"layers.py": layers.encode(), **(more or {})}
    cells = reading.parts(["layers.py", "missing.py"], others)
    options.setdefault("printed", loading.Printed())
    return loading.load(
        reading.blocks(reading.read("train.py", train.encode())[0]),
        "train",
        file="train.py",
        others=others,
        parts={name: reading.blocks(theirs) for name, theirs in cells.items()},
        **options,
    )


def steps(train, layers=LAYERS, plan=None):
    found = []
    load(train, layers, progress=found.append, plan=plan)
    return found


@pytest.fixture(autouse=True)
def forget():
    yield
    for name in ("train", "layers"):
        sys.modules.pop(name, None)


def test_names_of_all_files_can_be_asked_for_and_the_first_come_first():
    loaded = load(TRAIN + "\n\nrelu = 1\n")
    td = probing.Interface(loaded.names)
    assert (td.relu, td.Linear, td.np) == (1, loaded.names["Linear"], sys.modules["numpy"])
    assert loaded.left_out == [] and "Linear" in loaded.account()["names"]
    with pytest.raises(probing.Missing):
        td.softmax  # noqa: B018


@pytest.mark.parametrize(
    "train", ["x = = 1\n", "raise ValueError\n", "", "import layers\n", "def f():\n    import layers\n"]
)
def test_a_file_counts_whether_it_is_imported_or_not(train):
    assert load(train).names["relu"](-1) == 0


def test_it_is_run_once():
    loaded = load("import layers\nfrom layers import relu\nlayers.x = 1\n", LAYERS + "\nprint('run')\n")
    assert loaded.printed == "run\n" and loaded.names["x"] == 1


def test_what_a_broken_file_could_define_counts():
    loaded = load(TRAIN, LAYERS.replace("def relu(x):", "def relu(x:") + "\n\ny = 1 / 0\n")
    assert loaded.names["Linear"].__name__ == "Linear"
    assert vars(loaded.module)["Linear"] is loaded.names["Linear"]
    first, second, third = loaded.left_out
    assert left_out(first).startswith("The block at line 4 of layers.py (`def relu(x:`) is not Python")
    assert left_out(first, "fr").startswith("Le bloc à la ligne 4 de layers.py (")
    assert "ZeroDivisionError" in left_out(second) and "line 12 of layers.py" in left_out(second)
    assert (third["label"], third["line"], third["names"]) == ("", 1, ["relu"])
    assert loaded.why_missing("relu") is first and loaded.why_missing("Linear") is None


def test_an_exception_is_placed_in_the_file_where_it_is_raised():
    loaded = load(TRAIN, LAYERS.replace("np.maximum(x, 0)", "1 / 0"))
    answer = probing.ask(probing.Probe("p", lambda td, x: td.fit(x), ("x",)), loaded, {"x": 1.0})
    assert [(place["label"], place["line"]) for place in answer.values["trace"]] == [("", 5), ("layers.py", 5)]
    assert answer.values["trace"][1]["text"] == "return 1 / 0"


def test_blocks_are_numbered_through_all_files_as_they_begin():
    assert steps(TRAIN) == [0, 2, 3, 4, 0, 1]
    assert steps("x = 1\n") == [0, 1, 2, 3]


def test_a_block_of_another_file_can_be_left_out():
    loaded = load(TRAIN, plan=loading.Plan({3: "died"}))
    assert "relu" not in loaded.names and "Linear" in loaded.names
    assert left_out(loaded.left_out[0]).startswith("The block at line 4 of layers.py")


def test_after_a_block_that_took_too_long_only_definitions_run():
    assert steps("x = 1\nwhile True: pass\nx = f()\nfrom layers import relu\n", plan=loading.Plan({1: "time"})) == [
        *[0, 3, 4, 5, 6, 3]
    ]
    late = steps("from layers import relu\nprint(1)\ny = 2\n", LAYERS + "loop()\nprint(2)\n", loading.Plan({6: "time"}))
    assert late == [0, 3, 4, 5, 0, 2]


def test_files_may_import_each_other_and_helpers():
    layers = "import train\nimport helper\n\n\ndef twice(x):\n    return train.one() + helper.one\n"
    loaded = load("def one():\n    return 1\n\n\nfrom layers import twice\n", layers, {"helper.py": b"one = 1\n"})
    assert loaded.names["twice"](0) == 2 and loaded.left_out == []


def test_without_parts_a_notebook_may_import_the_file_of_its_own_name():
    blocks = reading.blocks(reading.read("train.py", b"from train import fit\n")[0])
    loaded = loading.load(blocks, "train", file="train.ipynb", others={"train.py": b"fit = 3\n"})
    assert loaded.names["fit"] == 3


def test_what_cannot_be_read_is_as_if_it_were_not_there():
    cells = reading.parts(["layers.py"], {"layers.py": b"\x89PNG\r\n\x1a\n"})
    assert cells == {}
    assert reading.parts(["a.py"], {"a.py": b"x = 1\n"})["a.py"][0].label == "a.py"
