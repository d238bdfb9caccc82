"""Submissions in any number, each of its own, as Moodle's "Download all submissions" gives them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path


def edited(sources: Sequence[str], number: int) -> str:
    """The submission of a student: one of `sources`, in turn, with a comment that nobody else has."""
    return f"{sources[number % len(sources)]}\n# {number}\n"


def write(path: Path, file: str, sources: Sequence[str], count: int) -> None:
    """Write a zip of so many students who hand in `file`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(count):
            folder = f"Student {number}_{22_000_000 + number}_assignsubmission_file_"
            packed.writestr(f"{folder}/{file}", edited(sources, number))
