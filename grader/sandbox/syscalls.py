"""The system call filter: what no honest answer calls, as a seccomp program.

All calls are allowed but for two groups. Those of the first kill the process, and the outcome is `forbidden`: they
look into other processes, load code into the kernel, mount, or make namespaces. Those of the second are refused with
EPERM, since a library may try them and go on without. Programs of other architectures are killed.
"""

from __future__ import annotations

import errno
import functools
import tempfile

from grader.errors import SandboxUnavailable

KILLED = """ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd bpf perf_event_open userfaultfd
    kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct
    mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr chroot
    unshare setns keyctl add_key request_key open_by_handle_at
    io_uring_setup io_uring_enter io_uring_register iopl ioperm modify_ldt vm86 vm86old
    settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname quotactl nfsservctl lookup_dcookie
    """.split()
# Shared memory and memory files count neither as address space nor as files.
REFUSED = (
    "sched_setaffinity syslog vhangup personality name_to_handle_at shmget shmat memfd_create memfd_secret".split()
)
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10  # other families (vsock, netlink, …) reach past the network namespace
NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW… flag of clone(2)
TIOCSTI = 0x5412  # types into the terminal of whoever started the grader


@functools.cache
def program() -> bytes:
    """The filter as BPF instructions for this machine. Raises `SandboxUnavailable` without libseccomp."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):
        raise SandboxUnavailable(
            "libseccomp.so.2 is missing, without which no sandbox is sealed: sudo apt-get install libseccomp2"
        ) from None
    made = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    for action, names in ((pyseccomp.KILL_PROCESS, KILLED), (pyseccomp.ERRNO(errno.EPERM), REFUSED)):
        for name in names:
            if _known(pyseccomp, name):
                made.add_rule(action, name)
    for bit in range(32):
        flag = 1 << bit
        if flag & NEW_NAMESPACE:
            made.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    for family in set(range(AF_INET6)) - {AF_UNIX, AF_INET}:
        made.add_rule(pyseccomp.ERRNO(errno.EPERM), "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    made.add_rule(pyseccomp.ERRNO(errno.EPERM), "socket", pyseccomp.Arg(0, pyseccomp.GT, AF_INET6))
    # clone3 hides its flags behind a pointer: the C library falls back to clone where it does not exist.
    if _known(pyseccomp, "clone3"):
        made.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    made.add_rule(pyseccomp.ERRNO(errno.EPERM), "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, TIOCSTI))
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
