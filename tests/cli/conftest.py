"""The command line as a person uses it: real processes, a tiny course, a store and an output folder of its own."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import commands
from tests.authoring.conftest import course  # noqa: F401  (a fixture)

GOOD = "import numpy as np\ndef double(x):\n    return 2 * np.asarray(x)\n"
SCALE = (
    "class Scale:\n    def __init__(self, k):\n        self.k = k\n"
    "    __call__ = forward = lambda self, x: self.k * x\n"
    "    def backward(self, grad):\n        return self.k * grad\n"
)


@pytest.fixture
def surdix(tmp_path, course, monkeypatch):  # noqa: F811
    """Run `surdix …` on the tiny course; what it printed, and its exit status."""
    environment = {**os.environ, "SURDIX_STORE": str(tmp_path / "store"), "COLUMNS": "120"}

    def run(*arguments, with_course=True, before=()):
        words = [str(word) for word in arguments]
        if with_course and words and words[0] in ("generate", "grade", "validate", "viva"):
            words += ["--course", str(course.folder)]
        if before:  # an interpreter with all that it does at its start
            command = [*before, sys.executable, "-m", "grader", *words]
            done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
        else:
            done = commands.run(*words, env=environment)
        return SimpleNamespace(status=done.returncode, out=done.stdout, err=done.stderr)

    return run


@pytest.fixture
def class_folder(tmp_path):
    """Write submissions: names to texts; the folder."""

    def write(**files):
        folder = tmp_path / "class"
        for name, text in files.items():
            path = folder / name / "tdm.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return folder

    return write
