"""Canvas's downloads: whose a file is, what it was called at home, and which one came last."""

import pytest

from grader.contract import Status
from grader.intake.forms import canvas
from tests.intake.forms_samples import HOW, lay, taken, whose
from tests.intake.intake_samples import OTHER_WORK, STUB, WORK, make_assignment, notebook, say

CLASS = {
    "martinlucas_11_1001_td2.py": WORK,
    "martinlucas_11_1002_helpers.py": "x = 1",
    "silvaana_LATE_12_1003_td2.ipynb": notebook(WORK),
    "obrienmaelys_13_text.html": "<p>",
    "obrienmaelys_13_1004_td2-1.py": WORK,
    "équipe1_14_1005_travail (1).py": WORK,
}


@pytest.mark.parametrize("how", HOW)
def test_a_class(tmp_path, how):
    assert whose(lay(tmp_path, CLASS, how)) == (
        "canvas",
        {
            "11": [["helpers.py", "td2.py"]],
            "12": [["td2.ipynb"]],
            "13": [["td2.py", "text.html"]],
            "14": [["travail (1).py"]],
        },
    )


def test_names_times_and_the_mark(tmp_path):
    _, submissions = taken(lay(tmp_path, CLASS))
    assert {key: one.name for key, one in submissions.items()} == {
        "11": "martinlucas",
        "12": "silvaana",
        "13": "obrienmaelys",
        "14": "équipe1",
    }
    assert all(one.handed_in_at is None and not one.late for one in submissions.values())
    marked = {key: [say(note) for note in one.notes if note.key == "late_mark"] for key, one in submissions.items()}
    assert marked["12"] == ["Canvas marks this as late; the mark alone costs no points."]
    assert marked["11"] == marked["13"] == marked["14"] == []
    assert [str(one.status) for one in submissions.values()] == ["graded"] * 4


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("a_1_2_td2.py", ("1", "a", False, 2, "td2.py")),
        ("a_LATE_1_2_td2.py", ("1", "a", True, 2, "td2.py")),
        ("some-999----1234-guy_5_6_x_7_8_y.py", ("5", "some-999----1234-guy", False, 6, "x_7_8_y.py")),
        ("2468_5_77_td2.py", ("5", "2468", False, 77, "td2.py")),
        ("_5_77_td2.py", ("5", "", False, 77, "td2.py")),
        ("a_1_2_01_td2.py", ("1", "a", False, 2, "01_td2.py")),
        ("王小明_1_2_td2.py", ("1", "王小明", False, 2, "td2.py")),
        ("anon_aB3xY_9_td2.py", ("anon_aB3xY", "", False, 9, "td2.py")),
        ("LATE_anon_aB3xY_9_td2.py", ("anon_aB3xY", "", True, 9, "td2.py")),
        ("anon_12345_9_td2.py", ("anon_12345", "", False, 9, "td2.py")),
        ("a_1_link.html", ("1", "a", False, -1, "link.html")),
        ("Ana_1_2_td2.py", None),  # Canvas writes small letters
        ("ana silva_1_2_td2.py", None),
        ("td2_1.py", None),
        ("a_1_2_", None),
    ],
)
def test_names(name, parsed):
    found = canvas.parse(name)
    assert (found and (found.student_id, found.name, found.late, found.number, found.file)) == parsed


@pytest.mark.parametrize(
    ("names", "own"),
    [
        (["td2-2.py"], ["td2.py"]),
        (["td2.py", "td2-1.py"], ["td2.py", "td2.py"]),
        (["td2-1.py", "td2-2.py"], ["td2.py", "td2.py"]),  # asked for
        (["exo-1.py", "exo-2.py"], ["exo-1.py", "exo-2.py"]),  # the student's own numbers
        (["exo.py", "exo-1.py"], ["exo.py", "exo.py"]),
        (["digits-3.npz"], ["digits.npz"]),
        (["work-1.tar.gz"], ["work.tar.gz"]),
        (["README-1"], ["README"]),
        (["td2-0f8fad5b-d9cb-469f-a165-70867728950e.py"], ["td2.py"]),
        (["td2-2026.py", "td2-0.py", "-1.py"], ["td2-2026.py", "td2-0.py", "-1.py"]),
    ],
)
def test_own_names(names, own):
    restored = canvas.own_names(names, {"td2.py", "td2.ipynb", "digits.npz"})
    assert [restored[name] for name in names] == own


