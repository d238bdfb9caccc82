"""Does a sandbox work here, and does it keep its promises? Proved by running in it what would break them."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import contract
from grader.contract import Answer, Assignment, Case, Check, Policy, Run, Submission
from grader.errors import SandboxUnavailable
from grader.sandbox import container, dialogue, groups, jail, proofs, syscalls
from grader.sandbox.tiers import Sandbox, open_sandbox
from student_template.runner import codec

GONE_SECONDS = 2.0  # a process that was killed takes a moment to be gone
RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
PROFILE = """abi <abi/4.0>,
include <tunables/global>
profile surdix-bwrap {path} flags=(unconfined) {{
  userns,
}}"""
NESTED = ("no namespaces inside the jail", "clone: ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one promise was kept, by what, and what the attack came to."""

    promise: str
    kept: bool
    by: str
    result: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found of a tier, the median time of a submission, and who enforces which limit."""

    tier: str
    milliseconds: float
    verdicts: tuple[Verdict, ...]
    limits: tuple[tuple[str, str], ...]

    @property
    def sealed(self) -> bool:
        return not self.broken

    @property
    def broken(self) -> list[str]:
        """The promises that are not kept."""
        return [verdict.promise for verdict in self.verdicts if not verdict.kept]


def examine(tier: str, runs: int = 5) -> Examination:
    """Attack a sandbox of this tier. Raises `SandboxUnavailable` where nothing runs in it."""
    mark = f"surdix-{secrets.token_hex(4)}"  # as long as the name of a process may be
    assignment = _assignment()
    with (
        _surroundings(mark) as where,
        socket.create_server(("127.0.0.1", 0)) as here,
        open_sandbox(tier, assignment) as sandbox,
    ):
        where["port"] = here.getsockname()[1]
        cases = {proof.attack: [Case("c", {"where": where})] for proof in proofs.PROOFS}
        asked = dialogue.questions(assignment, cases, {})
        milliseconds = _time(sandbox, asked, runs)
        together = [q for q, proof in zip(asked, proofs.PROOFS, strict=True) if not proof.alone]
        run = _run(sandbox, together)
        results = {name: _result(checked.public[0]) for name, checked in run.checks.items()}
        if results.get("leaves_daemon") == "started":
            results["leaves_daemon"] = "left" if _stays(mark) else "gone"
        if run.died:
            results["exits"] = "took the others along"
        for question in asked:
            if question not in together:
                answered = _run(sandbox, [question]).checks
                results |= {name: _result(checked.public[0]) for name, checked in answered.items()}
        memory = _memory(sandbox)
        verdicts = []
        for proof in proofs.PROOFS:
            result = results.get(proof.attack, "never answered: its session dies")
            verdicts.append(Verdict(proof.promise, result == proof.expected, _by(proof, memory), result))
        return Examination(sandbox.tier, milliseconds, tuple(verdicts), _limits(memory))


def _assignment() -> Assignment:
    return Assignment(
        name="doctor",
        title="",
        language="en",
        timezone="",
        packages=("numpy",),
        data=(),
        handout_url="",
        hours=0.0,
        files={"doctor.py": ()},
        limits=proofs.LIMITS,
        policy=Policy(),
        checks=tuple(
            Check(p.attack, "1", 1.0, p.promise, {"kind": "equal"}, ("where",), seconds=p.seconds)
            for p in proofs.PROOFS
        ),
        manual=(),
        interface=tuple(proof.attack for proof in proofs.PROOFS),
        stub="",
        probes=proofs.PROBES,
        folder=str(Path(__file__).parent),
        version="",
    )


@contextmanager
def _surroundings(mark: str) -> Iterator[dict[str, Any]]:
    """What lies around the sandbox, and must not be seen in it: files, a process, a variable."""
    limits = proofs.LIMITS
    os.environ[mark] = mark
    try:
        with tempfile.NamedTemporaryFile(prefix=mark) as secret:
            home = [str(path) for path in Path.home().glob("*") if path.is_file() and os.access(path, os.R_OK)]
            yield {
                "mark": mark,
                "files": [contract.__file__, secret.name, f"/proc/{os.getpid()}/environ", *home[:50]],
                "process": os.getpid(),
                "memory": limits.memory,
                "processes": limits.processes,
                "written": limits.written,
            }
    finally:
        del os.environ[mark]


def _run(sandbox: Sandbox, asked: Sequence[dialogue.Question]) -> Run:
    return dialogue.run(sandbox, Submission("doctor", "doctor", "doctor.py", proofs.SOURCE), asked)


def _time(sandbox: Sandbox, asked: Sequence[dialogue.Question], runs: int) -> float:
    """Milliseconds of a submission of one check. Raises `SandboxUnavailable` where that does not run."""
    one = [question for question in asked if question.check.id == "has_rights"]
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        run = _run(sandbox, one)
        times.append(1000 * (time.perf_counter() - started))
        answer = run.checks["has_rights"].public[0] if run.checks else None
        if answer is None or answer.outcome is not None:
            why = f"{answer.key} {answer.values}" if answer else "its process dies"
            raise SandboxUnavailable(f"the {sandbox.tier} sandbox starts, but nothing runs in it: {why}")
    return statistics.median(times)


def _result(answer: Answer) -> str:
    """What an attack came to: the outcome, or else what it says itself."""
    if answer.outcome is not None:
        said = answer.values.get("error", answer.values.get("how"))
        return f"{answer.outcome}: {said}" if said else str(answer.outcome)
    return str(codec.decode(answer.value))


def _stays(name: str) -> bool:
    """Is there, or does there stay, a process of that name?"""
    end = time.monotonic() + GONE_SECONDS
    while name in _names():
        if time.monotonic() > end:
            return True
        time.sleep(0.01)
    return False


def _names() -> set[str]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            found.add(path.read_text().strip())
        except OSError:
            continue  # it has ended meanwhile
    return found


def _memory(sandbox: Sandbox) -> str:
    """Who limits the memory of all processes together."""
    if sandbox.counts_memory:
        return "looking from outside"
    return f"control group, version {2 if groups.is_unified() else 1}"


def _by(proof: proofs.Proof, memory: str) -> str:
    """The mechanisms that keep a promise, without those that this machine has not."""
    found = [memory if name == proofs.TOGETHER else name for name in proof.by]
    if not syscalls.available():
        found = [name for name in found if name != proofs.FILTER] or [f"no {proofs.FILTER}"]
    return ", ".join(found)


def _limits(memory: str) -> tuple[tuple[str, str], ...]:
    """Which limits there are, and who enforces them."""
    counted = " and number" if memory.startswith("control group") else ""
    return (
        ("rlimit", "address space and processor time of a process, processes, open files, size of a file"),
        (memory, f"memory{counted} of all processes of a submission together"),
        ("namespaces", "bytes and files of the scratch space; what is seen of files, processes and networks"),
        (proofs.FILTER if syscalls.available() else f"no {proofs.FILTER}", "system calls"),
        ("clock", "wall time of loading and of each check, inside, and outside once more"),
    )


def missing() -> list[str]:
    """What is not here, and how to install it."""
    if syscalls.available():
        return []
    return [f"no {proofs.FILTER}: there is no libseccomp to make it with. {syscalls.MISSING}"]


def engines() -> str:
    """Of docker and podman, what is on the PATH. No container is started."""
    found = [name for name in container.ENGINES if shutil.which(name)]
    return f"{' and '.join(found)} on the PATH" if found else "neither docker nor podman is on the PATH"


def advice(problem: str) -> list[str]:
    """What to do about a refusal, for this host. Never to turn its protection off."""
    if any(words in problem for words in NESTED):
        return [
            "bwrap runs, and what it starts may not make namespaces of its own; Ubuntu's profile bwrap-userns-restrict",
            "does that. Nothing is lost but time: cold needs none, and keeps the same promises.",
        ]
    refused = any(
        word in problem for word in ("uid map", "RTM_NEWADDR", "Permission denied", "Operation not permitted")
    )
    if refused and RESTRICTED.exists() and RESTRICTED.read_text().strip() == "1" and os.getuid() != 0:
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
