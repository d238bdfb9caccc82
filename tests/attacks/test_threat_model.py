"""docs/threat-model.md names attacks, files and functions: all of them must be there."""

import re

import pytest

from tests.attacks.arena import PROJECT
from tests.attacks.test_attacks import FAMILIES, FOLDER

TEXT = (PROJECT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ATTACKS = sorted(set(re.findall(rf"`((?:{'|'.join(FAMILIES)})/\w+)`", TEXT)))
FILES = sorted(set(re.findall(r"`((?:grader|student_template|tests)/[\w/.]+)`", TEXT)))


def test_every_attack_that_is_named_exists():
    assert [name for name in ATTACKS if not (FOLDER / f"{name}.py").is_file()] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_mentioned(family):
    assert any(name.startswith(f"{family}/") for name in ATTACKS)


def test_every_file_that_is_named_exists():
    assert FILES and [name for name in FILES if not (PROJECT / name).exists()] == []


def test_every_name_of_a_file_that_is_given_is_in_it():
    named = re.findall(r"`([\w/]+\.py)` \((`\w+`(?:, `\w+`)*)\)", TEXT)
    found = [(path, name) for path, names in named for name in re.findall(r"\w+", names)]
    assert found
    assert [
        (path, name)
        for path, name in found
        if not re.search(rf"\b{name}\b", (PROJECT / path).read_text(encoding="utf-8"))
    ] == []
