"""A handout without leaks has none, and one planted anywhere is found."""

import base64
import json
import py_compile
import shutil
import textwrap
import zipfile
import zlib

import pytest

from grader.authoring import handout, leaks, load

SOLUTION = """
self.seen = np.array(x, copy=True)
return self.seen * self.k
"""
CHECK = '"""The checks."""\n\n\ndef ids():\n    return []\n'


@pytest.fixture
def loaded(course):
    return load.load(course.folder, "tdm")


@pytest.fixture
def folder(loaded, tmp_path):
    return handout.write(loaded, CHECK, tmp_path / "handouts")


def test_a_clean_handout_has_no_leak(loaded, folder):
    assert leaks.leaks(loaded, folder) == []
    assert leaks.leaks(loaded, folder.with_suffix(".zip")) == []


def found(loaded, path):
    return {(leak.file, leak.where) for leak in leaks.leaks(loaded, path)}


def append(path, text):
    path.write_text(path.read_text() + text)


ONE_LINE = "; ".join(SOLUTION.strip().split("\n"))
COMMENTED = textwrap.indent(SOLUTION, "# ").replace("copy=True)", "copy=True)  # remember")
OTHER_LAYOUT = "self . seen=np.array( x ,\n   copy = True )\n\n\nreturn ( self.seen\n*self.k"
PACKED = base64.b64encode(zlib.compress(json.dumps({"probes": "def f():\n" + SOLUTION}).encode())).decode()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("README.md", SOLUTION),
        ("README.md", f"    {ONE_LINE}\n"),
        ("tdm.py", textwrap.indent(SOLUTION, "    ")),
        ("tdm.py", COMMENTED),
        ("tdm.py", OTHER_LAYOUT),
        ("tests/test_tdm.py", f"SOURCE = {SOLUTION!r}\n"),
        ("check.py", f'DATA = """\n{PACKED[:70]}\n{PACKED[70:]}\n"""\n'),
        ("check.py", f"DATA = {base64.b64encode(SOLUTION.encode()).decode()!r}\n"),
        ("check.py", f"SOURCES = {{'a': r'''{SOLUTION}'''}}\n"),
        ("pytest.ini", SOLUTION),
    ],
)
def test_a_solution_in_a_text_is_found(loaded, folder, file, text):
    before = (folder / file).read_text().count("\n")
    append(folder / file, text)
    ((where, place),) = found(loaded, folder)
    assert where == file
    assert place == "in a string" or int(place.split(",")[0].split()[1]) > before


@pytest.mark.parametrize("place", ["metadata", "cell metadata", "output", "cell", "attachment"])
def test_a_solution_anywhere_in_a_notebook_is_found(loaded, folder, place):
    path = folder / "tdm.ipynb"
    book = json.loads(path.read_text())
    cell = next(cell for cell in book["cells"] if cell["cell_type"] == "code")
    if place == "metadata":
        book["metadata"]["note"] = SOLUTION
        where = "metadata note"
    elif place == "cell metadata":
        cell["metadata"]["was"] = {"source": SOLUTION.splitlines(keepends=True)}
        where = "cell 2 metadata was source"
    elif place == "output":
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [SOLUTION]}]
        where = "cell 2 outputs 1 text"
    elif place == "attachment":
        packed = base64.b64encode(SOLUTION.encode()).decode()
        book["cells"][0]["attachments"] = {"a.txt": {"text/plain": packed}}
        where = "cell 1 attachments a.txt text/plain, packed"
    else:
        cell["source"] = SOLUTION.splitlines(keepends=True)
        where = "cell 2 source"
    path.write_text(json.dumps(book))
    assert ("tdm.ipynb", where) in found(loaded, folder)


def test_a_compiled_file_is_a_leak(loaded, folder, tmp_path):
    shutil.copy(loaded.course.folder / "reference" / "mini.py", tmp_path / "mini.py")
    py_compile.compile(str(tmp_path / "mini.py"), cfile=str(folder / "__pycache__" / "mini.cpython-311.pyc"))
    assert found(loaded, folder) == {("__pycache__/mini.cpython-311.pyc", "compiled")}
    (folder / "__pycache__" / "mini.cpython-311.pyc").rename(folder / "mini.dat")
    assert found(loaded, folder) == {("mini.dat", "binary")}


