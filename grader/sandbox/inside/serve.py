"""One submission in its own process: load it, then answer checks, each in a further fork.

Messages from the grader:   the job (source, others, plan, …); once that is loaded, how many questions there are, and
                            then these, each a check with its cases.
Messages to the grader:     reading, block (about to run), loaded; for each question one message with what its forks
                            wrote and how they ended.

The questions come all at once, so that nobody waits for the other, and not before the file is loaded, so that nothing
that is printed or kept while loading can hold a hidden input.

This process shares its memory with the student's code once that is loaded. So it promises nothing: the grader has
its own clock and its own limits, and takes what comes from here as the submission's word. What the process does
for honest submissions is to keep checks apart: each runs in a fork of the loaded state, which is killed with all
that it started when it ends or its time is up. The fork's own pipe is read until the fork has exited, not until the
pipe closes: a grandchild could hold it open.
"""

from __future__ import annotations

import contextlib
import fcntl
import linecache
import math
import os
import resource
import select
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.sandbox.inside import linux, wire
from grader.sandbox.inside.scratch import Scratch
from student_template.runner import codec, loading, probing, reading

MOST_FILES = 1024  # descriptors that are looked at; a sandbox has fewer
LIGHT = 32 << 20  # bytes that a process gives back in no time
QUICK = 0.02  # seconds in which nobody fills memory that takes long to give back
ROOM = 4 << 20  # a check's messages around its answers and printed text


SAMPLE = b"""
import numpy as np

def first(x, scale=2.0):
    \'\'\'Twice x.\'\'\'
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


def sweep_namespace(wait: bool) -> None:
    """Kill every other process of this pid namespace, so that none runs any more; wait until they are gone too.

    One kill(2) for all cannot miss a process that is being made: a fork with a signal waiting for its parent fails.
    """
    while True:
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:  # nobody, not even one that has ended and is still to be waited for
            return
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not wait:
            return
        time.sleep(0.0005)


def sweep_nothing(wait: bool) -> None:
    """Without a sandbox there is no namespace to sweep: the fork's own process group has been killed."""


def serve(
    sock: wire.Channel,
    probes: Mapping[str, probing.Probe],
    folders: Sequence[str],
    data: Mapping[str, bytes],
    sweep: Callable[[bool], None],
) -> None:
    """Serve one submission until the grader hangs up. `folders` can be written to; the first is where it works."""
    rehearse()
    work = Path(folders[0]) / "work"
    work.mkdir(mode=0o700)
    for name, content in data.items():
        (work / name).write_bytes(content)
    os.chdir(work)
    quiet = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):  # what C code writes; what Python prints is captured
        os.dup2(quiet, fd)
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    job = wire.receive(sock)  # all above is done before there is a submission
    for name, content in job["others"].items():
        with contextlib.suppress(
            OSError, ValueError, RecursionError
        ):  # a name too long, a file where a folder should be, too many of them
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
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
    opened = _keep_apart(sock, handlers)
    files = Scratch(folders)
    try:
        questions = [wire.receive(sock) for _ in range(wire.receive(sock)["questions"])]
    except wire.Closed:
        return
    replies: list[dict[str, Any]] = []

    def reply() -> None:
        """Send what is there to send; at work or not, the next fork need not wait for it."""
        while replies:
            wire.send(sock, replies.pop())

    printed = loading.Printed(job["printed"])  # nothing is printed here: each fork has it empty
    with contextlib.suppress(wire.Closed), loading.captured(printed):
        for asked in questions:
            files.restore()
            for file in opened:
                file.restore()
            parts = list(_in_forks(sock, probes[asked["check"]], loaded, asked, job, printed, sweep, reply))
            replies.append({"kind": "check", "check": asked["check"], "parts": parts})
        reply()
        wire.receive(sock)


def _keep_apart(sock: wire.Channel, handlers: Mapping[signal.Signals, Any]) -> list[_Opened]:
    """Close the ways by which one check could tell another something through this process: timers and handlers of
    signals, and whatever was opened that is no file; the files that are open.

    Not closed: a file that is open already has one content for all checks, and code that changes this very process
    while it is loaded can do as it likes, on purpose.
    """
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    for number, handler in handlers.items():
        if handler is not None and signal.getsignal(number) != handler:
            signal.signal(number, handler)
    ours = wire.descriptors(sock)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    found = []
    for fd in range(3, MOST_FILES if most == resource.RLIM_INFINITY else min(most, MOST_FILES)):
        with contextlib.suppress(OSError):
            mode = os.fstat(fd).st_mode
            if stat.S_ISREG(mode):
                found.append(_Opened(fd))
            elif fd not in ours and not (stat.S_ISDIR(mode) or stat.S_ISCHR(mode)):
                os.close(fd)
    return found


class _Opened:
    """A file that was opened while loading: forks share its place in it, and its flags."""

    def __init__(self, fd: int) -> None:
        self.fd, self.place, self.flags = fd, os.lseek(fd, 0, os.SEEK_CUR), fcntl.fcntl(fd, fcntl.F_GETFL)

    def restore(self) -> None:
        """As they were then, so that each check reads what the first one would."""
        os.lseek(self.fd, self.place, os.SEEK_SET)
        fcntl.fcntl(self.fd, fcntl.F_SETFL, self.flags)


