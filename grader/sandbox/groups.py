"""Control groups: where the kernel itself counts the memory and the processes of a jail, all of them together.

One group for a worker's jail. Its limit is that of a submission and some room for the jail's own processes. Between
groups the kernel shares the processors evenly, so that a submission of many processes does not slow its neighbours.

Sources: cgroups(7), Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst of the kernel.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

OWN = 128 << 20  # bytes for the jail's own processes: the warm one, the next fork, bwrap
PROCESSES = 16  # and how many these may be
UNIFIED = Path("/sys/fs/cgroup")
GONE_SECONDS = 2.0  # a group is busy for a moment after its last process was killed


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
        with contextlib.suppress(OSError):
            found = re.search(r"^oom_kill (\d+)$", (self.folders["memory"] / name).read_text(), re.MULTILINE)
            if found:
                return int(found[1])
        return 0

    def remove(self) -> None:
        end = time.monotonic() + GONE_SECONDS
        for folder in set(self.folders.values()):
            while folder.exists():
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > end:
                        break  # it is empty and costs nothing; a restart of the machine takes it away
                    time.sleep(0.005)


def make(name: str, memory: int, processes: int) -> Group | None:
    """A new group for `memory` bytes and so many processes; None where this user may not make one."""
    if not hasattr(os, "geteuid"):
        return None
    try:
        return _unified(name, memory, processes) if is_unified() else _separate(name, memory, processes)
    except OSError:
        return None


def is_unified() -> bool:
    """Version 2? Where version 1 is in use, /sys/fs/cgroup is a plain folder, in which everything can be written."""
    return (UNIFIED / "cgroup.controllers").exists()


def _unified(name: str, memory: int, processes: int) -> Group | None:
    """Under the root, which only root may do; for others under their own group, where that was delegated to them."""
    own = next(line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
    above = UNIFIED if os.geteuid() == 0 else UNIFIED / own.lstrip("/")
    (above / "cgroup.subtree_control").write_text("+memory +pids +cpu")
    folder = above / name
    folder.mkdir()
    group = Group({"memory": folder, "pids": folder, "cpu": folder}, 2)
    return _limited(group, {"memory.max": memory + OWN, "memory.swap.max": 0, "pids.max": processes + PROCESSES})


def _separate(name: str, memory: int, processes: int) -> Group | None:
    """Version 1: a folder in the hierarchy of each controller, below this process's own."""
    own = dict(
        re.findall(r"^\d+:(memory|pids|cpu)(?:,\w+)*:(.*)$", Path("/proc/self/cgroup").read_text(), re.MULTILINE)
    )
    folders: dict[str, Path] = {}
    for controller, path in own.items():
        hierarchy = UNIFIED / controller
        here = hierarchy / path.lstrip("/")
        above = here if here.is_dir() else hierarchy
        if (above / "cgroup.procs").exists():
            folders[controller] = above / name
    if "memory" not in folders:
        return None
    for folder in folders.values():
        folder.mkdir()
    limits = {"memory.limit_in_bytes": memory + OWN, "memory.memsw.limit_in_bytes": memory + OWN}
    return _limited(Group(folders, 1), {**limits, "pids.max": processes + PROCESSES})


def _limited(group: Group, limits: dict[str, int]) -> Group | None:
    """Set what there is to set; a group that does not limit memory is none."""
    for name, value in limits.items():
        folder = group.folders.get(name.partition(".")[0])
        if folder is not None and (folder / name).exists():
            (folder / name).write_text(str(value))
    limit = group.folders["memory"] / ("memory.max" if group.version == 2 else "memory.limit_in_bytes")
    try:
        if int(limit.read_text()) < 1 << 60:
            return group
    except (OSError, ValueError):
        pass
    group.remove()
    return None
