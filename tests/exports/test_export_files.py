"""Where an export goes: what lies in that folder already stays, but for files of an earlier export."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from grader.contract import Status
from grader.errors import UserError
from grader.exports.feedback import packed_before
from grader.exports.files import File, put_all
from tests.exports.moodle_classes import exported, made_up
from tests.moodle.moodle_files import WORKSHEETS

PATH = next(path for path in WORKSHEETS if path.stem == "a-individual-worksheet-en")
REPORTS = made_up(PATH, False)


def strangers_zip(path: Path, comment: bytes = b"") -> bytes:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("holiday.txt", "sun")
        made.comment = comment
    return path.read_bytes()


@pytest.mark.parametrize("name", ["feedback-2019.zip", "feedback-1.zip", "feedback.zip.bak", "feedback.csv"])
def test_anybodys_files_stay(tmp_path: Path, name: str) -> None:
    before = strangers_zip(tmp_path / name, b"of another program")
    exported(PATH, REPORTS, tmp_path)
    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("before", [b"", b"no zip at all", b"surdix feedback", None])
def test_anybodys_feedback_zip_is_not_overwritten(tmp_path: Path, before: bytes | None) -> None:
    there = tmp_path / "feedback.zip"
    if before is None:
        before = strangers_zip(there)
    there.write_bytes(before)
    with pytest.raises(UserError, match=r"feedback\.zip: this is no zip of ours.*use another --to") as error:
        exported(PATH, REPORTS, tmp_path)
    assert "\n" not in str(error.value)
    assert there.read_bytes() == before and list(tmp_path.iterdir()) == [there], "nothing else was written either"


def test_a_folder_of_that_name_stays(tmp_path: Path) -> None:
    (tmp_path / "feedback.zip").mkdir()
    with pytest.raises(UserError, match="no zip of ours"):
        exported(PATH, REPORTS, tmp_path)


def test_an_earlier_exports_zips_go(tmp_path: Path) -> None:
    split = exported(PATH, REPORTS, tmp_path, max_mb=0.002)
    assert len(split.zips) > 1 and {path for path, _ in split.zips} == packed_before(tmp_path)
    with zipfile.ZipFile(split.zips[0][0]) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == split.zips[0][1]
    exported(PATH, REPORTS, tmp_path)
    exported(PATH, REPORTS, tmp_path)
    assert packed_before(tmp_path) == {tmp_path / "feedback.zip"}
    unscored = [replace(one, score=None, status=Status.CRASHED) for one in REPORTS]
    exported(PATH, unscored, tmp_path)
    assert packed_before(tmp_path) == set(), "there is no page to send"


def test_what_was_given_is_not_overwritten(tmp_path: Path) -> None:
    given, linked = tmp_path / "given.csv", tmp_path / "to" / "w.csv"
    given.write_text("old")
    linked.parent.mkdir()
    linked.symlink_to(given)
    for target in (given, linked):
        with pytest.raises(UserError, match=r"the file that you gave.*use another --to"):
            put_all(target.parent, [File.of("other", ""), File.of(target.name, "new")], given=given)
    assert given.read_text() == "old" and not (tmp_path / "other").exists()
    put_all(linked.parent, [File.of("w.csv", "new \udce9")])
    assert linked.read_text() == "new \\udce9" and not linked.is_symlink() and given.read_text() == "old"
