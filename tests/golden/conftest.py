"""Everything is measured once, whatever number of tests (and of pytest's workers) look at it.

The golden submissions are graded by the command line itself, with one job and again with two, while `check.py` judges
them at home. The course is a copy in which loading and all checks but those that train have two seconds: an endless
loop costs no more, and what is right takes milliseconds.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import load, store
from grader.contract import Submission
from grader.gradebook import SENTENCES as GRADEBOOK_SENTENCES
from grader.intake import collect
from grader.intake.sentences import SENTENCES as INTAKE_SENTENCES
from grader.pipeline import Marking, prepare
from student_template.runner import sentences
from tests import commands
from tests.golden import build, homes

SECONDS = 2.0
WORDED = {  # messages that hold words of Python's own, or of numpy's, which older ones choose otherwise
    "linear-without-rng",  # "Linear.__init__() takes 3 positional arguments"
    "predict-returns-probabilities",  # the repr of an array
    "syntax-error-in-a-function",  # "expected ':'"
    "syntax-error-in-a-class",  # "'(' was never closed"
}
BY_ID = {golden.id: golden for golden in build.read().submission}


@dataclass(frozen=True)
class Measured:
    """Where things are; `read` gives a result of the run with one or two jobs."""

    root: Path

    @property
    def course(self) -> Path:
        return self.root / "course"

    @property
    def handout(self) -> Path:
        return self.root / "handout" / "td2"

    @property
    def submissions(self) -> Path:
        return self.root / "class"

    @property
    def out(self) -> Path:
        return self.root / "out"

    def result(self, student: str, jobs: str = "one") -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / f"results-{jobs}" / f"{student}.json").read_text())
        return found

    def home(self, python: str, student: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / f"home-{python}" / f"{student}.json").read_text())
        return found

    def pages(self, python: str, student: str) -> tuple[str, str]:
        """What a student reads: the page that check.py wrote at home, and the grader's."""
        local = self.root / f"desk-{python}" / student / "check.html"
        return local.read_text(encoding="utf-8"), (self.out / "feedback" / f"{student}.html").read_text(
            encoding="utf-8"
        )

    def surdix(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """The command line, with this course and its own private store."""
        environment = {**os.environ, "SURDIX_STORE": str(self.root / "store")}
        return commands.run(*arguments, "--course", self.course, env=environment, cwd=load.PROJECT, timeout=600)


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "golden"
    root.mkdir(exist_ok=True)
    found = Measured(root)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be at it
        ended = root / "ended"
        if not ended.exists():
            ended.write_text("the measurement was interrupted")
            try:
                _measure(found)
            except Exception as error:
                ended.write_text(f"{type(error).__name__}: {error}")
                raise
            ended.write_text("")
        if ended.read_text():
            pytest.fail(f"in another worker: {ended.read_text()}")
    return found


@pytest.fixture(scope="session")
def loaded(measured: Measured) -> load.Loaded:
    """The copy of the course that everything was graded with."""
    return load.load(measured.course, "td2")


@pytest.fixture(scope="session")
def marking(measured: Measured, loaded: load.Loaded) -> Marking:
    """As the command line had it, with the same secret and the same sentences."""
    for table in (INTAKE_SENTENCES, GRADEBOOK_SENTENCES):
        sentences.add(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SURDIX_STORE", str(measured.root / "store"))
        return prepare(loaded, store.secret(), keep=True)


def pythons(golden: build.Golden) -> dict[str, str]:
    """The Pythons at home that judge a submission; a plain text is not judged twice, since that takes half a second,
    but where the two word it differently."""
    oldest, _ = homes.oldest_python()
    found = {"own": homes.OWN} if not (golden.plain and oldest) or golden.id in WORDED else {}
    return {**found, "oldest": oldest} if oldest else found


def _measure(here: Measured) -> None:
    _copy_course(here.course)
    made = here.surdix("generate", "td2", "--out", here.handout.parent)
    assert made.returncode == 0, made.stderr
    course = load.load(here.course, "td2")
    build.builder("td2", course).write(here.submissions)
    handed_in = collect(here.submissions, course.assignment)
    for name in ("own", "oldest"):
        (here.root / f"home-{name}").mkdir()
    with ThreadPoolExecutor(3) as pool:  # one more than processors: an endless loop is waited for
        graded = pool.submit(_grade, here, "one", "--jobs", "1")
        asked = [
            pool.submit(_at_home, here, name, python, submission)
            for submission in handed_in
            if submission.picked
            for name, python in pythons(BY_ID[submission.student_id]).items()
        ]
        for future in (graded, *asked):
            future.result()
    _grade(here, "two", "--jobs", "2", "--fresh")


def _copy_course(course: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(load.PROJECT / "assignments" / "td2", course / "assignments" / "td2", ignore=ignore)
    shutil.copytree(load.PROJECT / "reference", course / "reference", ignore=ignore)
    toml = course / "assignments" / "td2" / "assignment.toml"
    assert "[limits]" not in toml.read_text()
    toml.write_text(toml.read_text() + f"\n[limits]\nload_seconds = {SECONDS}\ncheck_seconds = {SECONDS}\n")
    checks = course / "assignments" / "td2" / "checks.py"
    text, count = re.subn(r'@check\(\s*"2\.9",', '@check("2.9", seconds=10.0,', checks.read_text())
    assert count and "seconds=" not in checks.read_text()
    checks.write_text(text)


def _grade(here: Measured, jobs: str, *options: str) -> None:
    done = here.surdix("grade", "td2", here.submissions, "--out", here.out, *options)
    (here.root / f"said-{jobs}.json").write_text(json.dumps([done.returncode, done.stdout, done.stderr]))
    shutil.copytree(here.out / "results", here.root / f"results-{jobs}")


def _at_home(here: Measured, name: str, python: str, submission: Submission) -> None:
    student, file = submission.student_id, submission.picked.rpartition("/")[2]
    files = {**submission.others, file: submission.source}
    said = homes.check(python, here.handout, here.root / f"desk-{name}" / student, file, files)
    (here.root / f"home-{name}" / f"{student}.json").write_text(json.dumps(said))
