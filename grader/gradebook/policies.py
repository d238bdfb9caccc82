"""The policy, a row each time that it changes: the last one counts, for all scores."""

from __future__ import annotations

import sqlite3

from grader.contract import Policy
from grader.gradebook.values import loads


def latest(connection: sqlite3.Connection) -> str | None:
    """As it is stored."""
    row = connection.execute("SELECT content FROM policies ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else str(row["content"])


def read(connection: sqlite3.Connection) -> Policy:
    """The defaults, which change no score, where none was kept."""
    content = latest(connection)
    return Policy() if content is None else Policy(**loads(content))
