"""One submission in its own process: load it, then answer checks, each in a further fork.

Messages from the grader:   load (source, others, plan, …), then any number of check (id, cases).
Messages to the grader:     block (about to run), loaded; for each check one message with what its fork wrote.

This process shares its memory with the student's code once that is loaded. So it promises nothing: the grader has
its own clock and its own limits, and takes what comes from here as the submission's word. What the process does
for honest submissions is to keep checks apart: each runs in a fork of the loaded state, which is killed with all
that it started when it ends or its time is up. The fork's own pipe is read until the fork has exited, not until the
pipe closes: a grandchild could hold it open.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grader.sandbox.inside import linux, wire
from student_template.runner import codec, loading, probing, reading

ROOM = 4 << 20  # a check's messages around its answers and printed text


def limits(given: Mapping[str, Any], base: int) -> None:
    """The submission's limits, for this process and all that it starts; `base` is address space used already."""
    linux.limit(resource.RLIMIT_CORE, 0)
    linux.limit(resource.RLIMIT_NPROC, given["processes"])
    linux.limit(resource.RLIMIT_NOFILE, given["open_files"])
    linux.limit(resource.RLIMIT_FSIZE, given["written"])
    linux.limit(resource.RLIMIT_AS, base + given["memory"])


def sweep_namespace() -> None:
    """Kill every other process of this pid namespace, and wait until none is left."""
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.0005)


def sweep_nothing() -> None:
    """Without a sandbox there is no namespace to sweep: the fork's own process group has been killed."""


def serve(
    sock: socket.socket,
    probes: Mapping[str, probing.Probe],
    scratch: Path,
    data: Mapping[str, bytes],
    sweep: Callable[[], None],
) -> None:
    """Serve one submission until the grader hangs up."""
    job = wire.receive(sock)
    work = scratch / "work"
    work.mkdir(mode=0o700)
    for name, content in data.items():
        (work / name).write_bytes(content)
    for name, content in job["others"].items():
        with contextlib.suppress(
            OSError, ValueError, RecursionError
        ):  # a name too long, a file where a folder should be, too many of them
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    os.chdir(work)
    quiet = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):  # what C code writes; what Python prints is captured
        os.dup2(quiet, fd)
    printed = loading.Printed(job["printed"])
    wire.send(sock, {"kind": "reading"})
    cells, _ = reading.read(job["file"], job["source"])  # its notes are the intake's already
    loaded = loading.load(
        reading.blocks(cells),
        job["module"],
        file=job["file"],
        packages=job["packages"],
        others=job["others"],
        plan=loading.Plan(dict(job["plan"])),
        progress=lambda block: wire.send(sock, {"kind": "block", "block": block}),
        printed=printed,
        interruptible=False,
    )
    wire.send(
        sock,
        {
            "kind": "loaded",
            **loaded.account(),
            "notes": [list(note) for note in reading.remarks(cells)],
            "printed": loaded.printed,
        },
    )
    while True:
        try:
            asked = wire.receive(sock)
        except wire.Closed:
            return
        wire.send(sock, {"kind": "check", **_in_a_fork(sock, probes[asked["check"]], loaded, asked, job, sweep)})


def _in_a_fork(
    sock: socket.socket,
    probe: probing.Probe,
    loaded: loading.Loaded,
    asked: Mapping[str, Any],
    job: Mapping[str, Any],
    sweep: Callable[[], None],
) -> dict[str, Any]:
    """Run a check's cases in a fork; what it wrote, and how it ended: exited, status N, signal N, time, flood."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.setpgid(0, 0)
            os.close(read_end)
            sock.close()
            _answer(write_end, probe, loaded, asked, job)
            os._exit(0)
        os._exit(1)
    os.close(write_end)
    try:
        data, how = _watch(pid, read_end, asked["seconds"], job["answer"] + job["printed"] + ROOM)
    finally:
        os.close(read_end)
        for target in (pid, -pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(target, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            status = os.waitpid(pid, 0)[1]
        sweep()
    if how == "exited":
        code = os.waitstatus_to_exitcode(status)
        how = "exited" if code == 0 else f"signal {-code}" if code < 0 else f"status {code}"
    return {"how": how, "data": data}


def _watch(pid: int, pipe: int, seconds: float, most: int) -> tuple[bytes, str]:
    """Read the pipe until the process ends, its time is up or it has written too much."""
    process = os.pidfd_open(pid)
    os.set_blocking(pipe, False)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(pipe, select.POLLIN)
    deadline = time.monotonic() + seconds
    data = bytearray()
    try:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return bytes(data), "time"
            ready = {fd for fd, _ in poll.poll(left * 1000)}
            if pipe in ready and not _drain(pipe, data, most):
                poll.unregister(pipe)
            if len(data) > most:
                return b"", "flood"
            if process in ready:
                _drain(pipe, data, most)
                return bytes(data), "exited"
    finally:
        os.close(process)


def _drain(pipe: int, data: bytearray, most: int) -> bool:
    """Read what is there; False once every writer is gone."""
    while len(data) <= most:
        try:
            chunk = os.read(pipe, 1 << 20)
        except BlockingIOError:
            return True
        if not chunk:
            return False
        data += chunk
    return True


def _answer(
    pipe: int, probe: probing.Probe, loaded: loading.Loaded, asked: Mapping[str, Any], job: Mapping[str, Any]
) -> None:
    """In the fork: put every case to the module and write each answer as soon as it is there."""
    seconds = math.ceil(asked["seconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    printed = loading.Printed(job["printed"])
    for case in asked["cases"]:
        with loading.captured(printed):
            answer = probing.ask(probe, loaded, case, limit=job["answer"], interruptible=False)
        _write(pipe, vars(answer))
    _write(pipe, {"printed": printed.text()})


def _write(pipe: int, tree: dict[str, Any]) -> None:
    view = memoryview(codec.encode(tree))
    while view:
        view = view[os.write(pipe, view) :]