def test_a_binary_file_that_is_not_the_assignments_data_is_a_leak(loaded, folder):
    (folder / "numbers.txt").write_bytes(b"\0\1\2")
    assert found(loaded, folder) == {("numbers.txt", "binary")}


def test_data_are_searched_too(course, tmp_path):
    with zipfile.ZipFile(course.td / "data" / "packed.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", SOLUTION)
    course.edit("assignments/tdm/assignment.toml", '"numbers.txt"', '"numbers.txt", "packed.npz"')
    loaded = load.load(course.folder, "tdm")
    assert found(loaded, handout.write(loaded, CHECK, tmp_path / "out")) == {("packed.npz", "a.txt")}


def test_names_of_files_are_searched(loaded, folder):
    (folder / f"{ONE_LINE.replace('/', '')}.txt").write_text("")
    assert {where for _, where in found(loaded, folder)} == {"its name"}


@pytest.mark.parametrize("place", ["zip comment", "comment of tdm/check.py", "extra field of tdm/check.py"])
def test_what_a_zip_holds_beside_its_files(loaded, folder, tmp_path, place):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(folder.with_suffix(".zip")) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "tdm/check.py" and "check.py" in place:
                text = SOLUTION.encode()
                entry.comment = text if place.startswith("comment") else b""
                entry.extra = b"\xfe\xca" + len(text).to_bytes(2, "little") + text if "extra" in place else b""
            new.writestr(entry, data)
        new.comment = SOLUTION.encode() if place == "zip comment" else b""
    assert ("other.zip", place) in found(loaded, path)


def test_bytes_that_a_zip_does_not_list(loaded, folder):
    path = folder.with_suffix(".zip")
    path.write_bytes(SOLUTION.encode() + path.read_bytes())
    assert ("tdm.zip", "its bytes") in found(loaded, path)


def test_a_probe_or_prose_that_gives_the_answer_is_found(course, tmp_path):
    course.edit("assignments/tdm/handout.md", "A layer.", f"A layer: `{ONE_LINE}`.")
    loaded = load.load(course.folder, "tdm")
    files = {file for file, _ in found(loaded, handout.write(loaded, CHECK, tmp_path / "out"))}
    assert files == {"tdm.py", "tdm.ipynb"}


@pytest.mark.parametrize(
    ("body", "leaks_there"),
    [
        ("return theta @ weights - bias", True),  # short, and three names of its own
        ("return x * self.k", False),  # short, and like anything else
    ],
)
def test_a_short_solution_counts_if_it_is_distinctive(course, tmp_path, body, leaks_there):
    check = (
        '        if grad.shape != self.seen.shape:\n            raise ValueError("not the shape of what was seen")\n'
    )
    course.edit("reference/mini.py", check, "")
    course.edit("reference/mini.py", "return grad * self.k", body)
    loaded = load.load(course.folder, "tdm")
    folder = handout.write(loaded, CHECK, tmp_path / "out")
    assert found(loaded, folder) == set()
    append(folder / "README.md", f"\nIn the end you {body}.\n")
    assert bool(found(loaded, folder)) is leaks_there


def test_what_is_given_is_no_leak(course, tmp_path):
    line = "self.k = np.array(k, dtype=float).reshape(1, -1).sum(axis=0)"
    course.edit("reference/mini.py", "self.k = k\n", f"{line}\n")
    course.edit("reference/mini.py", "self.seen = np.array(x, copy=True)\n", f"{line}\n        self.seen = x\n")
    loaded = load.load(course.folder, "tdm")
    assert line in loaded.sources["reference.mini"].split("### BEGIN SOLUTION")[2]
    assert found(loaded, handout.write(loaded, CHECK, tmp_path / "out")) == set()
