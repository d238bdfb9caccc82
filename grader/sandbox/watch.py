"""How much memory a jail has, looked at from outside: for hosts without control groups of one's own.

The address space of one process is limited inside; what many processes have together is not. Shared pages count for
each process by its share (Pss), which takes the kernel a moment to say, so that it is asked only where the plain sizes
are suspicious. Source: proc(5).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
COMMON = 32 << 20  # bytes that every fork of the warm process has in common with it
_PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)


def descendants(pid: int) -> list[int]:
    """This process and all that it and they have started, by number."""
    found, waiting = [], [pid]
    while waiting:
        found.append(pid := waiting.pop())
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue  # it has ended meanwhile
    return found


def exceeds(pid: int, most: int) -> bool:
    """Do a process and its descendants hold more than `most` bytes of memory?

    While one forks, what they share can be counted twice: only what is seen twice is believed.
    """
    for _ in range(2):
        sizes = {number: _resident(number) for number in descendants(pid)}
        if sum(sizes.values()) <= most or sum(_share(number, size) for number, size in sizes.items()) <= most:
            return False
    return True


def held(pid: int) -> int:
    """Bytes of memory that a process and its descendants hold."""
    return sum(_share(number, _resident(number)) for number in descendants(pid))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _share(pid: int, resident: int) -> int:
    """What is its own of a process's memory. One that hides (prctl) is taken to share what all forks do."""
    try:
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
        return int(found[1]) << 10 if found else 0
    except ProcessLookupError:
        return 0
    except OSError:
        return max(0, resident - COMMON)
