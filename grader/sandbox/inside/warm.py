"""The process that has numpy imported already and forks once for each submission.

It runs inside bubblewrap, as an ordinary user without capabilities, and never sees a byte of a submission: each comes
over a socket of its own, which is passed on unread to the fork.

    warm ── fork into namespaces of its own (user, mount, pid, ipc, uts, net) ──► pid 1 of those: the submission

That fork mounts a fresh scratch space, hides /proc and what of /dev could be written to, gives up all capabilities and
installs the system call filter. All this needs no submission: the grader asks for the next fork while one is at work,
and sends it a submission when that has ended. When pid 1 dies, its whole namespace goes with it.

Forking is only safe with one thread, hence one BLAS thread, set by the environment before numpy is imported.

Messages on the control socket: setup once, answered by ready or fault. Then R with a socket attached (make a fork, to
serve what comes over it), K and a number (kill the fork that was asked for as the n-th); D and a number answers once
nothing of it is left.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import traceback
from collections.abc import Mapping
from typing import Any, NoReturn

from grader.sandbox.inside import linux, wire

REHEARSALS = 16  # Python makes a function faster after eight calls, and writes into it to do so
INIT = 2  # pid 1 of a namespace, or the child of bwrap, which stays pid 1
# What packages import at a first use: a second or more, and else in the fork of every check that trains something.
LAZY = {"torch": "torch._dynamo"}  # by torch.optim
SCRATCH, SHARED = "/scratch", "/dev/shm"
NESTED = (
    linux.CLONE_NEWUSER
    | linux.CLONE_NEWNS
    | linux.CLONE_NEWPID
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWNET
)


def main(control: wire.Channel) -> None:
    """Entry point inside the jail."""
    setup = wire.receive(control)
    try:
        if setup["mounts"]:
            with contextlib.suppress(
                PermissionError
            ):  # some hosts leave bwrap's children no capability: then files are
                # limited in bytes alone, by bwrap's own
                _mount_scratch(setup, setup["uid"] if setup["uid"] is not None else os.getuid())
        if setup["uid"] is not None:
            linux.become(setup["uid"], setup["uid"])
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        probes = _prepare(setup)
        base = linux.address_space()
        if setup["nested"]:
            _self_test(setup, base)
        else:
            _seal(setup, base)
    except Exception:  # told to the grader, who decides what to try next
        wire.send(control, {"kind": "fault", "text": traceback.format_exc()[-2000:]})
        return
    wire.send(control, {"kind": "ready"})
    if setup["nested"]:
        assert isinstance(control, socket.socket)  # it carries descriptors
        _warm(control, setup, probes, base)
    else:
        _serve(control, setup, probes)


def _prepare(setup: Mapping[str, Any]) -> Any:
    """Import all that a submission's process needs, and use once what loads lazily."""
    from grader.sandbox.inside import serve
    from student_template.runner import probing

    probes, _ = probing.probes_of(setup["probes"], setup["checks"])
    for package in setup["packages"]:
        __import__(package)
        with contextlib.suppress(ImportError):  # another version may do without
            __import__(LAZY.get(package, package))
    for _ in range(REHEARSALS):
        serve.rehearse()
    gc.collect()
    gc.freeze()
    return probes


def _self_test(setup: Mapping[str, Any], base: int) -> None:
    """May this process make the namespaces, and do in them what has to be done? Tried before anybody relies on it."""
    read_end, write_end = os.pipe()
    ids = os.getuid(), os.getgid()
    pid = linux.fork_into(NESTED)
    if pid == 0:
        try:
            _close(ids, setup)
            _seal(setup, base)
            os.write(write_end, b"ok")
        except BaseException as error:
            os.write(write_end, str(error).encode())
        finally:
            os._exit(0)
    os.close(write_end)
    said = os.read(read_end, 300)
    os.close(read_end)
    os.waitpid(pid, 0)
    if said != b"ok":
        raise OSError(f"no namespaces inside the jail: {said.decode(errors='replace')}")


