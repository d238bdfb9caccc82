"""Every Python from 3.9 on that can be found here, each with numpy and pytest.

The one that runs these tests has them. For the others virtual environments are made once, in the user's cache; where
no package can be had, tests with that version are skipped and say why.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
SUPPORTED = ["3.9", "3.10", "3.11", "3.12", "3.13"]
NEWER = ["3.14", "3.15"]  # tried where they are
OLD = ["2.7", "3.6", "3.7", "3.8"]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "surdix-tests"


def interpreter(version):
    """The newest interpreter of a version that pyenv or the PATH has."""
    number = re.compile(rf"{re.escape(version)}(\.\d+)*")
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    names = [path for path in pyenv.glob("*") if number.fullmatch(path.name) and (path / "bin" / "python").exists()]
    if names:
        newest = max(names, key=lambda path: [int(part) for part in path.name.split(".")])
        return newest / "bin" / "python"
    found = shutil.which(f"python{version}")
    works = found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0
    return Path(found) if works else None


PYTHONS = SUPPORTED + [version for version in NEWER if interpreter(version) or version == THIS]


class Pythons:
    """Interpreters by version, found or made when they are asked for."""

    def __init__(self):
        self.known = {THIS: Path(sys.executable)}
        self.missing = {}

    def get(self, version):
        if version not in self.known and version not in self.missing:
            try:
                self.known[version] = self._made(version)
            except LookupError as error:
                self.missing[version] = str(error)
        if version in self.missing:
            pytest.skip(self.missing[version])
        return self.known[version]

    def _made(self, version):
        base = interpreter(version)
        if base is None:
            raise LookupError(f"there is no Python {version} here")
        folder = CACHE / f"py{version}"
        python = folder / "bin" / "python"
        CACHE.mkdir(parents=True, exist_ok=True)
        with alone(CACHE / f"py{version}.lock"):
            if _fit(python):
                return python
            shutil.rmtree(folder, ignore_errors=True)
            pip = [
                python,
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--retries",
                "1",
                "numpy",
                "pytest",
            ]
            for command in ([base, "-m", "venv", folder], pip):
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode:
                    shutil.rmtree(folder, ignore_errors=True)
                    last = (done.stderr.strip() or "?").splitlines()[-1]
                    raise LookupError(f"Python {version} cannot have numpy and pytest here: {last}")
        return python


def _fit(python):
    command = [python, "-c", "import numpy, pytest"]
    return python.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def alone(path):
    """One process at a time: several test workers may want the same environment."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
