"""The limits that the grader was started with (`ulimit`), which hold for all that it starts.

Where one is below what a submission is promised, the submission would run into it and the student would lose points for
it: then nothing is graded.
"""

from __future__ import annotations

import resource

from grader.contract import Limits
from grader.errors import SandboxUnavailable


def refuse_narrow(limits: Limits) -> None:
    """Raises `SandboxUnavailable` with the first limit that is too low."""
    needed = (
        (resource.RLIMIT_AS, "-v", "bytes of address space", limits.memory + limits.written),
        (resource.RLIMIT_DATA, "-d", "bytes of memory", limits.memory),
        (resource.RLIMIT_NOFILE, "-n", "open files", limits.open_files),
        (resource.RLIMIT_NPROC, "-u", "processes", limits.processes),
        (resource.RLIMIT_FSIZE, "-f", "bytes in a file", limits.written),
    )
    for which, option, what, least in needed:
        most = resource.getrlimit(which)[1]
        if most != resource.RLIM_INFINITY and most < least:
            raise SandboxUnavailable(
                f"the grader may have {most} {what}, and a submission is promised {least}: "
                f"raise the limit (ulimit {option}), then start again"
            )
