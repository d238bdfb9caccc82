"""nbgrader's tree and GitHub Classroom's clones."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from grader.contract import Status
from grader.errors import UserError
from grader.intake import times
from grader.intake.forms import github
from tests.intake.forms_samples import HOW, lay, taken, whose
from tests.intake.intake_samples import OTHER_WORK, WORK, make_assignment, notebook

# --- nbgrader ---------------------------------------------------------------------------------------------------------

TREE = {
    "ana/td2/td2.ipynb": notebook(WORK),
    "ana/td2/timestamp.txt": "2026-10-05 21:58:03.948203 UTC",
    "ana/td1/td2.py": OTHER_WORK,
    "ben/td2/td2.py": WORK,
    "ben/td2/src/plot.py": "x = 1",
    "ben/td2/timestamp.txt": "2026-10-05 21:58:03",
    "chloé/td1/td1.py": OTHER_WORK,
}
STUDENTS = {"ana": [["td2.ipynb"]], "ben": [["src/plot.py", "td2.py"]]}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", ["submitted", "anything"])
def test_a_tree(tmp_path, how, name):
    assert whose(lay(tmp_path, TREE, how, name)) == ("nbgrader", STUDENTS)


@pytest.mark.parametrize("how", HOW)
def test_a_course(tmp_path, how):
    course = {f"submitted/{path}": content for path, content in TREE.items()}
    course |= {"source/td2/td2.ipynb": notebook(WORK), "release/td2/td2.ipynb": "{}", "gradebook.db": "x"}
    course |= {"nbgrader_config.py": "c = get_config()", "autograded/ana/td2/td2.ipynb": notebook(OTHER_WORK)}
    assert whose(lay(tmp_path, course, how, "course")) == ("nbgrader", STUDENTS)


@pytest.mark.parametrize(
    ("files", "read"),
    [
        (["ana/td2/td2.py"], "nbgrader"),
        (["ana/hw/td2.py", "ben/hw/td2.py"], "nbgrader"),
        (["ana/hw/td2.py"], "folders"),
        (["ana/hw/td2.py", "ben/td2.py"], "folders"),
        (["ana/src/td2.py", "ben/work/td2.py"], "folders"),
    ],
)
def test_without_timestamps_its_name_and_its_shape_tell_it(tmp_path, files, read):
    form, students = whose(lay(tmp_path, dict.fromkeys(files, WORK), name="submitted"))
    assert (form, list(students)) == (read, [path.partition("/")[0] for path in files])


def test_a_time_that_the_student_wrote_counts_for_nothing(tmp_path):
    _, submissions = taken(lay(tmp_path, TREE))
    assert submissions["ana"].handed_in_at is None
    assert "timestamp.txt" not in submissions["ben"].others
    assert all(one.status is Status.GRADED and not one.late for one in submissions.values())


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-10-05 21:58:03.948203 UTC", datetime(2026, 10, 5, 21, 58, 3, 948203, UTC)),
        ("2026-10-05T21:58:03Z\n", datetime(2026, 10, 5, 21, 58, 3, 0, UTC)),
        ("2026-10-05 21:58 +0200", datetime(2026, 10, 5, 21, 58, tzinfo=timezone(timedelta(hours=2)))),
        (
            "2026-10-05 21:58:03.123456789 -03:30",
            datetime(2026, 10, 5, 21, 58, 3, 123456, timezone(-timedelta(hours=3.5))),
        ),
        ("2026-10-05 21:58:03 Europe/Paris", datetime(2026, 10, 5, 21, 58, 3, 0, ZoneInfo("Europe/Paris"))),
        ("2026-10-05 21:58:03", None),
        ("2026-10-05 21:58:03 EST", None),
        ("2026-10-05 21:58:03 Nowhere/Land", None),
        ("2026-10-05 21:58:03 ../etc/passwd", None),
        ("2026-10-05 21:58:03 Etc/..", None),
        ("2026-13-05 21:58:03 UTC", None),
        ("0001-01-01 00:00:00 +23:59", None),
        ("2026-10-05 21:58:03 +99:99", None),
        ("", None),
        ("9" * 1000, None),
    ],
)
def test_times(text, time):
    assert times.parse(text) == time


@pytest.mark.parametrize(
    ("assignments", "read"),
    [(["td2", "td1"], "td2"), (["TD2", "td1"], "TD2"), (["week 3"], "week 3"), (["TD2", "td2"], "td2")],
)
def test_which_assignment(tmp_path, assignments, read):
    files = {f"ana/{name}/td2.py": f"{WORK}\nNAME = {name!r}\n" for name in assignments}
    files |= {f"ana/{name}/timestamp.txt": "" for name in assignments}
    _, submissions = taken(lay(tmp_path, files, "zip"))
    assert submissions["ana"].source == f"{WORK}\nNAME = {read!r}\n".encode()


def test_one_that_cannot_be_told_is_one_sentence(tmp_path):
    files = {f"ana/{name}/{file}": WORK for name in ("a", "b") for file in ("td2.py", "timestamp.txt")}
    path = lay(tmp_path, files, name="submitted")
    with pytest.raises(UserError) as caught:
        whose(path)
    assert str(caught.value) == (
        "submitted: nbgrader's tree holds the assignments a, b, and none is called td2; give a folder with that one "
        "alone, or name it td2."
    )


def test_notes_are_those_of_the_assignment(tmp_path):
    path = lay(tmp_path, TREE, name="submitted")
    for name in ("td1", "td2"):
        (path / "ana" / name / "link.py").symlink_to(path / "ben")
    _, submissions = taken(path)
    notes = [(note.key, note.values["file"]) for note in submissions["ana"].notes if note.key == "link_not_followed"]
    assert notes == [("link_not_followed", "link.py")]


# --- GitHub Classroom -------------------------------------------------------------------------------------------------


def clones(*names, **more):
    files = {f"{name}/{path}": text for name in names for path, text in (("td2.py", WORK), (".git/HEAD", "ref: x"))}
    return files | {path.replace("__", "/"): text for path, text in more.items()}


@pytest.mark.parametrize(
    ("names", "around", "keys"),
    [
        (["td2-ana-silva", "td2-ana-souza"], "class", []),
        (["hw-ana-silva", "hw-ana-souza"], "hw-submissions", []),
        (["hw-ana-silva", "hw-ana-souza"], "class", ["prefix_guessed"]),
    ],
)
def test_a_guessed_prefix_is_told(tmp_path, names, around, keys):
    result, _ = taken(lay(tmp_path, clones(*names), name=around))
    assert (result.form, [note.key for note in result.warnings]) == ("github-classroom", keys)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("around", ["td2-submissions", "class"])
def test_clones(tmp_path, how, around):
    files = clones("td2-ana-silva", "td2-ben") | {"td2-ben/.git/td2.py": OTHER_WORK, "td2-ben/.git/hooks/x.py": "x"}
    form, students = whose(lay(tmp_path, files, how, around))
    assert (form, students) == ("github-classroom", {"ana-silva": [["td2.py"]], "ben": [["td2.py"]]})


def test_a_clone_without_files_is_a_submission(tmp_path):
    for how in ("folder", "zip"):
        _, submissions = taken(lay(tmp_path, {**clones("td2-ana"), "td2-ben/.git/HEAD": "x"}, how))
        assert {key: str(one.status) for key, one in submissions.items()} == {"ana": "graded", "ben": "unreadable"}


@pytest.mark.parametrize(
    ("names", "around", "prefix"),
    [
        (["td2-ana", "td2-ben"], "x", "td2-"),
        (["TD2-ana", "TD2-ben"], "x", "TD2-"),
        (["td2-ana"], "x", "td2-"),
        (["td-2-ana"], "x", "td-2-"),  # its title is TD 2
        (["hw-3-ana", "hw-3-ben", "hw-3-ana-b"], "x", "hw-3-"),
        (["hw-3-ana"], "hw-3-submissions", "hw-3-"),
        (["td2-bob-x", "td2-bob-y"], "x", "td2-"),
        (["hw-ana"], "x", ""),
        (["ana", "ben"], "x", ""),
        (["td2-", "td2-ana"], "x", ""),
        (["hw-ana", "hw-ana-b"], "x", "hw-"),
    ],
)
def test_the_prefix(names, around, prefix):
    assert github.common_prefix(names, around, make_assignment()) == prefix


@pytest.mark.parametrize(
    "files",
    [
        clones("ana", "ben"),
        clones("td2-ana", "td2-ben", **{"td2-eve__td2.py": WORK}),
        clones("td2-ana", "td2-ben", **{"eve.py": WORK}),
        {"td2-ana/td2.py": WORK, "td2-ben/td2.py": WORK},
    ],
)
def test_other_folders_keep_their_names(tmp_path, files):
    form, students = whose(lay(tmp_path, files))
    assert form == "folders"
    assert set(students) == {path.partition("/")[0].removesuffix(".py") for path in files}
