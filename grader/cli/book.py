"""Where a folder of results keeps its gradebook."""

from __future__ import annotations

from pathlib import Path

from grader.errors import UserError
from grader.ours import BOOK


def book(directory: Path) -> Path:
    """The gradebook of what `surdix grade` wrote. Raises `UserError` where it wrote nothing."""
    path = directory / BOOK
    if not path.exists():
        raise UserError(f"{directory}: nothing was graded here; give the folder that `surdix grade` wrote with --out")
    return path