def _warm(control: socket.socket, setup: Mapping[str, Any], probes: Any, base: int) -> None:
    """Fork when asked to, kill when asked to, tell when one is gone; until the grader hangs up."""
    ids = os.getuid(), os.getgid()
    asked = 0
    running: dict[int, tuple[int, int]] = {}  # by pidfd: its number, its process
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        for fd, _ in poll.poll():
            if fd != control.fileno():
                number, pid = running.pop(fd)
                poll.unregister(fd)
                os.close(fd)
                os.waitpid(pid, 0)
                control.sendall(wire.ORDER.pack(b"D", number))
                continue
            message, fds, _, _ = socket.recv_fds(control, wire.ORDER.size, 1)
            if len(message) < wire.ORDER.size:
                return  # and all forks die with this process
            order, number = wire.ORDER.unpack(message)
            if order == b"K":
                for pid in [pid for n, pid in running.values() if n == number]:
                    os.kill(pid, signal.SIGKILL)
                continue
            sock = socket.socket(fileno=fds[0])
            try:
                pid = linux.fork_into(NESTED)
            except OSError as error:
                wire.send(sock, {"kind": "fault", "text": str(error)})
                control.sendall(wire.ORDER.pack(b"D", asked))
            else:
                if pid == 0:
                    control.close()
                    for other in running:
                        os.close(other)
                    _submission(sock, ids, setup, probes, base)
                pidfd = os.pidfd_open(pid)
                running[pidfd] = (asked, pid)
                poll.register(pidfd, select.POLLIN)
            sock.close()
            asked += 1


def _submission(
    sock: socket.socket, ids: tuple[int, int], setup: Mapping[str, Any], probes: Any, base: int
) -> NoReturn:
    """Pid 1 of a submission's namespaces: close them, then serve."""
    try:
        _close(ids, setup)
        _seal(setup, base)
    except BaseException:  # whatever it is: nothing of the submission may run, and the grader should know why
        with contextlib.suppress(BaseException):
            wire.send(sock, {"kind": "fault", "text": traceback.format_exc()[-2000:]})
        os._exit(0)
    _serve(sock, setup, probes)


def _close(ids: tuple[int, int], setup: Mapping[str, Any]) -> None:
    """In new namespaces: be who one was, die with the warm process, see nothing of what can be written to or read."""
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()  # signals to a process group reach all of it, in whatever namespace: the warm process is in another
    linux.map_ids(*ids)
    linux.mount("none", "/", "none", linux.MS_REC | linux.MS_PRIVATE)
    _mount_scratch(setup, ids[0])
    with contextlib.suppress(OSError):  # a kernel without it: then the submission is as likely to be killed as others
        linux.write("/proc/self/oom_score_adj", "1000")  # in the jail's group it dies for memory, not the warm process
    _fresh("/proc", 4096, linux.MS_RDONLY)


def _mount_scratch(setup: Mapping[str, Any], uid: int) -> None:
    for path in (SCRATCH, SHARED):
        _fresh(path, setup["limits"]["written"], options=f"uid={uid},gid={uid}")


def _fresh(path: str, size: int, flags: int = 0, options: str = "") -> None:
    """An empty file system in memory: `size` bytes, a thousand files. Reading a file leaves no time on it."""
    flags |= linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOATIME
    options = ",".join(filter(None, [f"size={size},nr_inodes=1000,mode=0700", options]))
    linux.mount("tmpfs", path, "tmpfs", flags, options)


def _seal(setup: Mapping[str, Any], base: int) -> None:
    """Give up capabilities, take limits and the filter. Raises OSError where the kernel does not let it."""
    from grader.sandbox.inside import serve

    if not setup["sealed"]:
        return
    if os.getpid() > INIT:
        raise OSError("this is no pid namespace of its own: to sweep it would kill what is the user's")
    linux.drop_capabilities()
    serve.limits(setup["limits"], base)
    if setup["cpu"] is not None:
        os.sched_setaffinity(0, {setup["cpu"]})
    if setup["filter"]:
        linux.install_filter(setup["filter"])


def _serve(sock: wire.Channel, setup: Mapping[str, Any], probes: Any) -> NoReturn:
    from grader.sandbox.inside import forks, serve

    sweep = forks.sweep_namespace if setup["sealed"] else forks.sweep_nothing
    folders = [setup["scratch"], *([SHARED] if setup["sealed"] else [])]  # without a sandbox /dev/shm is everybody's
    try:
        serve.serve(sock, probes, folders, setup["data"], sweep)
    except wire.Closed:
        pass
    finally:
        os._exit(0)  # and nothing that the submission has registered for an exit runs
