"""Control groups: where the kernel itself counts the memory and the processes of a jail, all of them together.

One group for a worker's jail. Its limit is that of a submission and some room for the jail's own processes. Between
groups the kernel shares the processors evenly, so that a submission of many processes does not slow its neighbours.

Sources: cgroups(7), Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst of the kernel.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable
from pathlib import Path

PREFIX = "surdix-"  # of a group's name, then the grader's process
OWN = 128 << 20  # bytes for the jail's own processes: the warm one, the next fork, bwrap
PROCESSES = 16  # and how many these may be
UNIFIED = Path("/sys/fs/cgroup")
GONE_SECONDS = 2.0  # a group is busy for a moment after its last process was killed

KILLS = re.compile(rb"^oom_kill (\d+)$", re.MULTILINE)


class Group:
    """The folders of one group, and what has to be known of them."""

    def __init__(self, folders: dict[str, Path], version: int) -> None:
        self.folders, self.version = folders, version

    def add(self, pids: Iterable[int]) -> None:
        """Move processes into the group; one that is gone already needs no limit."""
        for folder in set(self.folders.values()):
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    (folder / "cgroup.procs").write_text(str(pid))

    def killed(self) -> int:
        """How many processes the kernel has killed for memory."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        with contextlib.suppress(OSError), (self.folders["memory"] / name).open("rb", buffering=0) as told:
            found = KILLS.search(told.read())
            if found:
                return int(found[1])
        return 0

    def forget(self, name: str) -> None:
        """Remove what a grader that was killed has left, beside this group's folders."""
        for folder in self.folders.values():
            with contextlib.suppress(OSError):
                (folder.parent / name).rmdir()

    def remove(self) -> None:
        end = time.monotonic() + GONE_SECONDS
        for folder in set(self.folders.values()):
            while folder.exists():
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > end:
                        break  # something in it cannot die; the next grader tries again
                    time.sleep(0.005)


def make(name: str, memory: int, processes: int) -> Group | None:
    """A new group for `memory` bytes and so many processes; None where this user may not make one."""
    try:
        group = _unified(name) if is_unified() else _separate(name)
    except OSError:
        return None
    if group is None:
        return None
    try:
        for path in group.folders["memory"].parent.glob(f"{PREFIX}*"):
            if not Path(f"/proc/{path.name.removeprefix(PREFIX).partition('-')[0]}").exists():
                group.forget(path.name)
        if _limit(group, memory, processes):
            return group
    except OSError:
        pass
    group.remove()
    return None


def is_unified() -> bool:
    """Version 2? Where version 1 is in use, /sys/fs/cgroup is a plain folder, in which everything can be written."""
    return (UNIFIED / "cgroup.controllers").exists()


def _unified(name: str) -> Group:
    """Under the root, which only root may do: a group that has processes in it can have none below that are limited."""
    (UNIFIED / "cgroup.subtree_control").write_text("+memory +pids +cpu")
    folder = UNIFIED / name
    folder.mkdir()
    return Group({"memory": folder, "pids": folder, "cpu": folder}, 2)


def _separate(name: str) -> Group | None:
    """Version 1: a folder in the hierarchy of each controller, below this process's own."""
    own = dict(
        re.findall(r"^\d+:(memory|pids|cpu)(?:,\w+)*:(.*)$", Path("/proc/self/cgroup").read_text(), re.MULTILINE)
    )
    group = Group({}, 1)
    for controller, path in own.items():
        hierarchy = UNIFIED / controller
        here = hierarchy / path.lstrip("/")
        above = here if here.is_dir() else hierarchy
        if (above / "cgroup.procs").exists():
            try:
                (above / name).mkdir()
            except OSError:
                group.remove()
                raise
            group.folders[controller] = above / name
    if "memory" in group.folders:
        return group
    group.remove()
    return None


def _limit(group: Group, memory: int, processes: int) -> bool:
    """Set what there is to set; a group that does not limit memory is none."""
    most = memory + OWN
    if group.version == 2:
        limits = {"memory.max": most, "memory.swap.max": 0}
    else:
        limits = {"memory.limit_in_bytes": most, "memory.memsw.limit_in_bytes": most}
    for name, value in {**limits, "pids.max": processes + PROCESSES}.items():
        folder = group.folders.get(name.partition(".")[0])
        if folder is not None and (folder / name).exists():
            (folder / name).write_text(str(value))
    said = (group.folders["memory"] / next(iter(limits))).read_text().strip()
    return said.isdigit() and int(said) < 1 << 60
