"""The process that has numpy imported already and forks once for each submission.

It runs inside bubblewrap, as an ordinary user without capabilities, and never sees a byte of a submission: each comes
over a socket of its own, which is passed on unread to the fork. The fork makes namespaces of its own,

    warm ── fork ──► A: unshare(user, mount, pid, ipc, uts, net), maps its ids ── fork ──► B: pid 1, the submission

since a process that unshares a pid namespace is not in it, its first child is. B mounts a fresh scratch space, hides
/proc and what of /dev could be written to, gives up all capabilities and installs the system call filter; only then
does student code run. Killing A would leave B, so A asks to be told (PR_SET_PDEATHSIG) and this process, which
learns B's number, kills B itself: a pid 1's death takes its whole namespace along.

Forking is only safe with one thread, hence one BLAS thread, set by the environment before numpy is imported.

Messages on the control socket: setup once, answered by ready or fault; then a byte R with a socket attached (run),
K (kill it); each run is answered by D once nothing of it is left.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.sandbox.inside import linux, wire

SCRATCH = Path("/scratch")
NESTED = (
    linux.CLONE_NEWUSER
    | linux.CLONE_NEWNS
    | linux.CLONE_NEWPID
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWNET
)
_PID = struct.Struct("<q")


def main(fd: int) -> None:
    """Entry point inside the jail; `fd` is the control socket, inherited."""
    control = socket.socket(fileno=fd)
    setup = wire.receive(control)
    try:
        if setup["uid"] is not None:
            linux.become(setup["uid"], setup["uid"])
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        probes = _prepare(setup)
        base = linux.address_space()
        if setup["nested"]:
            _self_test()
    except Exception:  # told to the grader, who decides what to try next
        wire.send(control, {"kind": "fault", "text": traceback.format_exc()[-2000:]})
        return
    wire.send(control, {"kind": "ready"})
    if setup["nested"]:
        _warm(control, setup, probes, base)
    else:
        _serve(control, setup, probes, base)


def _prepare(setup: Mapping[str, Any]) -> Any:
    """Import all that a submission's process needs, and use once what loads lazily."""
    import numpy as np

    from grader.sandbox.inside import serve  # noqa: F401
    from student_template.runner import codec, probing

    probes, _ = probing.probes_of(setup["probes"], setup["checks"])
    for package in setup["packages"]:
        __import__(package)
    np.random.default_rng(0).normal(size=3) @ np.ones(3)
    codec.decode(codec.encode({"a": np.zeros(2), "b": [1.5, None]}))
    gc.collect()
    gc.freeze()
    return probes


def _self_test() -> None:
    """May this process make the namespaces? Tried in a fork, before anybody relies on it."""
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        try:
            linux.unshare(NESTED)
            os.write(write_end, b"ok")
        except OSError as error:
            os.write(write_end, str(error).encode())
        os._exit(0)
    os.close(write_end)
    said = os.read(read_end, 300)
    os.close(read_end)
    os.wait()
    if said != b"ok":
        raise OSError(f"no namespaces inside the jail: {said.decode(errors='replace')}")


def _warm(control: socket.socket, setup: Mapping[str, Any], probes: Any, base: int) -> None:
    while True:
        message, fds, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if message != b"R" or not fds:
            continue  # a K that came after its run had ended
        read_end, write_end = os.pipe()
        first = os.fork()
        if first == 0:
            control.close()
            os.close(read_end)
            _first(fds[0], write_end, setup, probes, base)
        os.close(write_end)
        os.close(fds[0])
        number = os.read(read_end, _PID.size)
        os.close(read_end)
        second = _PID.unpack(number)[0] if len(number) == _PID.size else None
        alive = _supervise(control, first, second)
        if not alive:
            return
        control.sendall(b"D")


def _supervise(control: socket.socket, first: int, second: int | None) -> bool:
    """Wait until A (and so B) is gone, killing B when asked to; False once the grader has hung up."""
    pidfd = os.pidfd_open(first)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(control, select.POLLIN)
    alive = True
    try:
        while True:
            ready = {fd for fd, _ in poll.poll()}
            if control.fileno() in ready and alive:
                alive = control.recv(1) == b"K"
                with contextlib.suppress(ProcessLookupError):
                    os.kill(second if second is not None else first, signal.SIGKILL)
                if not alive:
                    poll.unregister(control)
            if pidfd in ready:
                os.waitpid(first, 0)
                return alive
    finally:
        os.close(pidfd)


def _first(sock_fd: int, pipe: int, setup: Mapping[str, Any], probes: Any, base: int) -> None:
    """A: make the namespaces, fork B, wait for it."""
    try:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        uid, gid = os.getuid(), os.getgid()
        linux.unshare(NESTED)
        linux.map_ids(uid, gid)
        second = os.fork()
        if second == 0:
            os.close(pipe)
            _second(sock_fd, setup, probes, base)
        os.close(sock_fd)
        os.write(pipe, _PID.pack(second))
        os.close(pipe)
        os.waitpid(second, 0)
    except BaseException:  # seen by the grader as a run that ended before it began
        with contextlib.suppress(Exception):
            wire.send(socket.socket(fileno=sock_fd), {"kind": "fault", "text": traceback.format_exc()[-2000:]})
    finally:
        os._exit(0)


def _second(sock_fd: int, setup: Mapping[str, Any], probes: Any, base: int) -> None:
    """B: pid 1 of the submission's namespaces."""
    sock = socket.socket(fileno=sock_fd)
    try:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        linux.mount("none", "/", "none", linux.MS_REC | linux.MS_PRIVATE)
        _fresh(SCRATCH, setup["limits"]["written"])
        _fresh(Path("/dev/shm"), setup["limits"]["written"])
        _fresh(Path("/proc"), 4096, linux.MS_RDONLY)
    except OSError:
        wire.send(sock, {"kind": "fault", "text": traceback.format_exc()[-2000:]})
        os._exit(0)
    _serve(sock, setup, probes, base)


def _fresh(path: Path, size: int, flags: int = 0) -> None:
    """An empty file system in memory: `size` bytes, a thousand files."""
    flags |= linux.MS_NOSUID | linux.MS_NODEV
    linux.mount("tmpfs", str(path), "tmpfs", flags, f"size={size},nr_inodes=1000,mode=0700")


def _serve(sock: socket.socket, setup: Mapping[str, Any], probes: Any, base: int) -> None:
    from grader.sandbox.inside import serve

    sealed = setup["sealed"]
    try:
        if sealed:
            linux.drop_capabilities()
            serve.limits(setup["limits"], base)
            linux.install_filter(setup["filter"])
    except OSError:
        wire.send(sock, {"kind": "fault", "text": traceback.format_exc()[-2000:]})
        os._exit(0)
    scratch = Path(setup["scratch"])
    with contextlib.suppress(wire.Closed):
        serve.serve(sock, probes, scratch, setup["data"], serve.sweep_namespace if sealed else serve.sweep_nothing)
    sys.stdout.flush()
    os._exit(0)
