"""Hostile hand-ins, put to the grader as it is used: each ends in a clear word, and harms no neighbour.

Each case is what mallory hands in, beside the honest bob. It must give the status and the note of the table, leave
everything on the disk as it was, and bob's file must be read. Nothing may hang: each case has an alarm. Cases that
want memory run in a process of their own, whose peak is measured.
"""

import io
import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import tarfile
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from grader.contract import Status
from grader.errors import UserError
from grader.intake import collect, file_name
from tests.intake.intake_samples import OTHER_WORK, WORK, make_assignment, notebook, say, write

ROOT = Path(__file__).resolve().parents[2]
HANGS = 120  # seconds; none takes ten
MEMORY = 400 << 20
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
GRADED, EMPTY, UNREADABLE = Status.GRADED, Status.EMPTY, Status.UNREADABLE


@pytest.fixture(autouse=True)
def alarm():
    def ring(*_):
        raise TimeoutError("this hangs")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANGS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def collected(tmp_path):
    """Collect tmp_path/class or class.zip, and see that nothing on the disk has changed."""
    write(tmp_path, {"outside/td2.py": OTHER_WORK, "outside/deep/secret": "x"})

    def run(path):
        before = picture(tmp_path)
        try:
            return {submission.student_id: submission for submission in collect(path, make_assignment())}
        finally:
            assert picture(tmp_path) == before

    return run


def picture(folder):
    """All that can be said of the files below a folder."""
    seen = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        seen[str(path)] = (status.st_mode, status.st_size, status.st_mtime_ns, hash(content))
    return seen


def assert_bob_is_read(found):
    assert (found["bob"].status, found["bob"].picked, found["bob"].source) == (GRADED, "td2.py", WORK.encode())


def assert_clear(submission, status, key):
    """The status, and a note in one sentence that says why (no note where `key` is empty)."""
    keys = [note.key for note in submission.notes]
    assert submission.status is status, keys
    assert key in keys if key else not keys
    for note in submission.notes:
        assert "\n" not in say(note) or any("\n" in str(value) for value in note.values.values())
        assert "{" not in say(note)
        assert len(say(note)) < 1000


# --- how zips lie -----------------------------------------------------------------------------------------------------


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content) pairs; names may be there twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as opened:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            with pytest.warns(UserWarning) if name in opened.NameToInfo else nullcontext():
                opened.writestr(name, content)
    return buffer.getvalue()


def moded(name, kind):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (kind | 0o777) << 16
    return entry


def patched(data, name, offset, form, value):
    """With a number changed in the headers of the entry `name`: (offset in the local, in the central header)."""
    data = bytearray(data)
    for mark, header, at in ((LOCAL, 30, offset[0]), (CENTRAL, 46, offset[1])):
        start = data.index(name.encode()) if mark == LOCAL else data.rindex(name.encode())
        start -= header
        assert data[start : start + 4] == mark
        struct.pack_into(form, data, start + at, value)
    return bytes(data)


def encrypted(data, name="td2.py"):
    return patched(data, name, (6, 8), "<H", 1)


def overlapped(name, content, times):
    """A central directory with `times` entries that share one file's data."""
    names = [name.format(number) for number in range(times)]
    data = zipped({names[0]: content})
    start = data.index(CENTRAL)
    end = data.index(b"PK\x05\x06")
    record = data[start:end]
    assert all(len(other) == len(names[0]) for other in names)
    records = b"".join(record.replace(names[0].encode(), other.encode()) for other in names)
    tail = bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, times, times, len(records), start)
    return data[:start] + records + bytes(tail)


