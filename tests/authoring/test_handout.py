"""A handout is complete, the same each time, works by itself, and never replaces anyone's work."""

import dataclasses
import os
import subprocess
import sys
import zipfile

import pytest

from grader.authoring import cells, handout, load
from grader.errors import UserError

CHECK = """
def ids():
    return ["passes", "fails"]


def pytest_run(name):
    import pytest

    if name == "fails":
        pytest.fail("because of this", pytrace=False)


def header():
    return ["Looking at tdm.py."]
"""


@pytest.fixture
def loaded(course):
    return load.load(course.folder, "tdm")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "handouts"


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


ALL = [
    "README.md",
    "check.py",
    "numbers.txt",
    "pytest.ini",
    "tdm.ipynb",
    "tdm.py",
    "tests/conftest.py",
    "tests/test_tdm.py",
]


def test_folder_and_zip_hold_the_same(loaded, out):
    folder = handout.write(loaded, CHECK, out)
    assert folder == out / "tdm"
    assert names(folder) == ALL
    assert sorted(path.name for path in out.iterdir()) == ["tdm", "tdm.zip"]
    with zipfile.ZipFile(out / "tdm.zip") as archive:
        assert archive.namelist() == [f"tdm/{name}" for name in ALL]
        for name in ALL:
            assert archive.read(f"tdm/{name}") == (folder / name).read_bytes()
    assert folder.stat().st_mode & 0o777 == 0o755
    assert (folder / "tdm.py").stat().st_mode & 0o777 == 0o644
    readme = (folder / "README.md").read_text()
    assert "About 1.5 hours" in readme and "tdm.ipynb" in readme and 'check.question("1.1")' in readme


def test_the_same_inputs_give_the_same_bytes(loaded, out, tmp_path):
    handout.write(loaded, CHECK, out)
    handout.write(loaded, CHECK, tmp_path / "elsewhere")
    assert (out / "tdm.zip").read_bytes() == (tmp_path / "elsewhere" / "tdm.zip").read_bytes()


def test_its_tests_run_in_the_folder(loaded, out):
    folder = handout.write(loaded, CHECK, out)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST")},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "test_tdm[passes] PASSED" in done.stdout and "test_tdm[fails] FAILED" in done.stdout
    assert "because of this" in done.stdout and "Traceback" not in done.stdout
    assert "Looking at tdm.py." in done.stdout
    assert "warning" not in done.stdout.lower()


def test_a_former_handout_is_replaced(loaded, out):
    folder = handout.write(loaded, CHECK, out)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "check.pyc").write_bytes(b"")
    (folder / "numbers.txt").unlink()
    handout.write(loaded, CHECK + "# new\n", out)
    assert names(folder) == ALL
    assert (folder / "check.py").read_text().endswith("# new\n")


def test_work_is_never_replaced(loaded, out):
    folder = handout.write(loaded, CHECK, out)
    (folder / "tdm.py").write_text("def double(x):\n    return 2 * x\n")
    with pytest.raises(UserError, match=r"tdm.py: was changed or added since it was handed out; move it away or"):
        handout.write(loaded, CHECK, out)
    assert "return 2 * x" in (folder / "tdm.py").read_text()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tdm/notes.txt", b"mine", r"tdm: this folder is not known as a handout \(tdm.zip is not beside it\)"),
        ("tdm", b"mine", "tdm: there is another file of that name"),
        ("tdm.zip", b"mine", "tdm.zip: there is another file of that name"),
    ],
)
def test_what_else_is_there_stays(loaded, out, name, content, says):
    path = out / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UserError, match=says):
        handout.write(loaded, CHECK, out)
    assert path.read_bytes() == content
    assert len(list(out.iterdir())) == 1


def test_a_zip_of_submissions_that_has_the_handouts_name_stays(loaded, out):
    out.mkdir()
    with zipfile.ZipFile(out / "tdm.zip", "w") as archive:
        archive.writestr("tdm/tdm.py", "x = 1\n")
    with pytest.raises(UserError, match="another file of that name"):
        handout.write(loaded, CHECK, out)


def test_a_folder_with_one_more_file_is_not_replaced(loaded, out):
    folder = handout.write(loaded, CHECK, out)
    (folder / "mine.py").write_text("x = 1\n")
    with pytest.raises(UserError, match=r"mine.py: was changed or added"):
        handout.write(loaded, CHECK, out)


def test_an_empty_folder_is_nobodys(loaded, out):
    (out / "tdm").mkdir(parents=True)
    assert names(handout.write(loaded, CHECK, out)) == ALL


def test_a_full_disk_is_one_sentence_and_leaves_nothing(loaded, out, monkeypatch):
    handout.write(loaded, CHECK, out)
    before = (out / "tdm.zip").read_bytes()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(UserError, match=r"somewhere: the handout cannot be written \(No space left on device\); make"):
        handout.write(loaded, CHECK + "# new\n", out)
    assert sorted(path.name for path in out.iterdir()) == ["tdm", "tdm.zip"]
    assert (out / "tdm.zip").read_bytes() == before


def test_a_place_that_is_a_file(loaded, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        handout.write(loaded, CHECK, tmp_path / "file")


def test_french(course):
    handed = dataclasses.replace(load.load(course.folder, "tdm").handed, language="fr")
    readme = cells.template("README.fr.md.j2", handed.variables)
    assert "Environ 1,5 heure." in readme and "que la bibliothèque standard et numpy." in readme
