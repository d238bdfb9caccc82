"""The guide for authors works as it stands: its files, its edits, its commands, and what these print."""

import csv
import time

import pytest

from tests.authoring.guide import FILES, KEPT, PAGE, follow, printed, set_up, steps


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """The page, followed: the folder, and each console with what came out."""
    folder = tmp_path_factory.mktemp("guide")
    environment = set_up(folder)
    began = time.monotonic()
    consoles = [(s, follow(s, folder, environment)) for s in steps(PAGE.read_text(encoding="utf-8"))]
    return folder, [(s, outcomes) for s, outcomes in consoles if s.kind == "console"], time.monotonic() - began


def test_its_commands_print_what_it_says(followed):
    _, consoles, _ = followed
    for step, outcomes in consoles:
        assert printed(outcomes) == step.text, "python -m tests.authoring.guide writes down what is printed now"


def test_its_commands_end_as_they_say(followed):
    _, consoles, _ = followed
    for _, outcomes in consoles:
        for command, output, status in outcomes:
            findings = "not fit to grade" in output or "Not carried over" in output
            assert status == int(findings), (command, output)
    commands = " ".join(command.split()[1] for _, outcomes in consoles for command, _, _ in outcomes)
    for command in ("import", "new", "validate", "generate", "grade"):
        assert command in commands


def test_it_ends_with_grades(followed):
    folder, _, seconds = followed
    with (folder / "results" / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores["alice"] == 10
    assert scores["bob"] < 10
    assert seconds < 300  # the hour is for the author, not for the machine


def test_the_td_that_it_makes_is_the_one_that_is_kept(followed):
    folder, _, _ = followed
    for file in FILES:
        assert (folder / "mycourse" / file).read_bytes() == (KEPT / file).read_bytes(), file


def test_every_file_that_it_shows_is_named():
    """A fence of Python without a file would not be tried."""
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("\n```python\n") == 0
    assert page.count("\n    surdix ") == 0