def _in_forks(
    sock: wire.Channel,
    probe: probing.Probe,
    loaded: loading.Loaded,
    asked: Mapping[str, Any],
    job: Mapping[str, Any],
    printed: loading.Printed,
    sweep: Callable[[bool], None],
    meanwhile: Callable[[], None],
) -> Iterator[dict[str, Any]]:
    """Run a check's cases in a fork, and those after a case that ended it in a further one; not after a time-out.
    `meanwhile` is called while a fork is at work.

    For each fork what it wrote, and how it ended: done, exited, status N, signal N, time, flood.
    """
    cases, deadline = asked["cases"], time.monotonic() + asked["seconds"]
    while cases:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            yield {"how": "time", "data": b""}
            return
        written, how = _in_a_fork(sock, probe, loaded, cases, seconds, job, printed, sweep, meanwhile)
        yield {"how": how, "data": bytes(written.data)}
        if how in ("done", "time"):
            return
        cases = cases[written.messages + 1 :]


def _in_a_fork(
    sock: wire.Channel,
    probe: probing.Probe,
    loaded: loading.Loaded,
    cases: Sequence[Mapping[str, Any]],
    seconds: float,
    job: Mapping[str, Any],
    printed: loading.Printed,
    sweep: Callable[[bool], None],
    meanwhile: Callable[[], None],
) -> tuple[_Written, str]:
    read_end, write_end = os.pipe()
    started = time.monotonic()
    try:
        pid = linux.fork()
    except BlockingIOError:  # the processes of the check before are dying, and still count
        sweep(True)
        pid = linux.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.setpgid(0, 0)
            os.close(read_end)
            sock.close()
            _answer(write_end, probe, loaded, cases, seconds, job, printed)
            os._exit(0)
        os._exit(1)
    os.close(write_end)
    written = _Written(read_end, messages_expected=len(cases) + 1, most=job["answer"] + job["printed"] + ROOM)
    how, status = "exited", 0
    try:
        meanwhile()
        how = _watch(pid, written, started + seconds)
    finally:
        os.close(read_end)
        for target in (pid, -pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(target, signal.SIGKILL)
        if how != "done":
            with contextlib.suppress(ChildProcessError):
                status = os.waitpid(pid, 0)[1]
        # What is killed runs no more, and takes a millisecond to be gone: to go on meanwhile is safe, but not where it
        # may have much memory to give back.
        sweep(how != "done" or (time.monotonic() - started > QUICK and not written.says_light()))
    if how == "exited":
        code = os.waitstatus_to_exitcode(status)
        how = "exited" if code == 0 else f"signal {-code}" if code < 0 else f"status {code}"
    return written, how


class _Written:
    """What comes out of a fork's pipe: messages, counted as they come."""

    def __init__(self, pipe: int, messages_expected: int, most: int) -> None:
        self.pipe, self.expected, self.most = pipe, messages_expected, most
        self.data = bytearray()
        self.messages = 0
        self._counted = self._last = 0  # where what was counted ends, and where the last message of it begins
        os.set_blocking(pipe, False)

    @property
    def complete(self) -> bool:
        return self.messages >= self.expected

    def says_light(self) -> bool:
        """Does the fork say, in its last message, that it has no more memory than it began with, and no children?"""
        try:
            said = codec.decode(memoryview(self.data)[self._last : self._counted])
        except codec.CodecError:
            return False
        return isinstance(said, dict) and said.get("light") is True

    @property
    def too_much(self) -> bool:
        return len(self.data) > self.most

    def read(self) -> bool:
        """Take what is there; False once every writer is gone."""
        open_still = True
        while open_still and not self.too_much:
            try:
                chunk = os.read(self.pipe, 1 << 20)
            except BlockingIOError:
                break
            self.data += chunk
            open_still = bool(chunk)
        with contextlib.suppress(codec.CodecError):  # of what is no message none is counted any more
            while len(self.data) - self._counted >= codec.PREFIX.size:
                prefix = bytes(self.data[self._counted : self._counted + codec.PREFIX.size])
                end = self._counted + len(prefix) + codec.length(prefix, self.most)
                if end > len(self.data):
                    break
                self._last, self._counted = self._counted, end
                self.messages += 1
        return open_still


def _watch(pid: int, written: _Written, deadline: float) -> str:
    """Read until the fork has written all that it should, has ended, is out of time or writes too much."""
    process = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.register(written.pipe, select.POLLIN)
    try:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "time"
            ready = {fd for fd, _ in poll.poll(left * 1000)}
            ended = process in ready
            if (ended or written.pipe in ready) and not written.read():
                with contextlib.suppress(KeyError):
                    poll.unregister(written.pipe)
            if written.too_much:
                written.data.clear()
                written.messages = 0
                return "flood"
            if written.complete:
                return "done"
            if ended:
                return "exited"
    finally:
        os.close(process)


def _answer(
    pipe: int,
    probe: probing.Probe,
    loaded: loading.Loaded,
    cases: Sequence[Mapping[str, Any]],
    seconds: float,
    job: Mapping[str, Any],
    printed: loading.Printed,
) -> None:
    """In the fork: put every case to the module and write each answer as soon as it is there."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
    held = _held()
    for case in cases:
        answer = probing.ask(probe, loaded, case, limit=job["answer"], interruptible=False, once=True)
        _write(pipe, vars(answer))
    _write(pipe, {"printed": printed.text(), "light": _held() - held < LIGHT and not _has_children()})


def _held() -> int:
    """Bytes of memory that this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _write(pipe: int, tree: dict[str, Any]) -> None:
    view = memoryview(codec.encode(tree))
    while view:
        view = view[os.write(pipe, view) :]
