"""Golden submissions of the TDs after td2: the grader says what it should, and check.py says the same at home.

They are fewer than td2's, which has all that does not depend on a TD: encodings, notebooks, archives, hostile files.
"""

from __future__ import annotations

import functools
import json
import os
from typing import Any

import pytest

from grader.authoring import load
from grader.intake import collect
from tests import commands
from tests.golden import build, homes
from tests.golden.test_golden import credit, differences

ALL = sorted({path.parent.name for path in build.SUBMISSIONS.glob("*/golden.toml")} - {"td2"})
TDS = ALL if os.environ.get("GOLDEN") == "all" else ["td7"]  # a class and its homes take a TD's own time
DATA = {td: build.read(td) for td in TDS}
SUBMISSIONS = [(td, golden.id) for td in TDS for golden in DATA[td].submission]


class Graded:
    """A TD's golden submissions, handed in and graded; what its handout's check.py says of one."""

    def __init__(self, td: str, root: Any) -> None:
        self.td, self.root = td, root
        self.loaded = load.load(load.PROJECT, td)
        self.golden = {golden.id: golden for golden in DATA[td].submission}
        build.builder(td, self.loaded).write(root / "class")
        environment = {**os.environ, "SURDIX_STORE": str(root / "store")}
        self._surdix = functools.partial(commands.run, env=environment, cwd=load.PROJECT, timeout=300)
        self.done = self._surdix("grade", td, root / "class", "--out", root / "out", "--jobs", 2)

    def result(self, student: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / "out" / "results" / f"{student}.json").read_text())
        return found

    @functools.cached_property
    def handout(self) -> Any:
        made = self._surdix("generate", self.td, "--out", self.root / "handout")
        assert made.returncode == 0, made.stderr
        return self.root / "handout" / self.td

    def at_home(self, student: str) -> dict[str, Any]:
        (handed_in,) = (s for s in collect(self.root / "class", self.loaded.assignment) if s.student_id == student)
        file = handed_in.picked.rpartition("/")[2]
        desk = self.root / "desk" / student
        return homes.check(homes.OWN, self.handout, desk, file, {**handed_in.others, file: handed_in.source})


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return functools.cache(lambda td: Graded(td, tmp_path_factory.mktemp(td)))


def test_every_td_after_the_fourth_has_some():
    later = [path.parent.name for path in (load.PROJECT / "assignments").glob("td[5-9]/assignment.toml")]
    assert set(later) <= set(ALL)


@pytest.mark.parametrize("td", TDS)
def test_scores_are_the_sums_of_the_outcomes(graded, td):
    """So that each expectation was thought of twice."""
    checks = {check.id: check for check in graded(td).loaded.assignment.checks}
    for golden in DATA[td].submission:
        named = {*golden.outcomes, *golden.public, *golden.hints} - {"*"}
        assert named <= checks.keys(), f"{golden.id} names {named - checks.keys()}"
        points = sum(check.points * credit(golden.outcome(name)) for name, check in checks.items())
        assert golden.score is not None and abs(points - golden.score) <= max(golden.within, 0.005 + 1e-9), (
            f"{golden.id}: {points}"
        )


@pytest.mark.parametrize(("td", "student"), SUBMISSIONS)
def test_the_grader_says_what_is_expected(graded, td, student):
    assert graded(td).done.returncode in (0, 1), graded(td).done.stderr
    assert differences(graded(td).golden[student], graded(td).result(student)) == []


@pytest.mark.parametrize(("td", "student"), SUBMISSIONS)
def test_at_home_check_py_says_what_the_grader_says(graded, td, student):
    told = graded(td).at_home(student)
    said = {
        name: {key: verdict[key] for key in ("outcome", "passed", "cases")}
        for name, verdict in told["verdicts"].items()
    }
    assert said == {check["id"]: check["public"] for check in graded(td).result(student)["checks"]}, told["err"]
