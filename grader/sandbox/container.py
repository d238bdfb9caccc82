"""The command line of docker or podman: a container a submission, for hosts without user namespaces, and for macOS.

The image holds Python and the packages that TDs allow (its recipe is in docs/sandbox.md); the runner and this room's
`inside` are mounted into it, so that an image need not be built again for a new version of surdix. No engine runs where
this was written: the command is tested, and what it starts is not.

Sources: docker-run(1), podman-run(1).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess

from grader.contract import Limits
from grader.errors import SandboxUnavailable
from grader.sandbox import jail

ENGINES = ("docker", "podman")
IMAGE = "surdix-sandbox"
NOBODY = 65534
KILL_SECONDS = 10.0


def engine() -> str:
    """The path of docker, else podman. Raises `SandboxUnavailable`."""
    for name in ENGINES:
        if found := shutil.which(name):
            return found
    raise SandboxUnavailable("there is neither docker nor podman on this machine; install one, or use --sandbox best")


def image() -> str:
    return os.environ.get("SURDIX_IMAGE", IMAGE)


def command(name: str, limits: Limits, worker: int = 0) -> list[str]:
    """Run the container called `name`; its standard input and output are the control channel.

    Each worker has a user of its own: how many processes one may have, the kernel counts over all containers.
    """
    user = NOBODY - worker
    made = [engine(), "run", "--rm", "--interactive", "--name", name, "--pull", "never"]
    made += ["--network", "none", "--read-only", "--ipc", "private", "--hostname", "surdix"]
    made += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", f"{user}:{user}"]
    made += ["--memory", str(limits.memory), "--memory-swap", str(limits.memory), "--cpus", "1"]
    made += ["--pids-limit", str(limits.processes + 8), "--ulimit", "core=0"]
    made += ["--shm-size", str(limits.written)]
    made += ["--tmpfs", f"/scratch:rw,nosuid,nodev,noexec,mode=1777,size={limits.written}"]
    for target, source in jail.ours().items():
        made += ["--volume", f"{source}:{target}:ro"]
    for variable, value in jail.environment().items():
        made += ["--env", f"{variable}={value}"]
    python = jail.code("wire.Pipes(0, 1)", folders=[jail.ROOT], flags=["-I"])  # with the image's own packages
    return [*made, "--workdir", "/", "--entrypoint", "python3", image(), *python]


def kill(name: str) -> None:
    """Kill a container; it is removed with that. One that has ended by itself is gone already."""
    with contextlib.suppress(subprocess.TimeoutExpired):  # the engine hangs: no reason to lose a result
        subprocess.run([engine(), "kill", name], capture_output=True, timeout=KILL_SECONDS, check=False)
