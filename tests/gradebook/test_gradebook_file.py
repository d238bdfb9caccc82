"""The file: its troubles are one sentence, and whatever happens it stays whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.contract import Answer, CheckRun, Outcome, Run
from grader.errors import UserError
from grader.gradebook import Gradebook, database
from grader.gradebook.database import migrate
from grader.gradebook.migrations import SCRIPTS
from grader.gradebook.values import dumps
from tests.gradebook.gradebook_samples import record, report_of, run_of, submission, verdict


def grade(gradebook: Gradebook, student_id: str, source: bytes = b"x = 1\n") -> None:
    handed_in = submission(student_id, source)
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)), run_of())


def sentence(error: pytest.ExceptionInfo[UserError]) -> str:
    assert "\n" not in str(error.value)
    return str(error.value)


def test_closed_it_is_one_private_file(path: Path) -> None:
    with Gradebook.open(path, td="td1") as gradebook:
        grade(gradebook, "7")
    assert [entry.name for entry in path.parent.iterdir()] == ["gradebook.sqlite"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(SCRIPTS)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_one_td_a_folder(path: Path) -> None:
    Gradebook.open(path, td="td1").close()
    with pytest.raises(UserError) as error:
        Gradebook.open(path, td="td2")
    assert "of td1, not of td2" in sentence(error)
    with Gradebook.open(path) as gradebook:
        assert gradebook.td == "td1"


@pytest.mark.parametrize("td", ["", "td1"])
def test_none_is_made_where_none_is_to_be(path: Path, td: str) -> None:
    with pytest.raises(UserError) as error:
        Gradebook.open(path, td=td, create=False)
    assert "no gradebook here" in sentence(error)
    assert not path.exists()


def test_files_of_another_kind_are_left_alone(tmp_path: Path) -> None:
    text, folder, other = tmp_path / "notes.txt", tmp_path / "folder", tmp_path / "other.sqlite"
    text.write_text("my notes, which are longer than a header\n" * 9)
    folder.mkdir()
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    for path, words in ((text, "is not a gradebook"), (folder, "is a folder"), (other, "but not a gradebook")):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(UserError) as error:
            Gradebook.open(path, td="td1")
        assert words in sentence(error)
        assert before == (path.read_bytes() if path.is_file() else b"")


def test_a_newer_one_is_refused(path: Path) -> None:
    Gradebook.open(path, td="td1").close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(SCRIPTS) + 1}")
    connection.close()
    with pytest.raises(UserError) as error:
        Gradebook.open(path, td="td1")
    assert "newer surdix" in sentence(error)


def test_a_file_of_the_first_version_is_read_and_goes_on(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, path, SCRIPTS[:1])
    connection.execute("INSERT INTO meta VALUES ('td', 'td1')")
    connection.close()
    with Gradebook.open(path, td="td1") as gradebook:
        grade(gradebook, "7")
        assert [report.student_id for report in gradebook.reports()] == ["7"]


def test_answers_that_older_files_have_in_rows_are_read(path: Path) -> None:
    handed_in = submission("7")
    report = report_of(handed_in, verdict("mse", 1.0))
    found = Answer(Outcome.ERROR, b"", "error", {"error": "no"}, b"extra")
    answers = CheckRun(public=(Answer(value=b"one"), found), hidden=(Answer(value=b"two"),), seconds=0.5)
    run = Run({"mse": answers}, {"names": ["mse"]}, tier="warm")
    with Gradebook.open(path, td="td1") as gradebook:
        record(gradebook, handed_in, report, run, cases={"mse": (("a", "b"), ("c",))})
        now = gradebook.run(report), gradebook.public_answers(report)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TRIGGER check_runs_no_UPDATE")
    connection.execute("UPDATE check_runs SET answers = NULL")
    for hidden, position, name, answer in (
        (0, 0, "a", answers.public[0]),
        (0, 1, "b", found),
        (1, 0, "c", answers.hidden[0]),
    ):
        row = (1, "mse", hidden, position, name, answer.outcome, answer.key, dumps(dict(answer.values)), 9)
        connection.execute(f"INSERT INTO answers VALUES ({', '.join('?' * 11)})", (*row, answer.value, answer.extra))
    connection.close()
    with Gradebook.open(path, td="td1") as gradebook:
        assert (gradebook.run(report), gradebook.public_answers(report)) == now
        assert now[0] == run
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("DROP TRIGGER answers_no_UPDATE")
        connection.execute("UPDATE answers SET value = NULL WHERE name = 'a'")  # it was too large
    connection.close()
    with Gradebook.open(path, td="td1") as gradebook:
        assert gradebook.run(report) is None and list(gradebook.public_answers(report)["mse"]) == ["b"]


def test_an_older_one_is_brought_up_to_date(path: Path) -> None:
    with Gradebook.open(path, td="td1") as gradebook:
        grade(gradebook, "7")
        before = gradebook.reports()
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, path, [*SCRIPTS, ["ALTER TABLE students ADD COLUMN email TEXT"]])
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(SCRIPTS) + 1
    assert connection.execute("SELECT email FROM students").fetchall() == [(None,)]
    with pytest.raises(sqlite3.OperationalError):  # half a migration is none
        migrate(connection, path, [*SCRIPTS, ["SELECT 1"], ["CREATE TABLE half (x)", "CREATE nonsense"]])
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
    connection.execute(f"PRAGMA user_version = {len(SCRIPTS)}")
    connection.close()
    with Gradebook.open(path, td="td1") as gradebook:
        assert gradebook.reports() == before


def test_in_use_by_another_run(path: Path) -> None:
    with Gradebook.open(path, td="td1", patience=0.05) as gradebook:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UserError) as error:
            grade(gradebook, "7")
        assert "in use by another run" in sentence(error)
        assert gradebook.reports() == []  # a reader does not wait
        other.close()
        grade(gradebook, "7")


def test_reading_goes_on_while_another_run_grades(path: Path) -> None:
    with Gradebook.open(path, td="td1") as writer, Gradebook.open(path) as reader:
        for student in ("1", "2", "3"):
            grade(writer, student)
            assert reader.reports()[-1].student_id == student


def test_the_last_to_close_it_leaves_one_plain_file(path: Path) -> None:
    first, second = Gradebook.open(path, td="td1"), Gradebook.open(path)
    grade(first, "1")
    first.close()
    assert len(list(path.parent.iterdir())) > 1  # the log is the other's still
    assert len(second.reports()) == 1
    second.close()
    assert [entry.name for entry in path.parent.iterdir()] == ["gradebook.sqlite"]


def test_a_disk_without_shared_memory_has_the_older_journal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Old(sqlite3.Connection):
        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            if sql == "PRAGMA journal_mode = WAL":
                raise sqlite3.OperationalError("locking protocol")
            return super().execute(sql, *rest)

    real = sqlite3.connect
    monkeypatch.setattr(database.sqlite3, "connect", lambda *args, **options: real(*args, factory=Old, **options))
    with Gradebook.open(path, td="td1") as gradebook:
        grade(gradebook, "1")
        assert gradebook._connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert [entry.name for entry in path.parent.iterdir()] == ["gradebook.sqlite"]


def test_a_full_disk_loses_the_one_under_way_alone(path: Path) -> None:
    with Gradebook.open(path, td="td1") as gradebook:
        grade(gradebook, "1")
        pages = gradebook._connection.execute("PRAGMA page_count").fetchone()[0]
        gradebook._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(UserError) as error:
            grade(gradebook, "2", bytes(range(256)) * 4096)
        assert "the disk is full" in sentence(error)
        assert [report.student_id for report in gradebook.reports()] == ["1"]
        gradebook._connection.execute("PRAGMA max_page_count = 1000000")
        grade(gradebook, "2")
        assert [report.student_id for report in gradebook.reports()] == ["1", "2"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UserError) as error:
            Gradebook.open(tmp_path / "gradebook.sqlite", td="td1")
        assert "Permission denied" in sentence(error)
    finally:
        tmp_path.chmod(0o700)


def test_a_damaged_file(path: Path) -> None:
    with Gradebook.open(path, td="td1") as gradebook:
        for student in range(20):
            grade(gradebook, str(student), bytes([student]) * 10_000)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(UserError) as error, Gradebook.open(path, td="td1") as gradebook:
        gradebook.reports()
    assert "damaged" in sentence(error)


def test_a_damaged_page_that_nobody_reads_stops_a_run_before_it_writes(path: Path) -> None:
    with Gradebook.open(path, td="td1") as gradebook:
        for student in range(40):
            grade(gradebook, str(student), bytes([student]) * 10_000)
    content = bytearray(path.read_bytes())
    (root,) = sqlite3.connect(path).execute("SELECT rootpage FROM sqlite_master WHERE name = 'verdicts'").fetchone()
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        Gradebook.open(path, td="td1")
    assert "damaged" in sentence(error) and "bring back a copy" in sentence(error)
    assert path.read_bytes() == content


ENDLESS = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.gradebook.gradebook_samples import record, report_of, run_of, submission, verdict
from grader.gradebook import Gradebook
with Gradebook.open(Path(sys.argv[1]), td="td1") as gradebook:
    for n in range(100_000):
        handed_in = submission(f"{n:06}", bytes(200_000))
        record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)), run_of())
        print(n, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_run_loses_at_most_the_one_under_way(path: Path) -> None:
    path.parent.mkdir()
    command = [sys.executable, "-c", ENDLESS, str(path), str(Path(__file__).parents[2])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "0\n"
        time.sleep(0.1)
        process.kill()
        done = [0, *(int(line) for line in process.stdout.read().split())]
    with Gradebook.open(path, td="td1", create=False) as gradebook:
        found = [int(report.student_id) for report in gradebook.reports()]
        assert found == list(range(len(found)))
        assert len(done) <= len(found) <= len(done) + 1
        assert all(gradebook.run(report) == run_of() for report in gradebook.reports())
