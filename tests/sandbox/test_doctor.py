"""What `surdix doctor` finds: here all promises kept, a broken one where a mechanism is off, and refusals explained."""

import ast
import subprocess
import sys

import pytest
from click.testing import CliRunner

from grader.cli.doctor import doctor as command
from grader.sandbox import doctor, jail, proofs, syscalls, tiers
from tests.attacks import arena

OUTSIDE = """
from tests.attacks import arena
arena.bound()
from grader.sandbox import doctor
print([(verdict.promise, verdict.kept, verdict.result) for verdict in doctor.examine("none", runs=1).verdicts])
"""
KEPT_BY_FORKS_AND_CLOCKS = {"knows_environment", "loops", "finds_mark"}  # these are there without a sandbox, too
NO_SCRATCH = {"writes_one_file", "fills_disk", "exits"}  # they write to /scratch, which is not there


def promises(found):
    return {proof.attack: verdict for proof, verdict in zip(proofs.PROOFS, found.verdicts, strict=True)}


def run():
    return CliRunner().invoke(command, [])


@pytest.mark.parametrize("tier", ["warm", "cold"])
def test_every_promise_is_kept_here(tier):
    found = doctor.examine(tier, runs=1)
    assert [verdict for verdict in found.verdicts if not verdict.kept] == []
    assert found.sealed and found.tier == tier and found.milliseconds > 0


def test_the_command_says_a_line_for_each_promise_and_names_docker():
    result = run()
    assert result.exit_code == 0, result.output
    assert result.output.count("  kept  ") == 2 * len(proofs.PROOFS) and "BROKEN" not in result.output
    assert "docker: by hand, see docs/sandbox.md" in result.output
    assert "`surdix grade` uses warm." in result.output


def test_without_a_filter_its_promises_are_broken_and_the_way_to_one_is_named(monkeypatch):
    monkeypatch.setattr(syscalls, "program", lambda: None)
    broken = {name: v for name, v in promises(doctor.examine("warm", runs=1)).items() if not v.kept}
    assert set(broken) == {"opens_sockets", "traces", "makes_namespace"}
    assert {verdict.by for verdict in broken.values()} == {"no system call filter"}
    result = run()
    assert result.exit_code == 1
    assert syscalls.MISSING in result.output
    assert "warm, without a system call filter is not sealed on this machine. BROKEN: opens no socket" in result.output


def test_without_a_limit_on_processes_that_is_said(monkeypatch):
    monkeypatch.setattr(doctor.groups, "make", lambda *_: None)  # a group would count them too
    limits = tiers.limits_of
    monkeypatch.setattr(tiers, "limits_of", lambda given: {**limits(given), "processes": 500})
    broken = [name for name, verdict in promises(doctor.examine("warm", runs=1)).items() if not verdict.kept]
    assert broken == ["makes_processes"]


def test_memory_is_looked_at_where_there_are_no_control_groups(monkeypatch):
    monkeypatch.setattr(doctor.groups, "make", lambda *_: None)
    verdict = promises(doctor.examine("warm", runs=1))["shares_memory_out"]
    assert verdict.kept and verdict.by == "looking from outside"


def test_the_attacks_win_in_a_plain_process():
    done = subprocess.run(
        arena.outer([sys.executable, "-c", OUTSIDE]), capture_output=True, text=True, cwd=arena.PROJECT, timeout=120
    )
    found = ast.literal_eval(done.stdout)
    kept = {p.attack for p, (_, was_kept, _) in zip(proofs.PROOFS, found, strict=True) if was_kept}
    assert kept - NO_SCRATCH <= KEPT_BY_FORKS_AND_CLOCKS


def test_a_refusal_of_nesting_is_explained_and_cold_is_used(no_nesting):
    result = run()
    assert result.exit_code == 0, result.output
    assert "warm: no: the warm sandbox does not start: PermissionError: [Errno 1] clone" in result.output
    assert "Nothing is lost but time" in result.output
    assert "`surdix grade` uses cold." in result.output


def test_ubuntus_refusal_is_recognised_and_a_profile_printed(monkeypatch, tmp_path):
    restricted = tmp_path / "restricted"
    restricted.write_text("1\n")
    monkeypatch.setattr(doctor, "RESTRICTED", restricted)
    monkeypatch.setattr(doctor.os, "getuid", lambda: 1000)
    monkeypatch.setattr(jail, "bwrap", lambda: "/opt/bwrap")
    said = "\n".join(doctor.advice("bwrap: setting up uid map: Permission denied"))
    assert "profile surdix-bwrap /opt/bwrap flags=(unconfined) {\n  userns," in said
    assert "apparmor_restrict" not in said  # never to turn the protection off
