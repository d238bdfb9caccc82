"""Where a new TD goes: which names it may have, and its files, written all or none."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.errors import UserError

_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
TAKEN = {"check", "conftest", "numpy", "pytest", "tests"} | sys.stdlib_module_names  # by what students import beside it


def check_name(name: str) -> None:
    """Raise `UserError` unless a TD can have this name, which is also that of its module and of the handed-in file."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise UserError(
            f"{name!r} cannot be the name of a TD: it becomes a Python module; take letters, digits and _, as in td5"
        )
    if name in TAKEN:
        raise UserError(f"{name!r} cannot be the name of a TD: students import a module of that name; choose another")


def paths(name: str) -> Mapping[str, str]:
    """A TD's own files, by what they are: relative to the course's folder."""
    folder = f"assignments/{name}"
    own = {file: f"{folder}/{file}" for file in ("assignment.toml", "handout.md", "checks.py", "mistakes.py")}
    return {"reference": f"reference/{name}.py", **own}


def check_free(course: Path, name: str) -> None:
    """Raise `UserError` if the course has a TD or a module of the reference of this name."""
    for taken in (course / "assignments" / name, course / "reference" / f"{name}.py"):
        if taken.exists() or taken.is_symlink():
            raise UserError(f"{taken}: is there already; choose another name, or move it away")


def write(course: Path, name: str, files: Mapping[str, bytes]) -> list[Path]:
    """Write a new TD's files, given by their paths in the course; the paths that were made.

    Folders are made as they are needed. Raises `UserError`, and leaves nothing of it behind, where the name cannot be
    used, is taken, or the system refuses.
    """
    check_name(name)
    check_free(course, name)
    made: list[Path] = []
    try:
        for relative, content in files.items():
            path = course / relative
            for folder in reversed(path.parents):
                if not folder.exists():
                    folder.mkdir()
                    made.append(folder)
            made.append(path)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        _undo(made)
        raise UserError(
            f"{error.filename or course}: cannot be written ({error.strerror or error});"
            " name a folder of yours with --course"
        ) from None
    return [path for path in made if path.is_file()]


def _undo(made: list[Path]) -> None:
    for path in reversed(made):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
