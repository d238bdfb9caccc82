"""What is asked of docker. No engine runs here: a stand-in on the PATH runs the same interpreter in a pid namespace."""

import stat
import sys
import textwrap

import numpy as np
import pytest

from grader.contract import Case, Submission
from grader.errors import SandboxUnavailable
from grader.sandbox import container, dialogue, jail
from grader.sandbox.tiers import open_sandbox
from student_template.runner import codec
from tests.sandbox.conftest import X, assignment

ENGINE = """
#!{python}
import json, os, subprocess, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1] == "kill":
    sys.exit(subprocess.call(["pkill", "-KILL", "-f", "--", "--hostname " + sys.argv[2]]))
name = sys.argv[sys.argv.index("--name") + 1]
code = sys.argv[-1].replace("['/surdix']", {folders!r})
shown = ["/" + top for top in os.listdir("/") if top not in ("scratch", "proc", "dev")]
root = [word for top in shown for word in ("--ro-bind", top, top)]
user = [] if os.getuid() == 0 else ["--unshare-user"]
os.execv({bwrap!r}, [{bwrap!r}, *user, *root, "--unshare-pid", "--unshare-uts", "--hostname", name, "--dev", "/dev",
                     "--perms", "1777", "--tmpfs", "/scratch", "--die-with-parent", "--", {python!r}, "-c", code])
"""


@pytest.fixture
def engine(tmp_path, monkeypatch):
    numpy = str(next(iter(np.__path__)).removesuffix("/numpy"))
    script = tmp_path / "docker"
    text = ENGINE.format(
        python=sys.executable, log=str(tmp_path / "log"), folders=repr([str(jail.PROJECT), numpy]), bwrap=jail.bwrap()
    )
    script.write_text(textwrap.dedent(text).lstrip())
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "log"


def test_the_command_closes_what_it_should(engine):
    command = container.command("surdix-1", assignment().limits)
    text = " ".join(command)
    for wanted in (
        "--rm --interactive --name surdix-1",
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--user 65534:65534",
        f"--memory {256 << 20} --memory-swap {256 << 20}",
        "--pids-limit 72",
        f"size={16 << 20}",
        "/student_template/runner:/surdix/student_template/runner:ro",
        "/grader/sandbox/inside:/surdix/grader/sandbox/inside:ro",
        "--env OPENBLAS_NUM_THREADS=1",
    ):
        assert wanted in text
    mounted = [command[i + 1] for i, word in enumerate(command) if word == "--volume"]
    assert len(mounted) == 2 and all(volume.endswith(":ro") for volume in mounted)
    assert command.index(container.image()) < command.index("-c")


def test_a_podman_alone_will_do(tmp_path, monkeypatch):
    (tmp_path / "podman").write_text("#!/bin/sh\n")
    (tmp_path / "podman").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert container.engine() == str(tmp_path / "podman")
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SandboxUnavailable, match="neither docker nor podman"):
        open_sandbox("docker", assignment())


def test_a_missing_image_is_said_in_the_engines_words(tmp_path, monkeypatch):
    (tmp_path / "docker").write_text("#!/bin/sh\necho 'Unable to find image surdix-sandbox locally' >&2\nexit 125\n")
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(SandboxUnavailable, match="Unable to find image surdix-sandbox"):
        open_sandbox("docker", assignment())


def test_a_submission_goes_through_its_pipes(engine):
    source = b"def first(x):\n    return 3 * x\ndef second(x):\n    while True: pass\n"
    with open_sandbox("docker", assignment()) as sandbox:
        asked = {c.id: [Case("c", {"x": X})] for c in sandbox.assignment.checks}
        questions = dialogue.questions(sandbox.assignment, asked, {c.id: [] for c in sandbox.assignment.checks})
        run = dialogue.run(sandbox, Submission("s", "S", "tdx.py", source), questions)
    assert run.tier == "docker"
    assert np.array_equal(codec.decode(run.checks["first"].public[0].value), 3 * X)
    assert run.checks["second"].public[0].outcome == "timeout"
    assert '"kill"' in engine.read_text()
