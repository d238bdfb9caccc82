"""Which file counts: never a silent zero, never a guess that a fair person would not make."""

import json

import pytest

from grader.contract import Status
from tests.intake.intake_samples import MORE_WORK, OTHER_WORK, STUB, WORK, make_assignment, notebook, say

TRIALS = "\nx = softmax([1, 2])\nprint(x)\n"
HELPER = "def plot(x):\n    return x\n"
PART = "def softmax(z):\n    return z\n"
CUT = notebook(WORK)[:-9]


def why(submission):
    return next((note.values["why"] for note in submission.notes if note.key == "picked"), None)


def keys(submission):
    return [note.key for note in submission.notes]


@pytest.mark.parametrize(
    ("files", "picked", "reason"),
    [
        ({"td2.py": WORK}, "td2.py", None),
        ({"td2.ipynb": notebook(WORK)}, "td2.ipynb", None),
        ({"sub/dir/td2.py": WORK}, "sub/dir/td2.py", None),
        ({"homework.py": WORK}, "homework.py", "only"),
        ({"td2 (1).py": WORK}, "td2 (1).py", "only"),
        ({"TD2_Élodie (1).ipynb": notebook(WORK)}, "TD2_Élodie (1).ipynb", "only"),
        ({"td2.py.txt": WORK}, "td2.py.txt", "only"),
        ({"td2.ipynb.json": notebook(WORK)}, "td2.ipynb.json", "only"),
        ({"td2": WORK}, "td2", "only"),
        ({"td2.txt": WORK, "rapport.pdf": b"%PDF"}, "td2.txt", "only"),
        ({"td2.py": notebook(WORK)}, "td2.py", None),
        ({"td2.py": STUB, "td2.ipynb": notebook("# Title", WORK)}, "td2.ipynb", "work"),
        ({"td2.py": WORK, "td2.ipynb": notebook(*STUB.split("\n\n\n"))}, "td2.py", "work"),
        ({"td2.py": STUB, "mine.py": WORK}, "mine.py", "work"),
        ({"td2.py": STUB, "td2.txt": WORK}, "td2.txt", "work"),
        ({"td2.py": WORK, "a/td2.py": WORK}, "td2.py", "same"),
        ({"td2.py": WORK, "td2.ipynb": notebook(WORK, TRIALS)}, "td2.py", "same"),
        ({"td2 (1).py": WORK + "# c\n", "td2 (2).py": WORK}, "td2 (1).py", "same"),
        ({"td2.py": WORK, "plot.py": HELPER}, "td2.py", "names"),
        ({"main.py": WORK, "plot.py": HELPER}, "main.py", "names"),
        ({"td2.py": MORE_WORK, "td2_old.py": WORK}, "td2.py", "more"),
        ({"td2.ipynb": notebook(MORE_WORK), "td2.py": WORK}, "td2.ipynb", "more"),
        ({"td2.py": WORK, "v2/td2.py": MORE_WORK}, "v2/td2.py", "more"),
        ({"td2.py": MORE_WORK, "essai.py": PART}, "td2.py", "whole"),
        ({"td2.py": "from layers import *\n" + PART, "layers.py": "class Linear:\n    W = 1\n"}, "td2.py", "imports"),
        ({"main.py": "from layers import *\n" + PART, "layers.py": "class Linear:\n    W = 1\n"}, "main.py", "imports"),
        ({"td2.py": WORK, "td2.ipynb": CUT}, "td2.py", "work"),
        (
            {"td2.py": WORK, "check.py": OTHER_WORK, "tests/test_td2.py": OTHER_WORK, "conftest.py": HELPER},
            "td2.py",
            None,
        ),
        ({"td2.py": WORK, "test_td2.py": "import td2\n\n\ndef test_it():\n    td2.softmax(1)\n"}, "td2.py", None),
        ({"td2.py": WORK, "check (1).py": HELPER}, "td2.py", None),
        ({"td2.py": "x y z = (\n" + WORK}, "td2.py", None),
        ({"td2.py": STUB + "\nprint(1)\n", "td2.ipynb": notebook(WORK)}, "td2.ipynb", "work"),
    ],
)
def test_one_file_counts(handed_in, files, picked, reason):
    submission = handed_in(files)
    assert (submission.picked, submission.status) == (picked, Status.GRADED)
    expected = files[picked]
    assert submission.source == (expected.encode() if isinstance(expected, str) else expected)
    if reason or len(submission.candidates) > 1:
        assert why(submission) == reason
    else:
        assert "picked" not in keys(submission)
    assert picked in submission.candidates
    json.dumps([[note.key, dict(note.values)] for note in submission.notes])
    assert all("{" not in say(note) for note in submission.notes)


