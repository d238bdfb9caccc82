"""Every attack: stopped by the sandbox, as root and as an ordinary user, warm and cold; and one that wins without it.

`pytest tests/attacks` runs an eighth of the fast families, warm; `make attacks` (ATTACKS=all) runs every attack in
every way.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.attacks import arena

FOLDER = Path(__file__).parent / "attacks"
FAMILIES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
UID = 54400 + os.getpid() % 1000
SLOW = ("hanging", "bombs")  # families whose attacks take their whole time
EVERY = os.environ.get("ATTACKS") == "all"
# Where memory is watched from outside, a second bomb at the same time would make the watcher late: one after another.
CHOSEN = [family for family in FAMILIES if EVERY or family not in SLOW]
ONE_AT_A_TIME = Path(tempfile.gettempdir()) / f"surdix-bombs-{os.getuid()}.lock"
WAYS = [("warm", "root"), ("warm", "ordinary"), ("cold", "root"), ("cold", "ordinary")][: None if EVERY else 2]


def files(family):
    return sorted((FOLDER / family).glob("*.py"))[:: 1 if EVERY else 8]


def run(tier, paths, user, home, *more):
    """What the arena says of each file, by its name."""
    command = [sys.executable, "-m", "tests.attacks.arena", tier, *more, *map(str, paths)]
    if user == "ordinary":
        if os.getuid() != 0:
            pytest.skip("only root can become an ordinary user; this run is one already")
        os.chown(home, UID, UID)
        command = arena.as_user(command, UID, home)
    elif user == "root" and os.getuid() != 0:
        pytest.skip("not root")
    bombs = any(path.parent.name == "bombs" for path in paths)
    with ONE_AT_A_TIME.open("w") if bombs else contextlib.nullcontext() as lock:
        if lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(command, capture_output=True, text=True, cwd=arena.PROJECT, timeout=900)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == len(paths), done.stderr[-3000:]
    return {line["attack"]: line for line in lines}


def wrong(found):
    """What an attack has won, or spoiled."""
    troubles = list(found["seen"])
    if found["status"] == "grader_fault":
        troubles.append("a grader's fault, for which a person has to look")
    if found["score"] is not None and found["score"] > found["honest"]:
        troubles.append(f"{found['score']} points for work of {found['honest']}")
    if found["neighbour"] != [found["perfect"]]:
        troubles.append(f"a neighbour with {found['neighbour']}: {found['trouble']}")
    return troubles


@pytest.mark.parametrize("family", CHOSEN)
@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_attacks_are_stopped_and_hurt_nobody(family, way, tmp_path):
    tier, user = way
    found = run(tier, files(family), user, tmp_path)
    assert {name: troubles for name, line in found.items() if (troubles := wrong(line))} == {}


@pytest.mark.parametrize("off", arena.OFF)
@pytest.mark.parametrize("family", CHOSEN)
def test_the_same_attacks_win_where_nothing_stops_them(family, off, tmp_path):
    expected = {
        path: arena.read(path).fields["seen"] for path in files(family) if arena.read(path).fields["off"] == off
    }
    if not expected:
        pytest.skip("this family wins the other way")
    found = run(off, list(expected), "", tmp_path, "--outer")
    assert {
        path.stem: found[path.stem]["seen"]
        for path, sensor in expected.items()
        if sensor not in found[path.stem]["seen"]
    } == {}


def test_there_are_enough_attacks_of_every_family():
    counted = {family: len(list((FOLDER / family).glob("*.py"))) for family in FAMILIES}
    assert set(counted) == {"bombs", "cheating", "escaping", "forging", "hanging", "leaving", "reading", "reports"}
    assert min(counted.values()) >= 8 and sum(counted.values()) >= 80
