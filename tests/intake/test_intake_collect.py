"""What was handed in, in every accepted form, and whose it is."""

import io
import os
import shutil
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.contract import Status
from grader.errors import UserError
from grader.intake import collect, moodle, pick
from tests.intake.intake_samples import OTHER_WORK, STUB, WORK, make_assignment, notebook, write

NFD = unicodedata.normalize("NFD", "Élodie")
MOODLE = {
    "Élodie Durand_12345_assignsubmission_file/td2.py": WORK,
    "Tom  Jerry _9_assignsubmission_file_/src/td2.ipynb": notebook(WORK),
    "OBrien_77_assignsubmission_file/submission_12_assignsubmission_file_/td2.py": WORK,
    "OBrien_77_assignsubmission_onlinetext/onlinetext.html": "<p>",
}
FLAT = {
    "Élodie Durand_12345_assignsubmission_file_td2.py": WORK,
    "Tom  Jerry _9_assignsubmission_file_td2.ipynb": notebook(WORK),
    "OBrien_77_assignsubmission_file_submission_12_assignsubmission_file_td2.py": WORK,
    "OBrien_77_assignsubmission_onlinetext_onlinetext.html": "<p>",
}


def zipped(path, files, prefix=""):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return path


def found(path, **picks):
    return {s.student_id: (s.name, s.picked, str(s.status)) for s in collect(path, make_assignment(), picks)}


# --- forms ------------------------------------------------------------------------------------------------------------

FOLDERS = {"bob/td2.py": WORK, "alice/td2.ipynb": notebook(WORK), "carl/": ""}


def test_a_folder_of_folders(tmp_path):
    assert found(write(tmp_path, FOLDERS)) == {
        "alice": ("", "td2.ipynb", "graded"),
        "bob": ("", "td2.py", "graded"),
        "carl": ("", "", "unreadable"),
    }


def test_submissions_come_in_the_order_of_their_ids(tmp_path):
    write(tmp_path, {f"{name}/td2.py": WORK for name in ("b", "B", "10", "9", "é")})
    assert [s.student_id for s in collect(tmp_path, make_assignment())] == ["10", "9", "B", "b", "é"]


def test_a_folder_of_files(tmp_path):
    write(
        tmp_path, {"bob.py": WORK, "alice.ipynb": notebook(WORK), "d.v2.py": WORK, "eve.py.txt": WORK, "f.pdf": b"%PDF"}
    )
    write(tmp_path, {"notes.csv": "x", "README.md": "x", "conftest.py": "x", ".DS_Store": "x", "Thumbs.db": "x"})
    assert found(tmp_path) == {
        "alice": ("", "alice.ipynb", "graded"),
        "bob": ("", "bob.py", "graded"),
        "d.v2": ("", "d.v2.py", "graded"),
        "eve": ("", "eve.py.txt", "graded"),
        "f": ("", "", "unreadable"),
    }


def test_one_file(tmp_path):
    write(tmp_path, {"bob.py": WORK})
    assert found(tmp_path / "bob.py") == {"bob": ("", "bob.py", "graded")}


def test_a_folder_and_a_loose_file_of_one_name_are_one_submission(tmp_path):
    write(tmp_path, {"bob/helper.py": "x = 1", "bob.py": WORK, "eve/eve.py": WORK, "eve.py": OTHER_WORK})
    bob, eve = collect(tmp_path, make_assignment())
    assert (bob.student_id, bob.picked, list(bob.others)) == ("bob", "bob.py", ["helper.py"])
    assert (eve.student_id, eve.status, eve.candidates) == ("eve", Status.UNREADABLE, ("../eve.py", "eve.py"))


def test_a_py_and_an_ipynb_of_one_stem_are_one_submission(tmp_path):
    write(tmp_path, {"bob.py": STUB, "bob.ipynb": notebook(WORK)})
    assert found(tmp_path) == {"bob": ("", "bob.ipynb", "graded")}


@pytest.mark.parametrize("files", [MOODLE, FLAT])
@pytest.mark.parametrize("form", ["folder", "zip", "wrapped"])
def test_what_moodle_gives_unpacked_or_not(tmp_path, files, form):
    path = tmp_path / "class"
    if form == "folder":
        write(path, files)
    else:
        path = zipped(tmp_path / "class.zip", files, prefix="any/" if form == "wrapped" else "")
    result = found(path)
    assert {key: value[0] for key, value in result.items()} == {
        "12345": "Élodie Durand",
        "77": "OBrien",
        "9": "Tom  Jerry",
    }
    assert all(status == "graded" for _, _, status in result.values())