def test_a_number_that_was_asked_for_stays():
    assert canvas.own_names(["td-2.py"], {"td-2.py"}) == {"td-2.py": "td-2.py"}


def test_the_later_of_two_counts_and_the_other_is_kept(tmp_path):
    files = {
        "silvaana_12_1003_td2.py": STUB,
        "silvaana_12_1009_td2-1.py": OTHER_WORK,
        "silvaana_12_1020_td2-2.py": WORK,
        "silvaana_12_1004_helpers.py": "x = 1",
    }
    _, submissions = taken(lay(tmp_path, files))
    ana = submissions["12"]
    assert (ana.picked, ana.source, list(ana.others)) == ("td2.py", WORK.encode(), ["helpers.py"])
    assert [(one.status, one.source) for one in ana.earlier] == [
        (Status.EMPTY, STUB.encode()),
        (Status.GRADED, OTHER_WORK.encode()),
    ]
    (note,) = [note for note in ana.notes if note.key == "earlier"]
    assert say(note) == (
        "Earlier submissions were kept and do not count (2): silvaana_12_1003_td2.py, silvaana_12_1009_td2-1.py."
    )


def test_a_file_s_id_says_which_came_last_not_the_number_at_its_end(tmp_path):
    files = {"silvaana_12_2000_td2.py": WORK, "silvaana_12_1003_td2-1.py": OTHER_WORK}
    _, submissions = taken(lay(tmp_path, files))
    assert submissions["12"].source == WORK.encode()
    assert [one.source for one in submissions["12"].earlier] == [OTHER_WORK.encode()]


def test_a_pick_is_for_what_counts(tmp_path):
    files = {"a_1_5_x.py": WORK, "a_1_6_y.py": OTHER_WORK, "a_1_4_x-1.py": STUB}
    _, submissions = taken(lay(tmp_path, files), **{"1": "y.py"})
    assert (submissions["1"].source, submissions["1"].earlier[0].source) == (OTHER_WORK.encode(), STUB.encode())


def test_zips_that_somebody_has_unpacked_are_read_with_the_rest(tmp_path):
    files = {"a_1_5_work/src/td2.py": WORK, "b_2_6_td2.py": WORK}
    assert whose(lay(tmp_path, files)) == ("canvas", {"1": [["work/src/td2.py"]], "2": [["td2.py"]]})


def test_a_link_is_told_to_its_student(tmp_path):
    path = lay(tmp_path, {"a_1_5_td2.py": WORK})
    (path / "b_2_6_td2.py").symlink_to(path / "a_1_5_td2.py")
    result, submissions = taken(path)
    assert (result.form, [note.key for note in submissions["2"].notes]) == ("canvas", ["link_not_followed"])


@pytest.mark.parametrize(
    "files",
    [
        ["ana_2026_11_td2.py", "ben_2026_11_td2.py"],  # a date
        ["ana_2026_1_td2.py", "ben_2026_2_td2.py"],  # one number, two names
        ["Ana_1_2_td2.py", "Ben_3_4_td2.py"],
        ["ana_1_2_td2.py", "ben.py"],
        ["ana_1_text.html", "ben_2_text.html"],  # nothing uploaded
    ],
)
def test_what_only_looks_like_it_is_left_to_the_plain_forms(tmp_path, files):
    form, students = whose(lay(tmp_path, dict.fromkeys(files, WORK)))
    assert form == "files"
    assert sorted(students) == sorted(name.rpartition(".")[0] for name in files)


def test_forced_it_reads_what_has_its_names(tmp_path):
    path = lay(tmp_path, {"ana_1_2_td2.py": WORK, "ben.py": WORK})
    assert whose(path, "canvas") == ("canvas", {"1": [["td2.py"]]})


def test_forced_files_keep_the_names(tmp_path):
    assert whose(lay(tmp_path, CLASS), "files")[1]["martinlucas_11_1001_td2"] == [["martinlucas_11_1001_td2.py"]]


def test_one_file_is_not_a_download(tmp_path):
    path = lay(tmp_path, {"ana_1_2_td2.py": WORK}) / "ana_1_2_td2.py"
    assert whose(path) == ("one", {"ana_1_2_td2": [["ana_1_2_td2.py"]]})
    assert whose(path, "canvas", make_assignment()) == ("canvas", {"1": [["td2.py"]]})