def zip64_lies(data, name="td2.py"):
    """Sizes of 2^63 bytes, in the extra field that is for them."""
    start = data.index(CENTRAL)
    end = data.index(b"PK\x05\x06")
    record = bytearray(data[start:end])
    extra = struct.pack("<HHQQ", 1, 16, 1 << 63, 1 << 63)
    struct.pack_into("<II", record, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", record, 30, len(extra))
    record += extra
    tail = bytearray(data[end:])
    struct.pack_into("<II", tail, 12, len(record), start)
    return data[:start] + bytes(record) + bytes(tail)


def tarred(members, mode="w"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as opened:
        for name, content, kind in members:
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), "../../outside/td2.py"
            opened.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


# --- in a zip of the class --------------------------------------------------------------------------------------------

DEEP = '{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}"
CELLS = json.dumps([{"cell_type": "code", "source": WORK}])
ODD_NUMBERS = f'{{"a": {"9" * 1_000_000}, "b": 1e999999, "c": NaN, "d": -Infinity, "cells": {CELLS}}}'
TWICE = f'{{"cells": [{{"cell_type": "code", "source": "x = 1"}}], "cells": {CELLS}}}'
NEAR = "td2.py" + "1" * 200 + "!"  # a name that is nearly one of code

ENTRIES = {
    "up and out": ({"mallory/../../outside/td2.py": WORK}, UNREADABLE, "path_outside"),
    "up to a neighbour": ({"mallory/../bob/td2.py": OTHER_WORK}, UNREADABLE, "path_outside"),
    "up at once": ({"../mallory/td2.py": WORK}, UNREADABLE, "path_outside"),
    "absolute": ({"/mallory/td2.py": WORK}, UNREADABLE, "path_outside"),
    "drive": ({"C:\\mallory\\td2.py": WORK}, UNREADABLE, "path_outside"),
    "drive without a slash": ({"C:mallory\\td2.py": WORK}, UNREADABLE, "path_outside"),
    "up with backslashes": ({"mallory\\..\\..\\outside\\td2.py": WORK}, UNREADABLE, "path_outside"),
    "backslashes": ({"mallory\\src\\td2.py": WORK}, GRADED, ""),
    "a folder with a backslash": ({"mallory\\": ""}, UNREADABLE, "nothing_handed_in"),
    "link": ({moded("mallory/td2.py", stat.S_IFLNK): "../../outside/td2.py"}, UNREADABLE, "link_not_followed"),
    "link instead of a folder": ({moded("mallory", stat.S_IFLNK): "../outside"}, UNREADABLE, "link_not_followed"),
    "link, then through it": (
        {moded("mallory/a", stat.S_IFLNK): "../../outside", "mallory/a/td2.py": WORK},
        GRADED,
        "link_not_followed",
    ),
    "pipe": ({moded("mallory/td2.py", stat.S_IFIFO): ""}, UNREADABLE, "no_file"),
    "character device": ({moded("mallory/td2.py", stat.S_IFCHR): ""}, UNREADABLE, "no_file"),
    "block device": ({moded("mallory/td2.py", stat.S_IFBLK): ""}, UNREADABLE, "no_file"),
    "socket": ({moded("mallory/td2.py", stat.S_IFSOCK): ""}, UNREADABLE, "no_file"),
    "one name twice": ([("mallory/td2.py", OTHER_WORK), ("mallory/td2.py", WORK)], GRADED, "name_twice"),
    "file and folder of one name": ({"mallory/td2.py": WORK, "mallory/td2.py/x.py": "x = 1"}, GRADED, "picked"),
    "line end in a name": ({"mallory/td\n2.py": WORK}, GRADED, "picked"),
    "control characters in a name": ({"mallory/\x1b[2J\x07td2.py": WORK}, GRADED, "picked"),
    "right-to-left marks in a name": ({"mallory/\u202eyp.2dt\u2066\u200f.py": WORK}, GRADED, "picked"),
    "a device of Windows": ({"mallory/CON": "x", "mallory/NUL.py": WORK}, GRADED, "picked"),
    "a name of 5000": ({f"mallory/{'x' * 5000}.py": WORK}, UNREADABLE, "name_too_long"),
    "a path of 5000": ({f"mallory/{'x/' * 2500}td2.py": WORK}, UNREADABLE, "name_too_long"),
    "a name that takes for ever": ({f"mallory/{NEAR}": WORK}, UNREADABLE, "no_code_file"),
    "a report beside the work": ({"mallory/td2.py": WORK, "mallory/gradebook.sqlite": "x"}, GRADED, ""),
    "deep notebook": ({"mallory/td2.ipynb": DEEP}, UNREADABLE, "not_a_notebook"),
    "odd numbers in a notebook": ({"mallory/td2.ipynb": ODD_NUMBERS}, GRADED, ""),
    "one key twice in a notebook": ({"mallory/td2.ipynb": TWICE}, GRADED, ""),
    "null bytes": ({"mallory/td2.py": WORK.replace("\n", "\0\n")}, GRADED, "nul_removed"),
    "nothing but null bytes": ({"mallory/td2.py": bytes(1 << 20)}, UNREADABLE, "not_text"),
    "one line of 10 MB": ({"mallory/td2.py": WORK + "A = 1" + "+1" * (5 * 1000**2)}, GRADED, ""),
    "one line above the limit": ({"mallory/td2.py": "A = 1" + "+1" * (6 << 20)}, UNREADABLE, "file_too_large"),
    "too many lines": ({"mallory/td2.py": "x\n" * 200_000}, UNREADABLE, "too_many_lines"),
    "works without end": (
        {f"mallory/{n}/td2.py": WORK + "x = 1\n" * 5000 + f"A = {n}\n" for n in range(400)},
        UNREADABLE,
        "several_files",
    ),
    "environments without end": (
        {
            "mallory/td2.py": WORK,
            **{f"mallory/{n}/pyvenv.cfg": "" for n in range(15_000)},
            **{f"mallory/{n}/lib.py": "" for n in range(15_000)},
        },
        GRADED,
        "",
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("wrapped", [False, True], ids=["plain", "wrapped"])
def test_entries_of_the_class_zip(collected, tmp_path, name, wrapped):
    entries, status, key = ENTRIES[name]
    entries = list(entries.items() if isinstance(entries, dict) else entries)
    entries = [("bob/td2.py", WORK), *entries]
    if wrapped:
        if len(entries) > 1000 or any(isinstance(entry, zipfile.ZipInfo) or entry[0] in "/C." for entry, _ in entries):
            pytest.skip("is slow, or cannot be wrapped")
        entries = [(f"class/{entry}", content) for entry, content in entries]
    (tmp_path / "class.zip").write_bytes(zipped(entries))
    found = collected(tmp_path / "class.zip")
    assert list(found) == ["bob", "mallory"]
    assert_bob_is_read(found)
    assert_clear(found["mallory"], status, key)
    if status is GRADED and name not in ("one line of 10 MB", "odd numbers in a notebook"):
        assert WORK[:200] in found["mallory"].source.decode().replace("\0", "").replace("\\n", "\n").replace('\\"', '"')


HEADERS = {
    "protected by a password": (encrypted, UNREADABLE, "not_unpacked"),
    "wrong checksum": (lambda d, n: patched(d, n, (14, 16), "<I", 0xBAD), UNREADABLE, "not_unpacked"),
    "declared smaller than it is": (lambda d, n: patched(d, n, (22, 24), "<I", 10), UNREADABLE, "not_unpacked"),
    "unknown compression": (lambda d, n: patched(d, n, (8, 10), "<H", 99), UNREADABLE, "not_unpacked"),
    "lzma": (lambda d, n: patched(d, n, (8, 10), "<H", 14), UNREADABLE, "not_unpacked"),
    "too new": (lambda d, n: patched(d, n, (4, 6), "<H", 63), GRADED, ""),
    "declared larger than it is": (lambda d, n: patched(d, n, (22, 24), "<I", 1 << 31), GRADED, ""),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_in_the_class_zip(collected, tmp_path, name):
    change, status, key = HEADERS[name]
    data = change(zipped({"mallory/td2.py": WORK, "bob/td2.py": WORK}), "mallory/td2.py")
    (tmp_path / "class.zip").write_bytes(data)
    found = collected(tmp_path / "class.zip")
    assert_bob_is_read(found)
    assert_clear(found["mallory"], status, key)


CLASS = zipped({"bob/td2.py": WORK, "mallory/td2.py": WORK})


@pytest.mark.parametrize(
    "data",
    [
        CLASS[: len(CLASS) // 2],
        CLASS[:-1],
        encrypted(encrypted(CLASS, "bob/td2.py"), "mallory/td2.py"),
        overlapped("mallory/td2{:03}.py", WORK, 500),
        CLASS.replace(CENTRAL, b"PK\xff\xff", 1),
        b"",
    ],
    ids=["half", "a byte short", "a password", "overlapping", "broken directory", "empty"],
)
def test_a_class_zip_that_is_unreadable_as_a_whole_is_one_sentence(collected, tmp_path, data):
    (tmp_path / "class.zip").write_bytes(data)
    with pytest.raises(UserError) as caught:
        collected(tmp_path / "class.zip")
    assert str(caught.value).startswith(str(tmp_path / "class.zip"))
    assert "\n" not in str(caught.value)


def test_a_class_zip_with_anything_before_it_is_read(collected, tmp_path):
    (tmp_path / "class.zip").write_bytes(b"#!/bin/sh\n" + b"x" * 1000 + CLASS)
    found = collected(tmp_path / "class.zip")
    assert_bob_is_read(found)
    assert_clear(found["mallory"], GRADED, "")


def test_an_entry_without_a_name_is_left_out(collected, tmp_path):
    data = zipped({"bob/td2.py": WORK, "mallory/td2.py": WORK, "x": ""})
    for signature, at in ((b"PK\x03\x04", 26), (CENTRAL, 28)):  # the name becomes a part of what follows it
        header = data.rindex(signature)
        data = data[: header + at] + b"\0\0\1\0" + data[header + at + 4 :]
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert [entry.filename for entry in opened.infolist()][-1] == ""
    (tmp_path / "class.zip").write_bytes(data)
    found = collected(tmp_path / "class.zip")
    assert_bob_is_read(found)
    assert_clear(found["mallory"], GRADED, "")


# --- an archive of mallory's, in a zip and in a folder ----------------------------------------------------------------

OWN = zipped({"td2.py": WORK})
ARCHIVES = {
    "up and out": ("a.zip", zipped({"../../outside/td2.py": WORK}), UNREADABLE, "path_outside"),
    "absolute": ("a.zip", zipped({"/etc/td2.py": WORK}), UNREADABLE, "path_outside"),
    "drive": ("a.zip", zipped({"C:\\td2.py": WORK}), UNREADABLE, "path_outside"),
    "link": ("a.zip", zipped({moded("td2.py", stat.S_IFLNK): "/etc/passwd"}), UNREADABLE, "link_not_followed"),
    "pipe": ("a.zip", zipped({moded("td2.py", stat.S_IFIFO): ""}), UNREADABLE, "no_file"),
    "password": ("a.zip", encrypted(OWN), UNREADABLE, "archive_encrypted"),
    "half": ("a.zip", OWN[: len(OWN) // 2], UNREADABLE, "archive_unreadable"),
    "something before it": ("a.zip", b"garbage" * 99 + OWN, GRADED, ""),
    "wrong checksum": ("a.zip", patched(OWN, "td2.py", (14, 16), "<I", 0xBAD), UNREADABLE, "not_unpacked"),
    "declared smaller": ("a.zip", patched(OWN, "td2.py", (22, 24), "<I", 10), UNREADABLE, "not_unpacked"),
    "unknown compression": ("a.zip", patched(OWN, "td2.py", (8, 10), "<H", 99), UNREADABLE, "not_unpacked"),
    "sizes in zip64 that lie": ("a.zip", zip64_lies(OWN), GRADED, ""),
    "one name twice": ("a.zip", zipped([("td2.py", OTHER_WORK), ("td2.py", WORK)]), GRADED, "name_twice"),
    "overlapping": ("a.zip", overlapped("td2{:03}.py", WORK, 1000), UNREADABLE, "archive_unreadable"),
    "too deep": ("a.zip", zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": OWN})})}), UNREADABLE, "archive_too_deep"),
    "names": ("a.zip", zipped({"x" * 5000: "", "a\n\x1b\u202e.py": WORK}), GRADED, "name_too_long"),
    "up and out in a tar": (
        "a.tar", tarred([("../../outside/td2.py", WORK.encode(), tarfile.REGTYPE)]), UNREADABLE, "path_outside"
    ),
    "link in a tar": ("a.tar", tarred([("td2.py", b"", tarfile.SYMTYPE)]), UNREADABLE, "link_not_followed"),
    "hard link in a tar": ("a.tar", tarred([("td2.py", b"", tarfile.LNKTYPE)]), UNREADABLE, "link_not_followed"),
    "pipe in a tar": ("a.tar", tarred([("td2.py", b"", tarfile.FIFOTYPE)]), UNREADABLE, "no_file"),
    "device in a tar": ("a.tar", tarred([("td2.py", b"", tarfile.CHRTYPE)]), UNREADABLE, "no_file"),
    "half a tar": ("a.tar.gz", tarred([("td2.py", WORK.encode(), tarfile.REGTYPE)], "w:gz")[:99], UNREADABLE,
                   "archive_unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["zip", "folder"])
@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_of_a_student(collected, tmp_path, name, form):
    file, data, status, key = ARCHIVES[name]
    files = {"bob/td2.py": WORK, f"mallory/{file}": data}
    if form == "zip":
        (tmp_path / "class.zip").write_bytes(zipped(files))
    else:
        write(tmp_path / "class", files)
    found = collected(tmp_path / ("class.zip" if form == "zip" else "class"))
    assert_bob_is_read(found)
    assert_clear(found["mallory"], status, key)
    if status is GRADED:
        assert found["mallory"].source == WORK.encode()


# --- in a folder ------------------------------------------------------------------------------------------------------


def device(path):
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")


def listening(path):
    with socket.socket(socket.AF_UNIX) as made:
        before = Path.cwd()
        os.chdir(path.parent)  # the name of a socket must be short
        try:
            made.bind(path.name)
        finally:
            os.chdir(before)


FILES = {
    "link": (lambda path, target: path.symlink_to(target), "link_not_followed"),
    "link to a folder": (lambda path, target: path.symlink_to(target.parent), "link_not_followed"),
    "link to itself": (lambda path, target: path.symlink_to(path), "link_not_followed"),
    "hard link": (lambda path, target: path.hardlink_to(target), "hard_link"),
    "pipe": (lambda path, target: os.mkfifo(path), "no_file"),
    "device": (lambda path, target: device(path), "no_file"),
    "socket": (lambda path, target: listening(path), "no_file"),
}


@pytest.mark.parametrize("place", ["mallory/td2.py", "mallory"])
@pytest.mark.parametrize("name", FILES)
def test_files_that_are_none(collected, tmp_path, name, place):
    make, key = FILES[name]
    path = tmp_path / "class" / place
    write(tmp_path / "class", {"bob/td2.py": WORK})
    path.parent.mkdir(exist_ok=True)
    make(path, tmp_path / "outside" / "td2.py")
    found = collected(tmp_path / "class")
    assert_bob_is_read(found)
    assert_clear(found["mallory"], UNREADABLE, key)
    assert found["mallory"].source == b""


@pytest.mark.skipif(sys.platform != "linux", reason="names that other systems do not take")
@pytest.mark.parametrize(
    "name", [NEAR, "a\nb.py", "\x1b[2Jtd2.py", "\u202eyp.2dt.py", "NUL.py", "CON", "x" * 252 + ".py"]
)
def test_names_in_a_folder(collected, tmp_path, name):
    write(tmp_path / "class", {"bob/td2.py": WORK, f"mallory/{name}": WORK})
    found = collected(tmp_path / "class")
    assert_bob_is_read(found)
    assert found["mallory"].status is (UNREADABLE if name == NEAR else GRADED)


def test_a_folder_with_a_gradebook_of_its_own_is_still_a_submission(collected, tmp_path):
    write(tmp_path / "class", {"bob/td2.py": WORK, "mallory/gradebook.sqlite": "x", "mallory/td2.py": WORK})
    assert_clear(collected(tmp_path / "class")["mallory"], GRADED, "")


@pytest.mark.parametrize("name", ["CON", "nul", "Aux", "com1", "LPT9", "NUL.v2", "prn ", "COM¹", "conin$"])
def test_no_result_is_written_to_a_device_of_windows(name):
    assert file_name(name).upper().rstrip().partition(".")[0] != name.upper().rstrip().partition(".")[0]


# --- bombs, measured --------------------------------------------------------------------------------------------------

MEASURED = """
import json, sys
from pathlib import Path
from grader.intake import collect
from tests.intake.intake_samples import make_assignment
found = [[s.student_id, s.status, [n.key for n in s.notes]] for s in collect(Path(sys.argv[1]), make_assignment())]
# Not getrusage: what the process that started this one had in memory counts there too.
(peak,) = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(json.dumps([int(peak), found]))
"""
MB = 1 << 20


def flat_notebook(piece):
    return '{"cells": [' + ",".join([piece] * (9 * MB // (len(piece) + 1))) + "]}"


def padded(number):
    """A zip of 60 MB that packs well once more."""
    return zipped({"zeros": bytes(60 * MB), f"td2_{number}.py": WORK}, zipfile.ZIP_STORED)


def many_entries(count):
    return zipped({f"{number}.txt": "" for number in range(count)})


TOO_LARGE = (UNREADABLE, "archive_too_large")
BOMBS = {
    "ratio": (lambda: {"a.zip": zipped({f"{n}.py": b"#" * (9 * MB) for n in range(30)})}, *TOO_LARGE),
    "ratio, in the class zip": (lambda: {f"{n}.py": b"#" * (9 * MB) for n in range(30)}, UNREADABLE, "too_much"),
    "short lines": (lambda: {f"{n}.py": b"ab\n" * (3 * MB) for n in range(8)}, UNREADABLE, "too_many_lines"),
    "just not too many lines": (lambda: {f"{n}.py": b"a%d\n" % n * 99_999 for n in range(99)}, UNREADABLE, "too_much"),
    "short lines in a notebook": (lambda: {"td2.ipynb": notebook("ab\n" * (2 * MB))}, UNREADABLE, "too_many_lines"),
    "empty lists in a notebook": (lambda: {"td2.ipynb": flat_notebook("[]")}, EMPTY, "no_code"),
    "empty objects in a notebook": (lambda: {"td2.ipynb": flat_notebook("{}")}, EMPTY, "no_code"),
    "zip in zip": (lambda: {"a.zip": zipped({f"{n}.zip": padded(n) for n in range(4)})}, *TOO_LARGE),
    "many large zips": (lambda: {f"{n}.zip": padded(n) for n in range(8)}, GRADED, "archive_too_large"),
    "overlapping": (
        lambda: {"a.zip": overlapped("td2{:04}.py", b"#" * (9 * MB), 5000)}, UNREADABLE, "archive_unreadable"
    ),
    "100,000 entries in a zip": (lambda: {"a.zip": many_entries(100_000)}, UNREADABLE, "archive_too_many"),
    "100,000 files": (lambda: {"td2.py": WORK, **{f"x/{n}.txt": "" for n in range(100_000)}}, GRADED, "too_many_files"),
    "tar": (lambda: {"a.tgz": tarred([("a.py", bytes(200 * MB), b"0")], "w:gz")}, *TOO_LARGE),
    "100,000 entries in a tar": (
        lambda: {"a.tgz": tarred([(f"{n}.py", b"", b"0") for n in range(100_000)], "w:gz")},
        UNREADABLE,
        "archive_too_many",
    ),
    "headers of a tar": (
        lambda: {"a.tgz": tarred([("x" * (100 * MB), b"", b"0")], "w:gz")}, *TOO_LARGE
    ),
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in kilobytes")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_cost_little_memory(tmp_path, name):
    make, status, key = BOMBS[name]
    files = {f"mallory/{path}": content for path, content in make().items()}
    (tmp_path / "class.zip").write_bytes(zipped({**files, "bob/td2.py": WORK}))
    before = picture(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path / "class.zip")],
        capture_output=True,
        text=True,
        timeout=HANGS,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert picture(tmp_path) == before
    peak, (bob, mallory) = json.loads(done.stdout)
    assert bob[:2] == ["bob", "graded"]
    assert (mallory[1], key in mallory[2]) == (status, True), mallory
    assert peak * 1024 < MEMORY, f"{peak / 1024:.0f} MB"
