"""A student's computer: the handout in a folder, a Python with numpy, and `python check.py FILE --json --html`."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.home.home_pythons import Pythons

OWN = sys.executable


@functools.cache
def oldest_python() -> tuple[str, str]:
    """The oldest Python that handouts support, with numpy; or "" and why there is none here."""
    try:
        return str(Pythons().get("3.9")), ""
    except pytest.skip.Exception as none:
        return "", str(none)


def check(python: str, handout: Path, folder: Path, name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What `check.py` says of one of these files, put into the handout's folder: its exit status, verdicts and words.
    Its page is `check.html` in that folder.

    A name that check.py would not take for a student's file is changed to the one that was asked for.
    """
    folder.mkdir(parents=True)
    for path in handout.iterdir():
        (folder / path.name).symlink_to(path)
    if not name.lower().endswith((".py", ".ipynb")):
        files, name = {**files, "td2.py": files[name]}, "td2.py"
    for path, content in files.items():
        target = folder / path
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    done = subprocess.run(
        [python, "check.py", name, "--json", "--html"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON", "SURDIX"))},
    )
    try:
        verdicts = json.loads(done.stdout)
    except ValueError:
        verdicts = {}
    return {"status": done.returncode, "verdicts": verdicts, "out": done.stdout[-2000:], "err": done.stderr[-2000:]}
