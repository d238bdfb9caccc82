"""A gradebook that another process holds, takes away or replaces while a run writes into it."""

import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from grader.cli.main import main
from grader.gradebook import Gradebook, database
from tests.cli.test_killed import recorded
from tests.faults.conftest import ALL, one_sentence, wait_until


def held(book):
    """A connection that keeps everybody else from writing."""
    other = sqlite3.connect(book, isolation_level=None, timeout=20, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_a_run_waits_for_who_holds_it_and_ends_well(desk, start, tmp_path):
    out = tmp_path / "out"
    process = start("grade", "tdm", desk.folder, "--out", out, "--jobs", 2)
    wait_until(lambda: recorded(out)[0] >= 3)
    with closing(held(out / "gradebook.sqlite")):
        before = recorded(out)[0]
        time.sleep(3)
        assert process.poll() is None and recorded(out)[0] == before
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert (out / "grades.csv").read_bytes() == (desk.undisturbed / "grades.csv").read_bytes()


def test_held_for_good_it_is_one_sentence(desk, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    out.mkdir()
    shutil.copy(desk.undisturbed / "gradebook.sqlite", out)
    whole = database.connect
    monkeypatch.setattr(database, "connect", lambda path, **options: whole(path, **{**options, "patience": 0.2}))
    monkeypatch.setenv("SURDIX_STORE", desk.environment["SURDIX_STORE"])
    command = ["grade", "tdm", str(desk.folder), "--out", str(out), "--course", str(desk.course), "--fresh"]
    with closing(held(out / "gradebook.sqlite")), pytest.raises(SystemExit) as stopped:
        main(command)
    assert stopped.value.code == 2
    assert "is in use by another run; wait until that has ended" in capsys.readouterr().err
    assert not (out / "grades.csv").exists()
    desk.finish(out)


def moved(book, tmp_path):
    book.rename(tmp_path / "elsewhere.sqlite")


def removed(book, tmp_path):
    book.unlink()


def replaced(book, tmp_path):
    with Gradebook.open(tmp_path / "new" / "gradebook.sqlite", td="tdm"):
        pass
    (tmp_path / "new" / "gradebook.sqlite").replace(book)


@pytest.mark.parametrize("take", [moved, removed, replaced] if ALL else [moved])
def test_taken_away_it_is_noticed_and_nothing_is_mixed(desk, start, tmp_path, take):
    out = tmp_path / "out"
    book = out / "gradebook.sqlite"
    process = start("grade", "tdm", desk.folder, "--out", out, "--jobs", 2)
    wait_until(lambda: recorded(out)[0] >= 3)
    take(book, tmp_path)
    said, errors = process.communicate(timeout=60)
    done = type("Done", (), {"status": process.returncode, "out": said, "err": errors})
    one_sentence(done, "gradebook.sqlite was moved, removed or replaced while it was in use")
    assert not list(out.glob("*.csv"))
    if take is moved:  # what had been graded is all there
        found = tmp_path / "elsewhere.sqlite"
        with closing(sqlite3.connect(found)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM gradings").fetchone()
        assert count >= 3
        found.rename(book)
    desk.finish(out)
    with closing(sqlite3.connect(book)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not {path.name for path in out.iterdir()} & {"gradebook.sqlite-wal", "gradebook.sqlite-shm"}