@pytest.mark.parametrize(
    "files",
    [
        {"td2.py": WORK, "td2.ipynb": notebook(OTHER_WORK)},
        {"td2.py": WORK, "td2_old.py": OTHER_WORK},
        {"td2.py": WORK, "td2 (1).py": OTHER_WORK},
        {"td2.py": WORK, "td2 (1).py": MORE_WORK},
        {"td2.py": WORK, "v2/td2.py": OTHER_WORK},
        {"td2.py": "X = 1\ndef softmax(z):\n    return z + X\n", "td2.ipynb": notebook("X = 2\n" + PART)},
        {"a.py": WORK, "b.py": OTHER_WORK},
        {"a.py": WORK, "b.py": PART},
        {"td2.py": "from td3 import *\n" + WORK, "td2.ipynb": notebook("from td2 import *", PART)},
        {"td2.py": STUB + "\nprint(1)\n", "devoir.py": HELPER},
        {"a.py": HELPER, "b.py": HELPER + "y = 2\n"},
    ],
)
def test_a_doubt_is_left_to_a_person(handed_in, files):
    submission = handed_in(files)
    assert (submission.status, submission.picked, submission.source) == (Status.UNREADABLE, "", b"")
    assert keys(submission)[0] == "several_files"
    assert set(submission.notes[0].values["files"]) == set(submission.candidates) == set(files)


@pytest.mark.parametrize("pick", ["td2.py", "td2 (1).py"])
def test_a_person_settles_it(handed_in, pick):
    files = {"td2.py": WORK, "td2 (1).py": OTHER_WORK}
    submission = handed_in(files, pick=pick)
    assert (submission.status, submission.picked) == (Status.GRADED, pick)
    assert submission.source == files[pick].encode()
    assert why(submission) == "person"


