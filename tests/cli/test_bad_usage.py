"""Bad usage and bad luck: one clear line, exit status 2, nothing lost, no traceback."""

import os
import shutil
import subprocess

import pytest

from tests.cli.conftest import GOOD


def one_line(done, *words):
    assert done.status == 2, (done.out, done.err)
    assert len(done.err.strip().splitlines()) == 1, done.err
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err


def test_unknown_td(surdix, class_folder, tmp_path):
    one_line(surdix("grade", "tdn", class_folder(a=GOOD), "--out", tmp_path / "o"), "tdn", "did you mean tdm")
    one_line(surdix("generate", "../x", "--out", tmp_path), "../x")
    one_line(surdix("validate", ""), "no TD")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade"], ["Missing argument"]),
        (["grade", "tdm"], ["SUBMISSIONS"]),
        (["grade", "tdm", "x", "--jobs", "0"], ["--jobs"]),
        (["grade", "tdm", "x", "--out", "y", "--sandbox", "magic"], ["magic"]),
        (["nothing"], ["nothing"]),
        (["pick", "/nonexistent", "a", "b"], ["nothing was graded here"]),
    ],
)
def test_usage(surdix, arguments, words):
    one_line(surdix(*arguments, with_course=False), *words)


def test_a_course_that_is_none(surdix, tmp_path):
    one_line(surdix("generate", "td2", "--course", tmp_path, with_course=False), "assignments", "--course")


def test_missing_submissions(surdix, tmp_path):
    one_line(surdix("grade", "tdm", tmp_path / "nowhere", "--out", tmp_path / "o"), "nowhere")


def test_an_out_among_the_submissions(surdix, class_folder):
    folder = class_folder(a=GOOD)
    for out in (folder, folder / "results"):
        one_line(surdix("grade", "tdm", folder, "--out", out), "outside of")
    assert sorted(path.name for path in folder.iterdir()) == ["a"]


def test_docker_where_it_cannot_run(surdix, class_folder, tmp_path):
    done = surdix("grade", "tdm", class_folder(a=GOOD), "--out", tmp_path / "o", "--sandbox", "docker")
    if shutil.which("docker") or shutil.which("podman"):
        one_line(done, "the docker sandbox does not start: ")  # there is no image, or the engine is not running
    else:
        one_line(done, "neither docker nor podman")


def test_an_empty_folder(surdix, tmp_path):
    (tmp_path / "nobody").mkdir()
    one_line(surdix("grade", "tdm", tmp_path / "nobody", "--out", tmp_path / "o"), "nobody")
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no zip at all"])
def test_an_unreadable_zip(surdix, tmp_path, content):
    (tmp_path / "class.zip").write_bytes(content)
    one_line(surdix("grade", "tdm", tmp_path / "class.zip", "--out", tmp_path / "o"), "class.zip")


def test_an_out_that_is_a_file_or_of_another_td(surdix, class_folder, course, tmp_path):
    (tmp_path / "file").write_text("x")
    one_line(surdix("grade", "tdm", class_folder(a=GOOD), "--out", tmp_path / "file"), "file")
    assert surdix("grade", "tdm", class_folder(a=GOOD), "--out", tmp_path / "o").status == 0
    shutil.copytree(course.td, course.td.parent / "other")
    course.edit("assignments/other/assignment.toml", "tdm.py", "other.py")
    one_line(surdix("grade", "other", class_folder(a=GOOD), "--out", tmp_path / "o"), "tdm")


def test_a_gradebook_that_is_none(surdix, class_folder, tmp_path):
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "gradebook.sqlite").write_text("not a database, but long enough to be read as one" * 100)
    one_line(surdix("grade", "tdm", class_folder(a=GOOD), "--out", tmp_path / "o"), "gradebook.sqlite")


def test_broken_checks_are_the_instructors_own(surdix, course, tmp_path):
    course.edit("assignments/tdm/checks.py", "return td.double(x)", "return td.double(x")
    one_line(surdix("generate", "tdm", "--out", tmp_path), "checks.py", "line")


def test_a_store_that_others_can_read(surdix, class_folder, tmp_path):
    (tmp_path / "store").mkdir(mode=0o755)
    (tmp_path / "store" / "secret").write_bytes(b"x" * 32)
    one_line(surdix("grade", "tdm", class_folder(a=GOOD), "--out", tmp_path / "o"), "chmod 700")


def _mounted(out, options):
    """A prefix for a command that sees a small or read-only file system at `out`, in a mount namespace of its own."""
    flags = ["--mount"] if os.getuid() == 0 else ["--mount", "--map-root-user"]
    prefix = ["unshare", *flags, "sh", "-c", f'mount -t tmpfs -o {options} tmpfs "{out}" && exec "$@"', "sh"]
    if shutil.which("unshare") is None or subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("no mount namespaces here")
    return prefix


@pytest.mark.parametrize("size", ["16k", "100k", "200k"])
def test_a_full_disk(surdix, class_folder, tmp_path, size):
    out = tmp_path / "out"
    out.mkdir()
    folder = class_folder(**{f"s{i}": GOOD + "#" * 30_000 for i in range(12)})
    one_line(surdix("grade", "tdm", folder, "--out", out, before=_mounted(out, f"size={size}")), "out")
    one_line(surdix("generate", "tdm", "--out", out, before=_mounted(out, "size=16k")), "out")


def test_an_out_that_cannot_be_written(surdix, class_folder, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    before = _mounted(out, "ro")
    one_line(surdix("grade", "tdm", class_folder(a=GOOD), "--out", out, before=before), "out")
    one_line(surdix("generate", "tdm", "--out", out, before=before), "out")
