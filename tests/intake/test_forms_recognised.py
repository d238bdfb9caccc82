"""Which form something is: told by marks of its own, never by a resemblance, and forced where a person says so."""

import pytest

from grader.errors import UserError
from grader.intake import FORMS, collect, take
from tests.intake.forms_samples import HOW, lay, taken, whose
from tests.intake.intake_samples import OTHER_WORK, WORK, make_assignment, notebook

PLAIN = [
    ({"bob/td2.py": WORK, "alice/td2.ipynb": notebook(WORK)}, "folders", ["alice", "bob"]),
    ({"bob/td2/td2.py": WORK, "alice/td2/td2.py": WORK}, "folders", ["alice", "bob"]),
    ({"bob/src/td2.py": WORK, "alice/timestamp.txt": "x", "alice/td2.py": WORK}, "folders", ["alice", "bob"]),
    ({"submitted/src/td2.py": WORK, "alice/src/td2.py": WORK}, "folders", ["alice", "submitted"]),
    ({"submission_1/td2.py": WORK, "submission_2/td2.py": WORK}, "folders", ["submission_1", "submission_2"]),
    ({"td2-bob/td2.py": WORK, "td2-alice/td2.py": WORK}, "folders", ["td2-alice", "td2-bob"]),
    ({"bob_1_2/td2.py": WORK, "alice/td2.py": WORK}, "folders", ["alice", "bob_1_2"]),
    ({"bob.py": WORK, "alice.ipynb": notebook(WORK)}, "files", ["alice", "bob"]),
    ({"bob_1.py": WORK, "alice_2.py": WORK}, "files", ["alice_2", "bob_1"]),
    ({"bob.py": WORK, "alice/td2.py": WORK}, "folders", ["alice", "bob"]),
    ({"bob.py": WORK, "grades.csv": "x", "README.md": "x"}, "files", ["bob"]),
]


@pytest.mark.parametrize(("files", "form", "ids"), PLAIN)
@pytest.mark.parametrize("how", ["folder", "zip"])
def test_plain_folders_and_files_stay_plain(tmp_path, files, form, ids, how):
    found, students = whose(lay(tmp_path, files, how))
    assert (found, sorted(students)) == (form, ids)


@pytest.mark.parametrize(
    ("files", "form"),
    [
        ({"Ana_1_assignsubmission_file/td2.py": WORK}, "moodle"),
        ({"Ana_1_assignsubmission_file_td2.py": WORK}, "moodle-flat"),
        ({"ana_1_2_td2.py": WORK, "ben_3_4_td2.py": WORK}, "canvas"),
        ({"submission_metadata.yml": "", "submission_1/td2.py": WORK}, "gradescope"),
        ({"ana/td2/timestamp.txt": "", "ana/td2/td2.py": WORK}, "nbgrader"),
        ({"td2-ana/.git/HEAD": "", "td2-ana/td2.py": WORK}, "github-classroom"),
    ],
)
@pytest.mark.parametrize("how", HOW)
def test_each_form_is_recognised_and_can_be_forced(tmp_path, files, form, how):
    path = lay(tmp_path, files, how)
    assert take(path, make_assignment()).form == form
    assert take(path, make_assignment(), form=form).form == form
    for other in {"moodle", "moodle-flat", "canvas", "gradescope", "github-classroom"} - {form}:
        with pytest.raises(UserError) as caught:
            take(path, make_assignment(), form=other)
        assert str(caught.value).startswith(f"{path}: not of the form {other}: there should be ")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("how", ["folder", "zip"])
def test_one_student_s_folder_is_one_when_a_person_says_so(tmp_path, how):
    path = lay(tmp_path, {"src/td2.py": WORK, "old/x.py": "x = 1"}, how, name="alice")
    result, submissions = taken(path, "one")
    assert (result.form, list(submissions), submissions["alice"].picked) == ("one", ["alice"], "src/td2.py")


def test_a_file_and_a_working_folder_are_one(tmp_path):
    lay(tmp_path, {"td2.py": WORK, "check.py": "x"}, name="alice")
    assert taken(tmp_path / "alice")[0].form == "one"
    assert taken(tmp_path / "alice" / "td2.py")[0].form == "one"


def test_a_form_that_is_none_names_those_that_are(tmp_path):
    with pytest.raises(UserError) as caught:
        take(lay(tmp_path, {"bob/td2.py": WORK}), make_assignment(), form="blackboard")
    assert str(caught.value) == (
        "blackboard: there is no such form of submissions; there are one, moodle, moodle-flat, gradescope, nbgrader, "
        "github-classroom, canvas, folders, files."
    )


@pytest.mark.parametrize(
    ("form", "files", "wanted"),
    [("files", {"bob/td2.py": WORK}, "files, one for each student"), ("folders", {"bob.py": WORK}, "a folder")],
)
def test_a_forced_plain_form_needs_something_of_its_kind(tmp_path, form, files, wanted):
    with pytest.raises(UserError) as caught:
        take(lay(tmp_path, files), make_assignment(), form=form)
    assert str(caught.value).endswith(f": not of the form {form}: there should be {wanted}.")


def test_every_form_has_a_line_for_a_person():
    assert set(FORMS) >= {"folders", "files", "one", "moodle", "canvas", "gradescope", "nbgrader", "github-classroom"}
    assert all(line and "\n" not in line and len(line) < 100 for line in FORMS.values())


def test_collect_is_the_short_form(tmp_path):
    path = lay(tmp_path, {"b_1_2_td2.py": WORK, "a_3_4_td2.py": OTHER_WORK})
    assert collect(path, make_assignment()) == list(take(path, make_assignment()).submissions)


def test_an_empty_folder_in_a_wrapped_zip_is_a_student_s(tmp_path):
    path = lay(tmp_path, {"bob/td2.py": WORK, "alice/td2.py": WORK, "carl/": "", "dora/src/": ""}, "wrapped zip")
    _, submissions = taken(path)
    assert {key: str(one.status) for key, one in submissions.items()} == {
        "alice": "graded",
        "bob": "graded",
        "carl": "unreadable",
        "dora": "unreadable",
    }
    assert [note.key for note in submissions["carl"].notes] == ["nothing_handed_in"]
