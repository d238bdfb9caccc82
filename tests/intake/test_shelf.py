"""Submissions lie on the disk, and not in memory; they come back as they were, whatever became of the archive."""

import gc
import zipfile
from datetime import UTC, datetime

import pytest

from grader.contract import Enrolled, Note, Status, Submission
from grader.errors import UserError
from grader.intake import roster, take
from grader.intake.shelf import Shelf
from tests.intake.intake_samples import WORK, make_assignment

ONE = Submission(
    "1\udc80",
    "Ana",
    "td2.py",
    b"\0\xff" * 1000,
    {"a.py": b"x"},
    (Note("picked", {"file": "td2.py", "why": ("a", float("inf"))}),),
    Status.GRADED,
    ("td2.py",),
    handed_in_at=datetime(2026, 10, 5, tzinfo=UTC),
    earlier=(Submission("1\udc80", "Ana", "td2.py", b"before"),),
)


def test_submissions_come_back_as_they_were_put():
    shelf = Shelf()
    for submission in (ONE, Submission("2", "Bob")):
        shelf.put(submission)
    assert list(shelf) == [ONE, Submission("2", "Bob")] and len(shelf) == 2
    assert shelf[-2] == shelf[0] == ONE and shelf[1:] == [shelf[1]]
    with pytest.raises(IndexError):
        shelf[2]


def test_a_full_disk_is_said_in_a_sentence(monkeypatch):
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123
        shelf = Shelf()
        monkeypatch.setattr(shelf, "_file", full)
        with pytest.raises(UserError, match=r"cannot be kept here.*No space left.*TMPDIR"):
            shelf.put(ONE)


def packed(path, count):
    with zipfile.ZipFile(path, "w") as opened:
        for number in range(count):
            opened.writestr(f"s{number:03}/td2.py", f"{WORK}# {number}\n")
    return path


def test_what_is_graded_is_what_was_read_though_the_zip_changes_meanwhile(tmp_path):
    path = packed(tmp_path / "class.zip", 3)
    submissions = take(path, make_assignment()).submissions
    path.write_bytes(b"another download")
    assert [one.source.splitlines()[-1] for one in submissions] == [b"# 0", b"# 1", b"# 2"]
    path.unlink()
    assert submissions[2].student_id == "s002" and submissions[2].readable


@pytest.mark.parametrize("with_roster", [False, True])
def test_memory_holds_nothing_of_what_was_handed_in(tmp_path, with_roster):
    path = packed(tmp_path / "class.zip", 60)
    ids = [f"s{number:03}" for number in range(61)]  # one is absent
    students = {one: Enrolled(one, one.upper()) for one in ids}
    known = roster.Roster("roster.csv", students, frozenset(students)) if with_roster else None
    taken = take(path, make_assignment(), students=known)
    gc.collect()
    held = [one for one in gc.get_objects() if isinstance(one, Submission) and one.student_id in ids]
    assert not any(one.source or one.others or one.earlier for one in held)
    assert len(held) == (61 if with_roster else 0)
    assert taken.submissions[7].source.endswith(b"# 7\n")
    if with_roster:
        assert taken.submissions[7].name == "S007" and taken.submissions[60].status is Status.ABSENT
