"""Where a folder of results keeps its gradebook, and who is at work in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from grader.errors import UserError
from grader.gradebook import lock
from grader.ours import BOOK


def book(directory: Path) -> Path:
    """The gradebook of what `surdix grade` wrote. Raises `UserError` where it wrote nothing."""
    path = directory / BOOK
    if not path.exists():
        raise UserError(f"{directory}: nothing was graded here; give the folder that `surdix grade` wrote with --out")
    return path


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """The only run on a folder of results: what is read from the gradebook is what is written to pages and tables."""

    def waiting(holder: str) -> None:
        line = f"{directory}: {holder} is at work in this folder; waiting for it to end."
        Console(stderr=True).print(escape(line), soft_wrap=True)

    with lock.alone(directory, waiting):
        yield


@contextmanager
def alone_with(directory: Path) -> Iterator[Path]:
    """The only run on what `surdix grade` wrote: its gradebook's path. Raises `UserError` where it wrote nothing."""
    path = book(directory)
    with alone(directory):
        yield path
