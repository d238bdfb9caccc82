"""The system call filter: what no honest answer calls, as a seccomp program.

A deny-list: what numpy, the standard library and whatever else a TD allows call is not known, and differs between
machines. All calls are allowed but those below, each with its reason. The first kind kills the process, and the outcome
is `forbidden`: nothing that a library does by itself. The second is refused with EPERM, since a library may try and go
on without. Programs of other architectures (x32, 32 bits) are killed, since the same numbers mean other calls there.

That something is not below does not make it safe by itself: most of what is would fail without capabilities, in
namespaces of one's own. A filter is for the day on which the kernel has a hole in it.
"""

from __future__ import annotations

import errno
import functools
import itertools
import tempfile

KILLED = {
    "another process's memory, registers or descriptors": "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd",
    "programs and pages in the kernel, where most of its holes were": "bpf perf_event_open userfaultfd",
    "another kernel, or parts of one": "kexec_load kexec_file_load init_module finit_module delete_module reboot",
    "other file systems, or the same ones in other places": (
        "mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr chroot"
    ),
    "namespaces, in which one has capabilities again": "unshare setns",
    "keys, which are the user's and not the namespace's": "keyctl add_key request_key",
    "files by their numbers, past the mounts": "open_by_handle_at",
    "system calls that no filter sees": "io_uring_setup io_uring_enter io_uring_register",
    "ports and segments of the processor": "iopl ioperm modify_ldt vm86 vm86old",
    "the machine's clock, name, swap, quotas and accounts": (
        "settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname swapon swapoff acct quotactl"
        " quotactl_fd nfsservctl lookup_dcookie"
    ),
}
REFUSED = {
    "memory that counts neither as a process's nor as a file": "shmget shmat memfd_create memfd_secret msgget semget",
    "networks, and buffers of the kernel's": "socket socketpair",
    "queues and watches, of which a user or the machine has so many in all": (
        "mq_open io_setup inotify_init inotify_init1 fanotify_init"
    ),
    "processors other than the one that was given": "sched_setaffinity",
    "the kernel's log, the terminal, an address space without random places": "syslog vhangup personality",
    "the handles of files": "name_to_handle_at",
}
# What a check could leave in the process that serves it, for the next one to see: the argument that says whose it
# is, and the value that says "my own".
OF_OTHERS = {
    "limits": (("prlimit64", 0, 0),),
    "priorities": (("setpriority", 0, 0), ("setpriority", 1, 0), ("ioprio_set", 0, 1), ("ioprio_set", 1, 0)),
    "schedulers": (("sched_setscheduler", 0, 0), ("sched_setparam", 0, 0), ("sched_setattr", 0, 0)),
}
SHARED_AND_NOBODYS = 0x21  # mmap(2): MAP_SHARED, MAP_ANONYMOUS: memory that stays when those who filled it have gone
NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW… flag of clone(2)
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # type into the terminal of whoever started the grader, or paste
MISSING = "sudo apt-get install libseccomp2"


def available() -> bool:
    """Is there a libseccomp to make a filter with?"""
    return program() is not None


@functools.cache
def program() -> bytes | None:
    """The filter as BPF instructions for this machine; None without libseccomp."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):
        return None
    made = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for action, calls in ((pyseccomp.KILL_PROCESS, KILLED), (refuse, REFUSED)):
        for name in " ".join(calls.values()).split():
            if _known(pyseccomp, name):
                made.add_rule(action, name)
    for name, place, own in itertools.chain(*OF_OTHERS.values()):
        if _known(pyseccomp, name):
            made.add_rule(refuse, name, pyseccomp.Arg(place, pyseccomp.NE, own))
    for bit in range(32):
        flag = 1 << bit
        if flag & NEW_NAMESPACE:
            made.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    made.add_rule(refuse, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, SHARED_AND_NOBODYS, SHARED_AND_NOBODYS))
    # clone3 hides its flags behind a pointer: the C library falls back to clone where it does not exist.
    if _known(pyseccomp, "clone3"):
        made.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for request in (TIOCSTI, TIOCLINUX):
        made.add_rule(refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request))
    with tempfile.TemporaryFile() as file:
        made.export_bpf(file)
        file.seek(0)
        return file.read()


def _known(pyseccomp: object, name: str) -> bool:
    """Does this machine's architecture, and this libseccomp, have a call of that name?"""
    try:
        return int(pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)) >= 0  # type: ignore[attr-defined]
    except (ValueError, OSError):
        return False
