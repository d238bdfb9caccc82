"""Every attack: stopped by the sandbox, as root and as an ordinary user, warm and cold; and one that wins without it.

`pytest tests/attacks` runs the fast part; `make attacks` (ATTACKS=all) runs every attack in every way.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks import arena

FILES = sorted((Path(__file__).parent / "attacks").glob("*/*.py"))
UID = 54400 + os.getpid() % 1000
SLOW = ("hanging", "bombs")  # families whose attacks take their whole time
EVERY = os.environ.get("ATTACKS") == "all"
CHOSEN = [path for path in FILES if EVERY or path.parent.name not in SLOW]
WAYS = [("warm", "root"), ("warm", "ordinary"), ("cold", "root"), ("cold", "ordinary")][: None if EVERY else 2]
each_attack = pytest.mark.parametrize("attack", CHOSEN, ids=lambda path: f"{path.parent.name}/{path.stem}")


def run(tier, files, user, home, *more):
    """One line of the arena for each file."""
    command = [sys.executable, "-m", "tests.attacks.arena", tier, *more, *map(str, files)]
    if user == "ordinary":
        if os.getuid() != 0:
            pytest.skip("only root can become an ordinary user; this run is one already")
        os.chown(home, UID, UID)
        command = arena.as_user(command, UID, home)
    elif user == "root" and os.getuid() != 0:
        pytest.skip("not root")
    done = subprocess.run(command, capture_output=True, text=True, cwd=arena.PROJECT, timeout=120)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == len(files), done.stderr[-3000:]
    return lines


@each_attack
@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_an_attack_is_stopped_and_hurts_nobody(attack, way, tmp_path):
    tier, user = way
    (found,) = run(tier, [attack], user, tmp_path)
    assert found["seen"] == []
    assert found["status"] != "grader_fault"  # a class's grading should not wait for a person either
    assert found["score"] is None or found["score"] <= found["honest"]
    assert found["neighbour"] == [found["perfect"]], found["trouble"]


@each_attack
def test_the_same_attack_wins_where_nothing_stops_it(attack, tmp_path):
    fields = arena.read(attack).fields
    (found,) = run(fields["off"], [attack], "", tmp_path, "--outer")
    assert fields["seen"] in found["seen"]


def test_there_are_enough_attacks_of_every_family():
    families = {path.parent.name for path in FILES}
    assert families >= {"leaving", "reading"}
