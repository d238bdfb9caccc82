"""Does a sandbox work here? Proved by running a submission in it that tries what must not succeed."""

from __future__ import annotations

import os
import socket
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from grader.contract import Assignment, Case, Check, Limits, Submission
from grader.errors import SandboxUnavailable
from grader.sandbox import dialogue, jail
from grader.sandbox.tiers import open_sandbox
from student_template.runner import codec

PROBES = "def examined(td, home, port):\n    return td.examined(home, port)\n"
SUBMISSION = b"""
import os, socket

def examined(home, port):
    found = {"uid": os.getuid(), "home": os.path.exists(home) and bool(os.listdir(home))}
    try:
        socket.create_connection(("127.0.0.1", port), 1.0)
        found["network"] = "open"
    except OSError as error:
        found["network"] = error.strerror or "closed"
    try:
        open("/surdix/written", "w")
        found["writable"] = True
    except OSError:
        found["writable"] = False
    return found
"""
PROFILE = """abi <abi/4.0>,
include <tunables/global>
profile surdix-bwrap {path} flags=(unconfined) {{
  userns,
}}"""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was proved, in words, and the median time of a submission."""

    tier: str
    milliseconds: float
    proved: tuple[str, ...]


def examine(tier: str, runs: int = 7) -> Examination:
    """Run a prying submission in a sandbox of this tier. Raises `SandboxUnavailable` with the reason."""
    check = Check("examined", "1", 10.0, "It is sealed.", {"kind": "equal"}, ("home", "port"))
    assignment = Assignment(
        name="doctor",
        title="",
        language="en",
        timezone="",
        packages=("numpy",),
        data=(),
        handout_url="",
        hours=0.0,
        files={"doctor.py": ()},
        limits=Limits(),
        policy={},
        checks=(check,),
        manual=(),
        interface=("examined",),
        stub="",
        probes=PROBES,
        folder=str(Path(__file__).parent),
        version="",
    )
    submission = Submission("doctor", "doctor", "doctor.py", SUBMISSION)
    with socket.create_server(("127.0.0.1", 0)) as here, open_sandbox(tier, assignment) as sandbox:
        cases = {"examined": [Case("c", {"home": str(jail.PROJECT), "port": here.getsockname()[1]})]}
        asked = dialogue.questions(assignment, cases, {"examined": []})
        times = []
        for _ in range(runs):
            started = time.perf_counter()
            run = dialogue.run(sandbox, submission, asked)
            times.append(1000 * (time.perf_counter() - started))
        answer = run.checks["examined"].public[0]
        if answer.outcome is not None:
            raise SandboxUnavailable(f"the {tier} sandbox starts, but nothing runs in it: {answer.key} {answer.values}")
        found = codec.decode(answer.value)
    if found["home"] or found["writable"] or found["network"] == "open" or found["uid"] == 0:
        raise SandboxUnavailable(f"the {tier} sandbox is not sealed on this machine: {found}")
    proved = (f"no network ({found['network']})", "the project is not visible", "read-only", f"uid {found['uid']}")
    return Examination(tier, statistics.median(times), proved)


def limits() -> str:
    """How memory is limited here."""
    if Path("/sys/fs/cgroup/cgroup.controllers").exists():
        groups = "cgroup v2 is mounted"
    elif Path("/sys/fs/cgroup/memory").exists():
        groups = "cgroup v1 is mounted"
    else:
        groups = "no cgroups"
    return f"address space, cpu time, processes, files and sizes by rlimit ({groups}, not used)"


def advice(problem: str) -> list[str]:
    """What to do about a refusal, for this host. Never to turn its protection off."""
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    refused = any(
        word in problem for word in ("uid map", "RTM_NEWADDR", "Permission denied", "Operation not permitted")
    )
    if refused and restricted.exists() and restricted.read_text().strip() == "1" and os.getuid() != 0:
        try:
            path = jail.bwrap()
        except SandboxUnavailable:
            path = "/usr/bin/bwrap"
        return [
            "This system allows user namespaces only to programs with an AppArmor profile. Give bwrap one:",
            "sudo tee /etc/apparmor.d/surdix-bwrap <<'END'",
            *PROFILE.format(path=path).splitlines(),
            "END",
            "sudo apparmor_parser -r /etc/apparmor.d/surdix-bwrap",
        ]
    if refused and Path("/.dockerenv").exists():
        return [
            "Inside a container, whoever starts it must allow what bwrap does (namespaces, mounts), for instance",
            "docker run --cap-add SYS_ADMIN --security-opt seccomp=unconfined; or grade outside of the container.",
        ]
    if sys.platform != "linux":
        return ["The sandbox needs Linux. On macOS and Windows, grade in a Linux virtual machine or in WSL 2."]
    return []
