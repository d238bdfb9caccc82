"""Right solutions that share no code with the reference get all the points, at any secret."""

import secrets
from pathlib import Path

import pytest

from grader.authoring import load
from grader.contract import Submission
from grader.pipeline import grade, prepare
from grader.sandbox.tiers import open_sandbox

SOLUTIONS = sorted((Path(__file__).parents[1] / "independent").glob("td*.py"))


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_gets_all_the_points(path: Path) -> None:
    loaded = load.load(load.PROJECT, path.stem.partition("_")[0])
    marking = prepare(loaded, secrets.token_bytes(32), mistakes=False)
    submission = Submission("independent", path.stem, loaded.assignment.file, path.read_bytes())
    with open_sandbox("best", loaded.assignment) as box:
        _, report = grade(box, submission, marking)
    assert report.score == loaded.assignment.out_of