def test_teams_are_told_by_the_default_team(tmp_path):
    write(
        tmp_path,
        {
            "Default group_assignsubmission_file/td2.py": WORK,
            "Équipe 1_22_assignsubmission_file/td2.py": WORK,
            "Équipe 1_27_assignsubmission_file/td2.py": WORK,
        },
    )
    submissions = collect(tmp_path, make_assignment())
    assert [(s.student_id, s.team, s.name) for s in submissions] == [
        ("team-22", "team-22", "Équipe 1"),
        ("team-27", "team-27", "Équipe 1"),
        ("team-default", "team-default", "Default group"),
    ]


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("Élodie Durand_12345_assignsubmission_file", ("12345", "Élodie Durand", "file", "")),
        ("A_B C_1_assignsubmission_file_", ("1", "A_B C", "file", "")),
        ("_5_assignsubmission_file_a_b.py", ("5", "", "file", "a_b.py")),
        ("G_3_assignsubmission_file_x_4_assignsubmission_file_y", ("3", "G", "file", "x_4_assignsubmission_file_y")),
        ("N_4_assignsubmission_onlinetext_texteenligne.html", ("4", "N", "onlinetext", "texteenligne.html")),
        ("Groupe par défaut_assignsubmission_file", ("team-default", "Groupe par défaut", "file", "")),
        ("007_29_assignsubmission_file", ("29", "007", "file", "")),
        ("alice", None),
        ("a_1_assignsubmission_filex", None),
    ],
)
def test_moodle_s_names(name, parsed):
    marked = moodle.parse(name)
    assert (marked and (marked.student_id, marked.name, marked.kind, marked.file)) == parsed


@pytest.mark.parametrize(
    ("files", "ids"),
    [
        ({"bob/td2.py": WORK, "alice/td2.py": WORK}, ["alice", "bob"]),
        ({"bob.py": WORK, "alice.ipynb": notebook(WORK)}, ["alice", "bob"]),
        ({"bob.py": WORK}, ["bob"]),
        ({"alice/td2.py": WORK}, ["alice"]),
        ({"alice/src/td2.py": WORK}, ["alice"]),
        ({"class/bob/td2.py": WORK, "class/alice/td2.py": WORK}, ["alice", "bob"]),
        ({"class/bob/td2.py": WORK}, ["bob"]),
        ({"x/bob/td2.py": WORK, "x/alice/td2.py": WORK, "__MACOSX/x/._bob": "x"}, ["alice", "bob"]),
        ({"class/bob.py": WORK, "class/alice.py": WORK}, ["alice", "bob"]),
        ({"class/td2.py": WORK, "class/plot.py": "x = 1"}, ["class"]),
        ({"bob\\td2.py": WORK, "alice\\td2.py": WORK}, ["alice", "bob"]),
        ({"bob/": "", "alice/td2.py": WORK}, ["alice", "bob"]),
    ],
)
def test_a_zip_of_any_of_these(tmp_path, files, ids):
    assert list(found(zipped(tmp_path / "class.zip", files))) == ids


def test_one_student_s_own_folder_is_one_submission(tmp_path):
    write(tmp_path / "alice", {"td2.py": WORK, "check.py": "x", "tests/test_td2.py": "x", "digits.npz": "x"})
    assert found(tmp_path / "alice") == {"alice": ("", "td2.py", "graded")}


def test_ids_are_not_normalised(tmp_path):
    nfc = unicodedata.normalize("NFC", NFD)
    path = zipped(tmp_path / "class.zip", {f"{NFD}/td2.py": WORK, f"{nfc}/td2.py": WORK})
    assert sorted(found(path)) == sorted([NFD, nfc])


def test_a_pick_is_found_by_the_student_s_id(tmp_path):
    write(tmp_path, {"bob/a.py": WORK, "bob/b.py": OTHER_WORK})
    assert found(tmp_path, bob="b.py") == {"bob": ("", "b.py", "graded")}


# --- nothing to read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no such file or folder"),
        (lambda path: path.mkdir(), "no submission in it"),
        (lambda path: write(path, {".DS_Store": "x", "__MACOSX/a": "x", "roster.csv": "x"}), "no submission in it"),
        (lambda path: path.write_bytes(b"PK\x03\x04 no zip"), "cannot be read"),
        (lambda path: path.write_bytes(b""), "cannot be read"),
        (lambda path: zipped(path, {}), "no submission in it"),
    ],
)
def test_an_input_that_is_none_is_one_sentence(tmp_path, make, says):
    path = tmp_path / "class.zip"
    make(path)
    with pytest.raises(UserError, match=says) as caught:
        collect(path, make_assignment())
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_rar_and_a_name_too_long_are_one_sentence(tmp_path):
    write(tmp_path, {"class.rar": b"Rar!"})
    for path in (tmp_path / "class.rar", tmp_path / ("x" * 5000)):
        with pytest.raises(UserError):
            collect(path, make_assignment())


# --- nobody's files ---------------------------------------------------------------------------------------------------


