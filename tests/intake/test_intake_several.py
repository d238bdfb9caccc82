"""Several files to hand in: found together, and one that is missing is told."""

import pytest

from grader.contract import Status
from grader.intake.sentences import FRENCH
from tests.intake.forms_samples import zipped
from tests.intake.intake_samples import make_assignment, notebook, say

LAYERS_STUB = (
    'import numpy as np\n\n\nclass Linear:\n    """A layer."""\n\n    def forward(self, x):\n        raise 1\n'
)
TRAIN_STUB = 'import numpy as np\nfrom layers import Linear\n\n\ndef fit(X, y):\n    """Fit."""\n    raise 2\n'
LAYERS = LAYERS_STUB.replace("raise 1", "return x + 1")
OTHER_LAYERS = LAYERS_STUB.replace("raise 1", "return x + 2")
TRAIN = TRAIN_STUB.replace("raise 2", "return Linear()")
BOTH = {"train.py": TRAIN, "layers.py": LAYERS}


@pytest.fixture
def two(handed_in):
    td = make_assignment(
        name="tdt",
        files={"train.py": ("reference.train",), "layers.py": ("reference.layers",)},
        interface=("Linear", "fit"),
        stub=LAYERS_STUB + TRAIN_STUB,
    )
    return lambda files, pick="": handed_in(files, pick, td)


def keys(submission):
    return [note.key for note in submission.notes]


@pytest.mark.parametrize(
    ("files", "picked"),
    [
        (BOTH, "train.py"),
        ({"sub/train.py": TRAIN, "sub/layers.py": LAYERS}, "sub/train.py"),
        ({"train.py": TRAIN, "src/layers.py": LAYERS}, "train.py"),
        ({"Train.py": TRAIN, "LAYERS.py": LAYERS}, "Train.py"),
        ({"train (1).py": TRAIN, "layers (1).py": LAYERS}, "train (1).py"),
        ({"homework.py": TRAIN, "layers.py": LAYERS}, "homework.py"),
        ({**BOTH, "train.ipynb": notebook(LAYERS_STUB, TRAIN_STUB)}, "train.py"),
        ({**BOTH, "train.ipynb": notebook(LAYERS, TRAIN_STUB)}, "train.py"),
        ({**BOTH, "layers (1).py": LAYERS}, "train.py"),
        ({**BOTH, "old/layers.py": LAYERS_STUB, "old/train.py": TRAIN_STUB}, "train.py"),
        ({**BOTH, "old/train.py": TRAIN_STUB, "old/layers.py": LAYERS}, "train.py"),
    ],
)
def test_they_are_found_together(two, files, picked):
    submission = two(files)
    assert (submission.picked, submission.status) == (picked, Status.GRADED), keys(submission)
    assert submission.source == TRAIN.encode() and submission.others["layers.py"] == LAYERS.encode()
    assert "file_absent" not in keys(submission)


def test_work_in_the_second_alone_counts(two):
    submission = two({"train.py": TRAIN_STUB, "layers.py": LAYERS})
    assert (submission.picked, submission.status) == ("train.py", Status.GRADED)
    assert submission.others["layers.py"] == LAYERS.encode() and submission.notes == ()


def test_nothing_written_is_empty(two):
    submission = two({"train.py": TRAIN_STUB, "layers.py": LAYERS_STUB, "train.ipynb": notebook(LAYERS_STUB)})
    assert submission.status is Status.EMPTY


@pytest.mark.parametrize(
    ("files", "absent", "wanted"),
    [
        ({"layers.py": LAYERS}, ["train.py"], ["fit"]),
        ({"train.py": TRAIN}, ["layers.py"], ["Linear"]),
        ({"homework.py": TRAIN}, ["layers.py"], ["Linear"]),
    ],
)
def test_a_missing_one_is_told(two, files, absent, wanted):
    submission = two(files)
    assert submission.status is Status.GRADED and submission.picked == next(iter(files))
    (note,) = [note for note in submission.notes if note.key == "file_absent"]
    assert note.values == {"files": absent, "wanted": wanted}
    assert say(note) == f"There is no {absent[0]} among the files handed in, and nothing else defines {wanted[0]}."
    assert "{" not in FRENCH["file_absent"].format_map(note.values)


@pytest.mark.parametrize("name", ["train.py", "all.py", "train.ipynb"])
def test_one_file_may_hold_everything(two, name):
    whole = LAYERS + TRAIN.replace("from layers import Linear\n", "")
    submission = two({name: notebook(whole) if name.endswith("ipynb") else whole})
    assert (submission.picked, submission.status) == (name, Status.GRADED)
    assert "file_absent" not in keys(submission) and submission.others == {}


@pytest.mark.parametrize(
    "files",
    [
        {**BOTH, "v2/train.py": TRAIN, "v2/layers.py": OTHER_LAYERS},
        {**BOTH, "old/layers.py": OTHER_LAYERS},
        {**BOTH, "layers (1).py": OTHER_LAYERS},
        {**BOTH, "train.ipynb": notebook(OTHER_LAYERS, TRAIN)},
        {"train.py": TRAIN_STUB, "layers.py": LAYERS_STUB, "a/layers.py": LAYERS, "b/layers.py": OTHER_LAYERS},
    ],
)
def test_what_differs_is_doubt(two, files):
    submission = two(files)
    assert submission.status is Status.UNREADABLE and keys(submission)[0] == "several_files"


def test_a_notebook_may_import_its_layers(two):
    submission = two({"train.ipynb": notebook(TRAIN), "layers.py": LAYERS})
    assert (submission.picked, submission.others) == ("train.ipynb", {"layers.py": LAYERS.encode()})


@pytest.mark.parametrize("old", ["old", "Ancienne version", "sauvegarde_v1", "old.zip", "src/backup"])
def test_an_older_version_in_another_folder_is_doubt_until_a_person_says(two, old):
    files = {"train.py": TRAIN, f"{old}/layers.py": LAYERS}
    if old.endswith(".zip"):
        files = {"train.py": TRAIN, old: zipped({"layers.py": LAYERS})}
    assert keys(two(files))[0] == "several_files"
    alone = two(files, "train.py")
    assert (alone.picked, alone.notes[0].key) == ("train.py", "file_absent") and "layers.py" not in alone.others
    together = two(files, f"{old}/layers.py")
    assert (together.picked, together.others) == ("train.py", {"layers.py": LAYERS.encode()})


def test_a_pick_says_which_of_two_sets(two):
    files = {"train.py": TRAIN, "a/layers.py": LAYERS, "b/layers.py": OTHER_LAYERS}
    assert two(files).status is Status.UNREADABLE
    for pick, layers in (("a/layers.py", LAYERS), ("b/layers.py", OTHER_LAYERS)):
        submission = two(files, pick)
        assert (submission.picked, submission.others["layers.py"]) == ("train.py", layers.encode())
    assert "layers.py" not in two(files, "train.py").others


def test_a_folder_for_everything_may_be_named_as_a_version(two):
    submission = two({"rendu_v2/train.py": TRAIN, "rendu_v2/src/layers.py": LAYERS})
    assert (submission.picked, submission.others["layers.py"]) == ("rendu_v2/train.py", LAYERS.encode())


def test_a_person_picks_them_together(two):
    files = {**BOTH, "v2/train.py": TRAIN, "v2/layers.py": OTHER_LAYERS}
    for pick in ("v2/train.py", "v2/layers.py"):
        submission = two(files, pick)
        assert (submission.picked, submission.others) == ("v2/train.py", {"layers.py": OTHER_LAYERS.encode()})
    assert two(files, "train.py").others["layers.py"] == LAYERS.encode()
