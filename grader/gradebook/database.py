"""A gradebook's file: opened, brought to the newest version, and its troubles put into words.

While it is open its journal is a write-ahead log, so that a report is made while a run goes on; the last to close it
brings it back to one plain file, which can be copied by hand. Where the disk cannot have such a log (some network
disks), the journal is SQLite's oldest. A run that was killed leaves a log that the next one takes up. Writes take the
lock at once (`BEGIN IMMEDIATE`) and hold it for one submission.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.errors import GraderFault, UserError
from grader.gradebook.migrations import SCRIPTS

APPLICATION_ID = 0x53445842  # "SDXB", in the file's header


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the troubles of disks, locks and foreign files into a `UserError`; what is left is ours."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        # What a log is shared by could not be made larger: of the few bytes of it SQLite does not say why.
        code = sqlite3.SQLITE_FULL if code == sqlite3.SQLITE_IOERR_SHMSIZE else code & 0xFF
        words = {
            sqlite3.SQLITE_BUSY: "is in use by another run; wait until that has ended, then start again",
            sqlite3.SQLITE_LOCKED: "is in use by another run; wait until that has ended, then start again",
            sqlite3.SQLITE_FULL: "cannot be written, the disk is full; make room, then start again",
            sqlite3.SQLITE_READONLY: "is read-only; make it and its folder writable",
            sqlite3.SQLITE_PERM: "may not be opened; check its permissions",
            sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that its folder exists and is writable",
            sqlite3.SQLITE_IOERR: "cannot be read or written, the disk reports an error; try another folder",
            sqlite3.SQLITE_NOTADB: "is not a gradebook; name another folder, or move this file away",
            sqlite3.SQLITE_CORRUPT: "is damaged; bring back a copy, or move it away and grade again",
        }.get(code)
        if words is None:
            raise GraderFault(f"{path}: {error}") from error
        raise UserError(f"{path} {words}") from None
    except UnicodeDecodeError:  # of the schema's own text
        raise UserError(f"{path} is damaged; bring back a copy, or move it away and grade again") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(f"{path} cannot be written, the disk is full; make room, then start again") from None
        raise UserError(f"{path}: {error.strerror or error}") from None


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """All or nothing: what is written inside is there after it, or none of it is, whatever happens.

    A `DEFERRED` one is for reading: it sees one state of the file.
    """
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def connect(path: Path, *, create: bool, patience: float) -> sqlite3.Connection:
    """A connection to the gradebook at `path`, migrated; a new one is private (mode 0600, its folder 0700).

    `patience` is how many seconds to wait for another run's lock. Raises `UserError` where there is no gradebook and
    none is to be made, for another kind of file, and for one that a newer surdix wrote.
    """
    with explained(path):
        if path.is_dir():
            raise UserError(f"{path} is a folder, not a gradebook")
        if create:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        elif not path.exists():
            raise UserError(f"{path}: there is no gradebook here; run `surdix grade` first")
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if create:
                sound(connection, path)
            migrate(connection, path)
            journal(connection, "WAL")
        except BaseException:
            connection.close()
            raise
    return connection


def identity(path: Path) -> tuple[int, int] | None:
    """Which file is at `path`, whatever is in it; None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def sound(connection: sqlite3.Connection, path: Path) -> None:
    """Raises `UserError` where pages are damaged, also those that this run would not read: nothing is added to such."""
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise UserError(f"{path} is damaged; bring back a copy, or move it away and grade again")


def journal(connection: sqlite3.Connection, mode: str) -> None:
    """Ask for a journal of this kind. Where it cannot be had (another run, the disk) the one there is does as well."""
    with suppress(sqlite3.OperationalError):
        (found,) = connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
        # With a log, NORMAL writes to the disk when the log is merged, not at each commit: a power cut can take the
        # last submissions away, never damage the file; the next run grades them again (sqlite.org/wal.html, 2.2).
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if found == 'wal' else 'FULL'}")


def close(connection: sqlite3.Connection) -> None:
    """Let go of the file, as one plain file if nobody else has it open."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA busy_timeout = 0")
        journal(connection, "DELETE")
    connection.close()


def migrate(connection: sqlite3.Connection, path: Path, scripts: Sequence[Sequence[str]] = SCRIPTS) -> None:
    """Bring the file to the newest version, in one transaction; a file that has it is only read."""
    if _version(connection, path, len(scripts)) == len(scripts):
        return
    with transaction(connection):
        # Another run may have been faster while this one waited for the lock.
        for number in range(_version(connection, path, len(scripts)), len(scripts)):
            for statement in scripts[number]:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(scripts)}")


def _version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (tables or version):
        raise UserError(f"{path} is a database, but not a gradebook; name another folder, or move this file away")
    if version > newest:
        raise UserError(
            f"{path} was written by a newer surdix (version {version} of its tables, this one knows {newest}): "
            "update surdix to read it"
        )
    return int(version)
