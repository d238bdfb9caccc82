"""What students declare is noted, from whatever they hand in, and is never work."""

import pytest

from grader.contract import Status
from tests.intake.intake_samples import OTHER_WORK, STUB, WORK, make_assignment, notebook

ASKS = '\n\n# Declaration\nTOOLS = ""\nPARTNERS = ""\n'
SAID = '\n\n# Declaration\nTOOLS = ["an assistant", "<b>"]\nPARTNERS = """Ada\nLovelace"""\n'
NOTED = {"tools": "an assistant, <b>", "partners": "Ada Lovelace"}


@pytest.fixture
def td():
    return make_assignment(stub=STUB + ASKS)


def declared(submission):
    return [note.values for note in submission.notes if note.key == "declaration"]


@pytest.mark.parametrize(
    "files",
    [
        {"td2.py": WORK + SAID},
        {"td2.ipynb": notebook(*WORK.split("\n\n\n"), SAID)},
        {"td2.ipynb": notebook(SAID, WORK)},
        {"td2.py": "x y z = (\n" + WORK + SAID},
        {"td2.py": WORK.replace("return x + 1", "return (x") + SAID},
        {"td2.ipynb": notebook(WORK, ASKS), "td2.py": STUB + SAID},
        {"td2.py": WORK + ASKS, "td2.ipynb": notebook(WORK, SAID)},
    ],
)
def test_it_is_read_from_what_counts_else_from_its_twin(handed_in, files):
    submission = handed_in(files)
    assert submission.status is Status.GRADED
    assert declared(submission) == [NOTED]


@pytest.mark.parametrize(
    "files",
    [
        {"td2.py": WORK},
        {"td2.py": WORK + ASKS},
        {"td2.py": WORK + '\nTOOLS = f"{1}"\nPARTNERS = None\n'},
        {"td2.py": WORK + ASKS, "td1.py": "def ridge(x):\n    return x\n" + SAID},  # of another homework
        {"td2.py": WORK + ASKS, "old.py": OTHER_WORK + SAID},
    ],
)
def test_what_says_nothing_has_no_note(handed_in, files):
    assert declared(handed_in(files)) == []


@pytest.mark.parametrize("said", [ASKS, SAID, SAID.replace("Ada\n", "Ada, who\nhelped\n")])
@pytest.mark.parametrize("file", ["td2.py", "td2.ipynb"])
def test_a_declaration_alone_is_no_work(handed_in, said, file):
    text = STUB + said
    submission = handed_in({file: notebook(*text.split("\n\n\n")) if file.endswith("ipynb") else text})
    assert submission.status is Status.EMPTY
    assert bool(declared(submission)) == (said != ASKS)


def test_two_declarations_of_one_work_are_no_doubt(handed_in):
    submission = handed_in({"td2.py": WORK + SAID, "td2 (1).py": WORK + SAID.replace("Ada", "Emmy")})
    assert (submission.status, submission.picked) == (Status.GRADED, "td2.py")
    assert declared(submission) == [NOTED]


def test_a_picked_file_declares_too(handed_in):
    files = {"td2.py": WORK + ASKS, "other.py": OTHER_WORK + SAID}
    assert declared(handed_in(files, pick="other.py")) == [NOTED]


def test_a_megabyte_is_cut(handed_in):
    (values,) = declared(handed_in({"td2.py": f"{WORK}\nTOOLS = '{'x' * 1_000_000}'\n"}))
    assert values == {"tools": "x" * 299 + "…", "partners": ""}


def test_brackets_without_end_cost_nothing_else(handed_in):
    submission = handed_in({"td2.py": f"{WORK}\nTOOLS = {'[' * 1_000_000}\n"})
    assert submission.status is Status.GRADED and declared(submission) == []
