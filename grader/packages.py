"""Packages as they are installed here: what belongs to one, what it requires, under which names it is imported.

An assignment names distributions, as pip does (`scikit-learn`); code imports modules (`sklearn`).
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
from collections.abc import Sequence
from importlib.metadata import Distribution
from pathlib import Path

from grader.errors import UserError

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


@functools.cache
def files(names: tuple[str, ...]) -> dict[str, Path]:
    """The top-level folders and files of these packages and of all that they require, by name.

    Raises `UserError` for a package that is not installed.
    """
    found: dict[str, Path] = {}
    waiting = [(name, False) for name in names]
    seen = set()
    while waiting:
        name, optional = waiting.pop()
        if _canonical(name) in seen:
            continue
        try:
            distribution = _installed(name)
        except UserError:
            if optional:
                continue
            raise
        seen.add(_canonical(name))
        for top in _tops(distribution):
            path = Path(str(distribution.locate_file(top))).resolve()
            if path.parent.name not in ("site-packages", "dist-packages"):  # a source tree may hold anything
                raise UserError(f"the package {name!r} is used from {path.parent}: install it, without -e, to allow it")
            found[top] = path
        for requirement in distribution.requires or []:
            # What is required on other systems alone is not installed on this one: the marker need not be understood.
            needed = _NAME.match(requirement)
            if needed and "extra ==" not in requirement:
                waiting.append((needed[0], ";" in requirement))
    return {name: path for name, path in found.items() if path.exists()}


def imports(names: Sequence[str]) -> tuple[str, ...]:
    """The names that these packages are imported by: a package's own, where it is one, and not what lies beside it
    (torchgen); else all. Raises `UserError` for one that is not installed."""
    found: dict[str, None] = {}
    for name in names:
        tops = [top.partition(".")[0] for top in _tops(_installed(name)) if not top.endswith(".libs")]
        modules = [top for top in tops if top.isidentifier() and not top.startswith("_")]
        own = [module for module in modules if _canonical(module) == _canonical(name)]
        found.update(dict.fromkeys(own or modules))
    return tuple(found)


def version(name: str) -> str:
    """A package's version. Raises `UserError` if it is not installed."""
    return _installed(name).version


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(name: str) -> Distribution:
    try:
        return importlib.metadata.distribution(name)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        raise UserError(
            f"the assignment allows the package {name!r}, which is not installed: pip install {name}"
        ) from None


def _tops(distribution: Distribution) -> list[str]:
    """What of a package lies in site-packages itself, in the order of its own list."""
    parts = [file.parts for file in distribution.files or [] if file.parts and not file.is_absolute()]
    tops = [top for top, *_ in parts if top not in ("..", "__pycache__") and not top.endswith((".dist-info", ".pth"))]
    return list(dict.fromkeys(tops))
