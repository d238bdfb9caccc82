"""One submission in its own process: load it, then answer checks, each in a further fork.

Messages from the grader:   the job (source, others, plan, …); once that is loaded, how many questions there are, and
                            then these, each a check with its cases.
Messages to the grader:     reading, block (about to run), loaded; for each question one message with what its forks
                            wrote and how they ended.

The questions come all at once, so that nobody waits for the other, and not before the file is loaded, so that nothing
that is printed or kept while loading can hold a hidden input.

This process shares its memory with the student's code once that is loaded. So it promises nothing: the grader has
its own clock and its own limits, and takes what comes from here as the submission's word. What the process does
for honest submissions is to keep checks apart: each runs in `forks` of the loaded state, and finds files (`scratch`)
and all else (`apart`) as they were after loading.
"""

from __future__ import annotations

import contextlib
import linecache
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.sandbox.inside import apart, forks, linux, wire
from grader.sandbox.inside.scratch import Scratch
from student_template.runner import codec, loading, probing, reading

SOON = 64 << 10  # bytes of a reply that are read before the next check has done much

SAMPLE = b"""
import numpy as np

def first(x, scale=2.0):
    '''Twice x.'''
    return np.multiply(scale, np.asarray(x)).sum(axis=-1)

class Layer:
    def __init__(self, rng):
        self.weights = [rng.normal(size=(3, 2)), np.zeros(2)]

    def __call__(self, x):
        return {"out": np.maximum(x @ self.weights[0] + self.weights[1], 0.0)}
"""


def rehearse() -> None:
    """Do once what is done for a submission, with a sample: what Python and numpy prepare at a first use is prepared,
    and of the pages that a process shares with the one it was forked from those are its own already."""
    cells, _ = reading.read("sample.py", SAMPLE)
    loaded = loading.load(reading.blocks(cells), "sample", file="sample.py", printed=loading.Printed(100))
    reading.remarks(cells)
    codec.encode(loaded.account())
    rng = np.random.default_rng(0)

    def probe(td: Any, x: Any) -> Any:
        return {"first": td.first(x), "layer": td.Layer(rng)(x)}

    case = codec.decode(codec.encode({"x": rng.normal(size=(2, 3))}))
    answer = probing.ask(probing.Probe("sample", probe, ("x",)), loaded, case, interruptible=False)
    assert answer.outcome == ""
    codec.decode(codec.encode(vars(answer)))
    del sys.modules["sample"]
    del linecache.cache["sample.py"]


def limits(given: Mapping[str, Any], base: int) -> None:
    """The submission's limits, for this process and all that it starts; `base` is address space used already.

    Raises OSError where the host lets it have less memory than it is promised.
    """
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    if most != resource.RLIM_INFINITY and most < base + given["memory"]:
        raise OSError(
            f"{base + given['memory']} bytes of address space are needed, and the limit is {most} (ulimit -v)"
        )
    linux.limit(resource.RLIMIT_CORE, 0)
    linux.limit(resource.RLIMIT_NPROC, given["processes"])
    linux.limit(resource.RLIMIT_NOFILE, given["open_files"])
    linux.limit(resource.RLIMIT_FSIZE, given["written"])
    linux.limit(resource.RLIMIT_AS, base + given["memory"])


def serve(
    sock: wire.Channel,
    probes: Mapping[str, probing.Probe],
    folders: Sequence[str],
    data: Mapping[str, bytes],
    sweep: Callable[[bool], bool],
) -> None:
    """Serve one submission until the grader hangs up. `folders` can be written to; the first is where it works."""
    rehearse()
    work = Path(folders[0]) / "work"
    _lay_out(work, data)
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    job = wire.receive(sock)  # what can be done before there is a submission has been done
    _add(work, job["others"])
    loaded = _load(sock, job)
    opened = apart.keep_apart(sock, handlers)
    where = _here(work)
    files = Scratch(folders)
    replies: list[dict[str, Any]] = []

    def reply() -> None:
        """Send what the check before has given. Asked for while a fork is at work, which does not wait for it."""
        while replies:
            wire.send(sock, replies.pop())

    def restore() -> None:
        files.restore()
        with contextlib.suppress(OSError):  # a submission may have removed it by itself
            os.chdir(where)  # that of now: a check may have moved or removed the one before
        for file in opened:
            file.restore()

    printed = loading.Printed(job["printed"])  # nothing is printed here: each fork finds it empty
    session = forks.Session(sock, loaded, job, printed, forks.Succession(sweep, restore), reply)
    with contextlib.suppress(wire.Closed), loading.captured(printed):
        # All are decoded before the first fork: of a page that is written to after one a copy is made.
        questions = [wire.receive(sock) for _ in range(wire.receive(sock)["questions"])]
        for asked in questions:
            parts = list(forks.in_forks(session, probes[asked["check"]], asked))
            replies.append({"kind": "check", "check": asked["check"], "parts": parts})
            if sum(len(part["data"]) for part in parts) > SOON:
                reply()  # who dies for memory while it is read would count as this check's
        reply()
        wire.receive(sock)


def _lay_out(work: Path, data: Mapping[str, bytes]) -> None:
    """Make the folder where the submission works, with the assignment's data, and let C code print nothing."""
    work.mkdir(mode=0o700)
    for name, content in data.items():
        (work / name).write_bytes(content)
    os.chdir(work)
    quiet = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(quiet, fd)
    if quiet > 2:
        os.close(quiet)


def _here(otherwise: Path) -> Path:
    """Where this process works, if that is there."""
    with contextlib.suppress(OSError):
        return Path.cwd()
    return otherwise


def _add(work: Path, others: Mapping[str, bytes]) -> None:
    """Add what was handed in beside the file."""
    for name, content in others.items():
        # A name too long, a file where a folder should be, too many of them: it does without.
        with contextlib.suppress(OSError, ValueError, RecursionError):
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _load(sock: wire.Channel, job: Mapping[str, Any]) -> loading.Loaded:
    """Load the submission, and tell the grader of each block and of what came of it."""
    printed = loading.Printed(job["printed"])
    wire.send(sock, {"kind": "reading"})
    cells, _ = reading.read(job["file"], job["source"])  # its notes are the intake's already
    rest = reading.parts(job["parts"], job["others"])
    everything = [*cells, *(cell for theirs in rest.values() for cell in theirs)]
    loaded = loading.load(
        reading.blocks(cells),
        job["module"],
        file=job["file"],
        packages=job["packages"],
        others=job["others"],
        parts={name: reading.blocks(theirs) for name, theirs in rest.items()},
        plan=loading.Plan(dict(job["plan"])),
        progress=lambda block: wire.send(sock, {"kind": "block", "block": block}),
        printed=printed,
        interruptible=False,
    )
    wire.send(
        sock,
        {
            "kind": "loaded",
            **loaded.account(),
            "notes": [list(note) for note in reading.remarks(everything)],
            "printed": loaded.printed,
        },
    )
    return loaded
