"""Archives inside a student's folder: opened in memory, within bounds."""

import io
import struct
import tarfile
import zipfile

import pytest

from grader.contract import Status
from grader.intake import archive
from tests.intake.intake_samples import OTHER_WORK, STUB, WORK, notebook


def zipped(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def tarred(files, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as opened:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def nested(files, times):
    data = zipped(files)
    for _ in range(times):
        data = zipped({"in.zip": data})
    return data


def keys(submission):
    return [note.key for note in submission.notes]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("work.zip", zipped({"td2.py": WORK, "plot.py": "x = 1"})),
        ("WORK.ZIP", zipped({"td2.py": WORK, "plot.py": "x = 1"}, zipfile.ZIP_STORED)),
        ("work.tar.gz", tarred({"td2.py": WORK, "plot.py": "x = 1"})),
        ("work.tgz", tarred({"./td2.py": WORK, "plot.py": "x = 1"})),
        ("work.tar.bz2", tarred({"td2.py": WORK, "plot.py": "x = 1"}, "w:bz2")),
        ("work.tar", tarred({"td2.py": WORK, "plot.py": "x = 1"}, "w")),
    ],
)
def test_an_archive_is_read_like_a_folder(handed_in, name, data):
    submission = handed_in({name: data})
    assert (submission.status, submission.picked) == (Status.GRADED, f"{name}/td2.py")
    assert submission.source == WORK.encode()
    assert submission.others == {"plot.py": b"x = 1"}


def test_an_archive_beside_the_same_file_is_no_doubt_but_another_one_is(handed_in):
    assert handed_in({"td2.py": WORK, "work.zip": zipped({"td2.py": WORK})}).picked == "td2.py"
    assert keys(handed_in({"td2.py": WORK, "work.zip": zipped({"td2.py": OTHER_WORK})}))[0] == "several_files"


def test_archives_in_archives_end_somewhere(handed_in):
    assert handed_in({"work.zip": nested({"td2.py": WORK}, 2)}).status is Status.GRADED
    submission = handed_in({"work.zip": nested({"td2.py": WORK}, 3)})
    assert (submission.status, keys(submission)) == (Status.UNREADABLE, ["archive_too_deep"])


def test_an_archive_with_a_password_says_so(handed_in):
    data = bytearray(zipped({"td2.py": WORK}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    submission = handed_in({"work.zip": bytes(data)})
    assert (submission.status, keys(submission)) == (Status.UNREADABLE, ["archive_encrypted"])


def test_a_bomb_costs_no_more_than_the_budget(handed_in):
    bomb = zipped({f"td2_{number}.py": b"#" * (9 << 20) for number in range(20)})
    submission = handed_in({"bomb.zip": bomb, "td2.py": WORK})
    assert (submission.status, submission.picked) == (Status.GRADED, "td2.py")
    assert "archive_too_large" in keys(submission)
    submission = handed_in({"bomb.zip": bomb, "td2.py": STUB})
    assert (submission.status, keys(submission)[0]) == (Status.UNREADABLE, "archive_too_large")


def test_a_tar_bomb_costs_no_more_than_the_budget(handed_in):
    submission = handed_in({"bomb.tar.gz": tarred({"a": bytes(archive.MAX_BYTES + 1), "td2.py": WORK})})
    assert (submission.status, keys(submission)) == (Status.UNREADABLE, ["archive_too_large"])


def test_a_data_set_in_a_zip_does_not_hide_the_work(handed_in):
    submission = handed_in({"work.zip": zipped({"data.npy": bytes(archive.MAX_BYTES + 1), "td2.py": WORK})})
    assert (submission.status, submission.picked) == (Status.GRADED, "work.zip/td2.py")
    assert submission.others == {}


def test_too_many_entries(handed_in):
    submission = handed_in({"work.zip": zipped({f"{number}.txt": "" for number in range(1001)})})
    assert (submission.status, keys(submission)) == (Status.UNREADABLE, ["archive_too_many"])


def test_a_lying_size_is_not_believed(handed_in):
    data = bytearray(zipped({"td2.py": WORK}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 0xFFFFFFF0)
    assert handed_in({"work.zip": bytes(data)}).status in (Status.GRADED, Status.UNREADABLE)


@pytest.mark.parametrize("name", ["../td2.py", "/td2.py", "C:\\td2.py", "a/../../td2.py", "a\\..\\td2.py"])
def test_paths_that_lead_outside_are_left_out(handed_in, name):
    submission = handed_in({"work.zip": zipped({name: WORK, "x.txt": "x"}), "work.tar": tarred({name: WORK}, "w")})
    assert (submission.status, submission.candidates) == (Status.UNREADABLE, ())
    assert keys(submission) == ["path_outside", "path_outside"]


def test_links_in_archives_are_left_out(handed_in):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as opened:
        member = tarfile.TarInfo("td2.py")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        opened.addfile(member)
    link = zipfile.ZipInfo("td2.py")
    link.external_attr = 0o120777 << 16
    submission = handed_in({"work.tar": buffer.getvalue(), "work.zip": zipped({link: "/etc/passwd"})})
    assert (submission.status, keys(submission)) == (Status.UNREADABLE, ["link_not_followed"] * 2)


def test_names_as_macos_and_old_windows_write_them():
    entry = zipfile.ZipInfo("TD2_Élodie.py".encode().decode("cp437"))
    assert archive.zip_name(entry) == "TD2_Élodie.py"
    assert archive.zip_name(zipfile.ZipInfo("été.py")) == "été.py"
    assert archive.safe_path("a\\b\\.\\c.py") == "a/b/c.py"
    assert archive.safe_path("__MACOSX/a.py") == ""


def test_a_notebook_in_a_zip(handed_in):
    submission = handed_in({"td2.py": STUB, "work.zip": zipped({"TD2/td2.ipynb": notebook(WORK)})})
    assert (submission.status, submission.picked) == (Status.GRADED, "work.zip/TD2/td2.ipynb")