def test_a_person_s_pick_may_be_any_file_but_must_be_there(handed_in):
    submission = handed_in({"td2.py": STUB, "notes.rst": WORK}, pick="notes.rst")
    assert (submission.status, submission.picked) == (Status.GRADED, "notes.rst")
    submission = handed_in({"td2.py": STUB}, pick="gone.py")
    assert submission.status is Status.EMPTY
    assert "pick_not_found" in keys(submission)
    submission = handed_in({"rapport.pdf": b"%PDF-1"}, pick="rapport.pdf")
    assert (submission.status, keys(submission)[0]) == (Status.UNREADABLE, "other_kind")


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ({"td2.py": STUB}, "untouched"),
        ({"td2.py": STUB, "td2.ipynb": notebook("%matplotlib inline", *STUB.split("\n\n\n"))}, "untouched"),
        ({"td2.py": STUB.replace("\n", "\r\n") + "# mine\n"}, "untouched"),
        ({"td2.py": STUB[: STUB.index("class")]}, "untouched"),
        ({"td2.py": ""}, "no_code"),
        ({"td2.py": "\n# nothing\n"}, "no_code"),
        ({"td2.ipynb": notebook()}, "no_code"),
        ({"td2.ipynb": ""}, "no_code"),
        ({"td2.py": STUB, "check.py": HELPER, "report.pdf": b"%PDF"}, "untouched"),
    ],
)
def test_nothing_of_the_student_s_own_is_empty(handed_in, files, key):
    submission = handed_in(files)
    assert submission.status is Status.EMPTY
    assert keys(submission)[0] == key


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ({"rapport.pdf": b"%PDF"}, "no_code_file"),
        ({"work.rar": b"Rar!"}, "archive_unknown"),
        ({"work.7z": b"7z"}, "archive_unknown"),
        ({"work.zip": b"PK\x03\x04 broken"}, "archive_unreadable"),
        ({"td2.ipynb": CUT}, "not_a_notebook"),
        ({"td2.py": b"PK\x03\x04"}, "other_kind"),
        ({"td2.py": b"x" * (10 << 20) + b"y"}, "file_too_large"),
        ({"td2.py": STUB, "td2.ipynb": CUT}, "not_a_notebook"),
        ({"td2.py": STUB, "work.rar": b"Rar!"}, "archive_unknown"),
        ({"check.py": HELPER, "tests/test_td2.py": HELPER}, "handout_only"),
        ({"README.md": "x", "check.py": HELPER}, "no_work_file"),
        ({"rapport.pdf": b"%PDF", "test_td2.py": HELPER}, "no_work_file"),
        ({"README.md": "x", "digits.npz": b"x"}, "no_code_file"),
        ({"empty/": ""}, "nothing_handed_in"),
        ({".DS_Store": b"x", "__MACOSX/._td2.py": b"x", ".ipynb_checkpoints/td2.py": WORK}, "nothing_handed_in"),
    ],
)
def test_what_cannot_be_graded_says_why(handed_in, files, key):
    submission = handed_in(files)
    assert submission.status is Status.UNREADABLE
    assert keys(submission)[0] == key
    assert say(submission.notes[0])


def test_the_handout_s_checks_alone_are_called_what_they_are(handed_in):
    (note,) = handed_in({"README.md": "x", "check.py": HELPER}).notes
    assert say(note) == "The only code handed in is the handout's own, or tests (check.py): there is no work in it."


def test_another_td_s_file_is_graded_and_flagged(handed_in):
    submission = handed_in({"td3.py": "class Tensor:\n    pass\n"})
    assert submission.status is Status.GRADED
    note = submission.notes[0]
    assert (note.key, note.values["wanted"]) == ("nothing_recognised", ["softmax", "Linear", "fit", "predict"])


def test_helpers_and_data_go_along_without_the_handout_s_files(handed_in):
    submission = handed_in(
        {
            "src/td2.py": WORK,
            "src/plot.py": HELPER,
            "src/lib/a.py": "x = 1",
            "src/mine.csv": "1,2",
            "src/digits.npz": b"ours",
            "src/check.py": "ours",
            "src/tests/test_td2.py": "ours",
            "src/figure.png": b"x",
            "src/big.npy": b"x" * (2 << 20),
            "outside.py": "x = 1",
        }
    )
    assert submission.picked == "src/td2.py"
    assert submission.others == {"plot.py": HELPER.encode(), "lib/a.py": b"x = 1", "mine.csv": b"1,2"}
    assert submission.notes[-1].key == "others_left_out"
    assert submission.notes[-1].values["files"] == ["src/big.npy"]


def test_a_second_file_that_was_asked_for_is_no_rival(handed_in):
    td = make_assignment(files={"td2.py": ("a",), "extra.py": ("b",)})
    submission = handed_in({"td2.py": WORK, "extra.py": PART}, assignment=td)
    assert (submission.status, submission.picked) == (Status.GRADED, "td2.py")
    assert list(submission.others) == ["extra.py"]


def test_notes_of_reading_are_kept(handed_in):
    submission = handed_in({"td2.py": (WORK + "# é\n").encode("cp1252")})
    assert keys(submission) == ["encoding"]


def test_many_files_that_differ_are_compared_in_time(handed_in):
    submission = handed_in({f"td2_{number}.py": WORK + f"\nA = {number}\n" for number in range(300)})
    assert submission.status is Status.UNREADABLE
    assert len(submission.notes[0].values["files"]) == 20
    assert len(submission.candidates) == 300