def test_what_systems_and_editors_leave_behind_is_nobody_s(tmp_path):
    junk = ["__MACOSX/._td2.py", ".ipynb_checkpoints/td2.py", "__pycache__/td2.py", ".git/td2.py", ".venv/td2.py"]
    junk += ["._td2.py", "desktop.ini", "Thumbs.db", "env/lib/td2.py", "env/pyvenv.cfg", ".idea/x.py"]
    write(tmp_path, {"bob/td2.py": WORK, **{f"bob/{path}": OTHER_WORK for path in junk}, "__MACOSX/bob/x.py": "x"})
    (submission,) = collect(tmp_path, make_assignment())
    assert (submission.status, submission.candidates, submission.others) == (Status.GRADED, ("td2.py",), {})
    shutil.make_archive(str(tmp_path / "class"), "zip", tmp_path, "bob")
    (submission,) = collect(tmp_path / "class.zip", make_assignment())
    assert (submission.candidates, submission.others) == (("td2.py",), {})


def test_an_earlier_report_beside_the_submissions_is_nobody_s(tmp_path):
    write(tmp_path, {"bob/td2.py": WORK, "out/gradebook.sqlite": "x", "out/report.html": "x"})
    assert list(found(tmp_path)) == ["bob"]


def test_links_are_not_followed(tmp_path):
    write(tmp_path, {"secret/td2.py": WORK, "class/bob/x/": "", "class/eve/td2.py": WORK})
    (tmp_path / "class/bob/td2.py").symlink_to(tmp_path / "secret/td2.py")
    (tmp_path / "class/bob/more").symlink_to(tmp_path / "secret")
    (tmp_path / "class/mallory").symlink_to(tmp_path / "secret")
    (tmp_path / "class/eve/loop").symlink_to(tmp_path / "class")
    bob, eve, mallory = collect(tmp_path / "class", make_assignment())
    assert [s.status for s in (bob, eve, mallory)] == [Status.UNREADABLE, Status.GRADED, Status.UNREADABLE]
    assert {note.key for s in (bob, eve, mallory) for note in s.notes} == {"link_not_followed"}
    assert bob.source == mallory.source == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_blocks_nothing(tmp_path):
    write(tmp_path, {"bob/td2.py": WORK})
    os.mkfifo(tmp_path / "bob" / "td2.ipynb")
    assert found(tmp_path) == {"bob": ("", "td2.py", "graded")}


# --- hostile names, sizes and depths ----------------------------------------------------------------------------------


def test_names_that_are_not_utf_8(tmp_path):
    try:
        folder = os.fsencode(tmp_path) + b"/class/caf\xe9"
        Path(os.fsdecode(folder)).mkdir(parents=True)
        Path(os.fsdecode(folder + b"/td2\xff.py")).write_text(WORK)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (submission,) = collect(tmp_path / "class", make_assignment())
    assert (submission.student_id, submission.picked) == ("caf\\xe9", "td2\\xff.py")
    assert submission.status is Status.GRADED
    submission.student_id.encode()


def test_long_names_and_deep_folders(tmp_path):
    write(tmp_path, {"x" * 250 + "/" + "y" * 250 + ".py": WORK, "bob/td2.py": WORK, "bob/" + "d/" * 60 + "td2.py": "x"})
    bob, long = collect(tmp_path, make_assignment())
    assert (bob.status, bob.picked, bob.notes[0].key) == (Status.GRADED, "td2.py", "too_deep")
    assert (long.student_id, long.status) == ("x" * 250, Status.GRADED)


def test_thousands_of_files_are_bounded(tmp_path):
    write(tmp_path, {"bob/td2.py": WORK, **{f"bob/data/{number}.txt": "1" for number in range(1200)}})
    (bob,) = collect(tmp_path, make_assignment())
    assert (bob.status, bob.picked, len(bob.others)) == (Status.GRADED, "td2.py", 999)
    assert bob.notes[0].key == "too_many_files"


def test_one_student_s_files_never_affect_another_s(tmp_path, monkeypatch):
    write(tmp_path, {"bob/td2.py": WORK, "eve/td2.py": "boom", "zoe/td2.py": WORK})
    examine = pick.examine

    def failing(path, data, assignment):
        if data == b"boom":
            raise RuntimeError("ours")
        return examine(path, data, assignment)

    monkeypatch.setattr(pick, "examine", failing)
    assert [str(s.status) for s in collect(tmp_path, make_assignment())] == ["graded", "grader_fault", "graded"]


@given(st.dictionaries(st.sampled_from(["td2.py", "td2.ipynb", "a.zip", "b.tar.gz", "x"]), st.binary(max_size=200)))
@settings(max_examples=60, deadline=None)
def test_bytes_of_any_kind_give_a_submission(tmp_path_factory, files):
    root = tmp_path_factory.mktemp("class")
    write(root, {f"bob/{name}": content for name, content in files.items()} or {"bob/": ""})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("td2.py", WORK)
    damaged = bytearray(buffer.getvalue())
    for position, value in enumerate(b"".join(files.values())[:20]):
        damaged[(position * 7919) % len(damaged)] = value
    write(root, {"eve/work.zip": bytes(damaged)})
    submissions = collect(root, make_assignment())
    assert [s.student_id for s in submissions] == ["bob", "eve"]
    assert Status.GRADER_FAULT not in [s.status for s in submissions]
