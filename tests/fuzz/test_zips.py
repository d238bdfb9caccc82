"""A class's zip and a student's own archives, whatever their bytes: read within bounds, and nothing is written."""

import bz2
import gzip
import io
import struct
import tarfile
import tempfile
import warnings
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Status
from grader.intake import FORMS, take
from grader.intake.archive import MAX_BYTES
from tests.fuzz.harness import bounded, fuzz, nothing_written, sentence
from tests.fuzz.mutated import NUMBERS, PLACES, damaged, edited, edits
from tests.fuzz.samples import as_json, notebook, zipped
from tests.intake.intake_samples import STUB, WORK, make_assignment, say

TD = make_assignment()
SIGNATURES = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")
# Of the three kinds of headers: where their fields are, and how long.
FIELDS = {
    b"PK\x03\x04": [(4, 2), (6, 2), (8, 2), (10, 2), (12, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)],
    b"PK\x01\x02": [(4, 2), (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2)]
    + [(34, 2), (36, 2), (38, 4), (42, 4)],
    b"PK\x05\x06": [(4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)],
}
FOLDERS = ("Ada Lovelace_12_assignsubmission_file_", "Emmy Noether_13_assignsubmission_onlinetext_", "alice", "b", "")
names = st.builds(
    lambda folder, base: f"{folder}/{base}" if folder else base,
    st.sampled_from([*FOLDERS, "../..", "/etc", "C:\\x", "a/" * 40, "__MACOSX", "td2-alice-1", ".git", "\u202ex"]),
    st.sampled_from(
        "td2.py td2.ipynb td2.zip td2.tar.gz td2.rar td2.py.txt notes.md pyvenv.cfg submission_metadata.yml .git/x a\\b"
        " onlinetext.html check.py é.py \x1b[2J.py".split(" ")
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.just("x" * 300),
)


def tar(entries: list[tuple[str, bytes]], pack: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, data in entries:
            info = tarfile.TarInfo(name[:90].replace("\0", "") or "x")
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return (bytes, gzip.compress, bz2.compress)[pack](out.getvalue())


CONTENTS = [WORK.encode(), STUB.encode(), as_json(notebook()), b"", b"\0" * 5000, b"<html>x"]
METADATA = b":submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n  :created_at: 2026-01-01\n"
plain = st.sampled_from([*CONTENTS, METADATA])
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@st.composite
def headers_changed(draw: st.DrawFn, data: bytes) -> bytes:
    """Some fields of some headers with other numbers in them: lengths, places, flags, methods, sizes."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(SIGNATURES))
        there = [at for at in range(len(changed) - 3) if changed[at : at + 4] == kind]
        if there:
            at = there[draw(PLACES) * len(there) >> 16]
            offset, size = draw(st.sampled_from(FIELDS[kind]))
            value = draw(st.sampled_from(NUMBERS) | st.integers(0, 64)) & ((1 << 8 * size) - 1)
            changed[at + offset : at + offset + size] = struct.pack({2: "<H", 4: "<I"}[size], value)
    if draw(st.booleans()):
        return edited(bytes(changed), draw(st.lists(edits, max_size=4)))
    return bytes(changed)


@st.composite
def archives(draw: st.DrawFn, depth: int = 0) -> bytes:
    inner = plain if depth > 2 else plain | plain | archives(depth + 1)
    entries = draw(st.lists(st.tuples(names, inner), max_size=5))
    if depth and draw(st.booleans()):
        return draw(damaged([tar(entries, draw(st.integers(0, 2)))], 4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice, which is meant
        infos = []
        for name, data in entries:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = draw(st.sampled_from([0, 0o100644 << 16, 0o120777 << 16, 0o010644 << 16, 0x10]))
            infos.append((info, data))
        made = zipped(infos, draw(st.sampled_from(METHODS)), draw(st.binary(max_size=30)))
    return draw(headers_changed(made))


@fuzz(60)
@given(archives(), st.sampled_from(["", *FORMS]))
def test_any_zip_is_read_or_refused_in_a_sentence(data: bytes, form: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "class.zip"
        path.write_bytes(data)
        with bounded("zips"), sentence(), nothing_written():
            for submission in take(path, TD, form=form).submissions:
                assert submission.status is not Status.GRADER_FAULT, submission.notes
                assert len(submission.source) + sum(map(len, submission.others.values())) <= MAX_BYTES
                for note in submission.notes:
                    assert say(note)


@fuzz(60)
@given(archives(1), st.sampled_from(["td2.zip", "td2.tar", "td2.tar.gz", "td2.tbz2", "td2.rar", "td2.py"]))
def test_a_students_archive_costs_nobody_else_anything(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for student, base, content in (("alice", name, data), ("bob", "td2.py", WORK.encode())):
            (Path(folder) / student).mkdir()
            (Path(folder) / student / base).write_bytes(content)
        with bounded("archives"), nothing_written():
            alice, bob = take(Path(folder), TD, form="plain" if "plain" in FORMS else "").submissions
        assert alice.status is not Status.GRADER_FAULT, alice.notes
        assert all(say(note) for note in alice.notes)
        assert bob.status is Status.GRADED and bob.source == WORK.encode()
