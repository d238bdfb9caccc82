"""The system calls of a jail that Python 3.11 has no name for, through the C library.

Sources: unshare(2), mount(2), prctl(2), capabilities(7), seccomp(2), user_namespaces(7).
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import signal
import sys

_libc = ctypes.CDLL(None, use_errno=True)
_libc_with_gil = ctypes.PyDLL(None, use_errno=True)  # for calls that come back twice
SYS_CLONE = {"x86_64": 56, "aarch64": 220, "riscv64": 220, "ppc64le": 120}.get(os.uname().machine)

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOATIME, MS_REC, MS_PRIVATE = 1, 2, 4, 1 << 10, 1 << 14, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
SECCOMP_MODE_FILTER = 2
LAST_CAP = 63  # more than there are: the first number that the kernel does not know ends it


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def fork_into(namespaces: int) -> int:
    """`os.fork`, whose child is in new namespaces from its first moment on: the process 1 of a new pid namespace.

    With unshare(2) it would take a second fork, at a millisecond for a process that has numpy in it. What Python does
    around a fork is done here too; the C library's own part is missing, which matters for threads alone.
    Raises OSError.
    """
    if SYS_CLONE is None:
        raise OSError(errno.ENOSYS, f"clone is not known on {os.uname().machine}")
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = int(_libc_with_gil.syscall(SYS_CLONE, ctypes.c_ulong(namespaces | signal.SIGCHLD), None, None, None, None))
    number = ctypes.get_errno()
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, f"clone: {os.strerror(number)}")
    return pid


def fork() -> int:
    """`os.fork` without what Python does in the child for threads and for `random`: half a millisecond of page faults.

    Only where there is one thread; else it is `os.fork`. A child's `random` goes on where its parent's was, as in any
    program that is run again.
    """
    if len(sys._current_frames()) > 1:
        return os.fork()
    pid = int(_libc_with_gil.fork())
    if pid < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"fork: {os.strerror(number)}")
    return pid


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    _checked(
        _libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()),
        f"mount {target}",
    )


def prctl(option: int, value: int = 0) -> None:
    _checked(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def drop_bounding_set() -> None:
    """Refused where this process has no capability to lose: an ordinary user's, without a user namespace."""
    for capability in range(LAST_CAP + 1):
        if (
            _libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) != 0
            and ctypes.get_errno() == errno.EINVAL
        ):
            return


def become(uid: int, gid: int) -> None:
    """From root to an ordinary user without capabilities, who may still make user namespaces."""
    drop_bounding_set()
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_DUMPABLE, 1)  # else /proc/self/uid_map belongs to root and cannot be written


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def drop_capabilities() -> None:
    """Give up every capability, those that a new user namespace gives included."""
    drop_bounding_set()
    header, data = _CapHeader(0x20080522, 0), (_CapData * 2)()
    _checked(_libc.capset(ctypes.byref(header), ctypes.byref(data)), "capset")


def map_ids(uid: int, gid: int) -> None:
    """In a new user namespace: keep being who one was outside, and nobody else."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        write(f"/proc/self/{name}", text)


def write(path: str, text: str) -> None:
    """One write(2) to a file of the kernel's."""
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def install_filter(program: bytes) -> None:
    """Install a seccomp filter: BPF instructions of 8 bytes each. Needs no_new_privs."""
    made = _Program(len(program) // 8, program)
    _checked(
        _libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(made), 0, 0), "prctl seccomp"
    )


def limit(kind: int, value: int) -> None:
    """Set a resource limit, soft and hard, to `value` or the host's own hard limit, whichever is less."""
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def address_space() -> int:
    """Bytes of address space this process has mapped, to a megabyte: where the kernel begins to refuse more.

    /proc would say it too, but is not there in every jail.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    low, high = 0, 1 << 47 if hard == resource.RLIM_INFINITY else hard
    while high - low > 1 << 20:
        middle = (low + high) // 2
        try:
            resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
            mmap.mmap(-1, resource.getpagesize()).close()
            high = middle
        except (OSError, MemoryError):
            low = middle
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return high
