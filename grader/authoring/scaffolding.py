"""`surdix new`: an example that works, to be replaced piece by piece.

The files of `scaffold/` are templates of one placeholder, the new TD's name. They are no modules of this package, so
neither Python nor a linter takes them for one.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from grader.authoring import place

_NAME = "@NAME@"


def new(course: Path, name: str) -> list[Path]:
    """Write the example TD into a course, under this name; the files. Raises `UserError` as `place.write` does."""
    templates = resources.files("grader") / "authoring" / "scaffold"
    files = {}
    for what, path in place.paths(name).items():
        text = templates.joinpath(f"{what}.in").read_text(encoding="utf-8")
        files[path] = text.replace(_NAME, name).encode()
    return place.write(course, name, files)
