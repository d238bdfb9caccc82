"""`surdix new`: what it writes is fit to grade with at once; what it cannot write it refuses in one line."""

import os

import pytest

from tests.cli.test_bad_usage import one_line

FILES = ["assignments/td9/assignment.toml", "assignments/td9/checks.py", "assignments/td9/handout.md"]
FILES += ["assignments/td9/mistakes.py", "reference/td9.py"]


@pytest.fixture
def folder(tmp_path):
    """An empty one."""
    made = tmp_path / "empty"
    made.mkdir()
    return made


def files_of(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_new_td_is_fit_to_grade_with(surdix, folder):
    done = surdix("new", "td9", "--course", folder, with_course=False)
    assert (done.status, done.err) == (0, "")
    assert files_of(folder) == FILES
    assert all(str(folder / file) in done.out for file in FILES)
    assert f"surdix validate td9 --course {folder}" in done.out
    assert not any("@NAME@" in path.read_text() for path in folder.rglob("*") if path.is_file())

    done = surdix("validate", "td9", "--course", folder, with_course=False)
    assert done.status == 0, done.out + done.err
    assert "td9 is fit to grade with." in done.out
    kinds = ("close", "gradient", "accuracy", "equal", "predicate")
    checks = (folder / "assignments/td9/checks.py").read_text()
    assert all(f"compare={kind}(" in checks for kind in kinds)


def test_it_is_graded_as_any_other(surdix, tmp_path):
    surdix("new", "td9", "--course", tmp_path / "c", with_course=False)
    reference = (tmp_path / "c/reference/td9.py").read_text()
    (tmp_path / "class").mkdir()
    (tmp_path / "class/right.py").write_text(reference)
    (tmp_path / "class/wrong.py").write_text(reference.replace("return X.T @ (", "return -X.T @ ("))
    out = tmp_path / "out"
    done = surdix("grade", "td9", tmp_path / "class", "--course", tmp_path / "c", "--out", out, with_course=False)
    assert done.status == 0, done.out + done.err
    rows = [line.split(",")[:4] for line in (out / "grades.csv").read_text().splitlines()[1:]]
    assert rows == [["right", "", "graded", "10"], ["wrong", "", "graded", "7.5"]]


@pytest.mark.parametrize("name", ["", "9td", "td-9", "td 9", "../td9", "été", "class", "a/b", "_td"])
def test_a_name_that_is_no_module(surdix, tmp_path, name):
    one_line(surdix("new", "--course", tmp_path / "c", "--", name, with_course=False), repr(name), "as in td5")
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize("name", ["numpy", "json", "check"])
def test_a_name_that_hides_another_module(surdix, tmp_path, name):
    one_line(surdix("new", name, "--course", tmp_path, with_course=False), name, "choose another")


@pytest.mark.parametrize("there", ["assignments/td9/notes.txt", "reference/td9.py"])
def test_what_is_there_is_kept(surdix, folder, there):
    (folder / there).parent.mkdir(parents=True)
    (folder / there).write_text("mine")
    one_line(surdix("new", "td9", "--course", folder, with_course=False), "td9", "is there already")
    assert files_of(folder) == [there]
    assert (folder / there).read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_left_as_it_was(surdix, folder):
    (folder / "assignments").write_text("a file where a folder should be")
    one_line(surdix("new", "td9", "--course", folder, with_course=False), "cannot be written", "--course")
    assert files_of(folder) == ["assignments"]
    one_line(surdix("new", "td9", "--course", "/proc/nowhere", with_course=False), "/proc/nowhere", "--course")
    one_line(surdix("new", "td9", "--course", folder / "assignments", with_course=False), "--course")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else(surdix, folder):
    folder.chmod(0o500)
    try:
        one_line(surdix("new", "td9", "--course", folder, with_course=False), "Permission denied", "--course")
    finally:
        folder.chmod(0o700)
