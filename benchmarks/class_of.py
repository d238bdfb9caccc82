"""Submissions in any number, each of its own, as Moodle's "Download all submissions" gives them."""

from __future__ import annotations

import zipfile
from pathlib import Path


def write(path: Path, file: str, source: str, count: int) -> None:
    """Write a zip of so many students who hand in `file`; each has a comment of their own at its end."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(count):
            folder = f"Student {number}_{22_000_000 + number}_assignsubmission_file_"
            packed.writestr(f"{folder}/{file}", f"{source}\n# {number}\n")
