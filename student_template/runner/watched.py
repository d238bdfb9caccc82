"""`python check.py`: the checks run in a child process, which this one watches as the grader does.

    parent ── starts, one line: what to do ──► child: loads the file, runs check after check
           ◄── a line of JSON for each step ──

The child says what it is about to do before it does it. So when it dies or takes too long, the parent knows which
block or which case was at fault, notes it, and starts another child for what is left: the same rules as in the
grader's sandbox (`loading.Plan`, three deaths at most while loading), on pipes and threads that every system has.

The first child is started before the parent has read anything (`start` in check.py), so that both get ready at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from . import codec, compare, loading, sentences
from .home import RELOAD_SECONDS, Desk, Found, Result, Trouble

DEATHS = 3
GRACE = 0.5
START_SECONDS = 60.0  # for Python and numpy themselves
LOOK_SECONDS = 0.2  # how often to look whether the child is still there

Child = subprocess.Popen  # of bytes


def main(desk: Desk, arguments: Sequence[str], start: Callable[[], Child[bytes]], first: Child[bytes] | None) -> int:
    """The command line: `check.py [FILE] [QUESTION …] [--html [PAGE]] [--json]`.

    0: all pass; 1: not all; 2: nothing to look at, or no page to be written.

    `start` starts a child; `first` is one that has been started already.
    """
    if list(arguments) == ["--child"]:
        return _child(desk)
    spare = [first] if first is not None else []
    try:
        for stream in (sys.stdout, sys.stderr):  # a console that has no letter for something shows a ? in its place
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        return _command(desk, arguments, lambda: spare.pop() if spare else start())
    except KeyboardInterrupt:
        print("\n" + desk.say("stopped"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # `python check.py | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    finally:
        for child in spare:
            _kill(child)
            child.wait()
            _close(child.stdin, child.stdout)


def _command(desk: Desk, arguments: Sequence[str], start: Callable[[], Child[bytes]]) -> int:
    words = [word for word in arguments if not word.startswith("-")]
    options = {word for word in arguments if word.startswith("-")}
    wanted = [word for word in words if word in desk.questions() or word in desk.checks]
    pages = [word for word in words if word not in wanted and word.lower().endswith(".html")]
    files = [word for word in words if word not in wanted and word not in pages]
    usage = desk.say("usage", questions=" ".join(desk.questions()))
    if options & {"-h", "--help"}:
        print(usage)
        return 0
    unknown = [word for word in files if not word.lower().endswith((".py", ".ipynb"))]
    if options - {"--json", "--html"} or len(files) > 1 or len(pages) > ("--html" in options) or unknown:
        if unknown:
            print(desk.say("unknown", word=unknown[0]), file=sys.stderr)
        print(usage, file=sys.stderr)
        return 2
    ids = [i for i, check in desk.checks.items() if not wanted or i in wanted or check["question"] in wanted]
    try:
        found = desk.find(files[0] if files else None)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    as_json, header = "--json" in options, desk.header(found)
    if not as_json:
        print("\n".join(header), flush=True)
    watch = _Watch(desk, found, ids, start, quiet=as_json)
    results = watch.run()
    passing = sum(result.outcome == "pass" for result in results.values())
    if as_json:
        print(json.dumps({name: _as_json(desk, name, result) for name, result in results.items()}, indent=1))
    else:
        left = desk.to_write(results, found.all_blocks)
        closing = [*left, desk.say("passing", passing=passing, count=len(results))]
        print("\n" + "\n".join(closing))
    if "--html" in options:
        from . import page  # compiled only here

        target = Path(pages[0] if pages else "check.html").absolute()
        text = page.document(desk, [*header, *(watch.notes or [])], results)
        try:
            target.write_bytes(text.encode())
        except OSError as error:
            print(desk.say("unwritten", page=target, error=error.strerror), file=sys.stderr)
            return 2
        if not as_json:
            print(desk.say("written", page=target))
    return 0 if passing == len(results) else 1


def _as_json(desk: Desk, check_id: str, result: Result) -> dict[str, Any]:
    return {
        "question": desk.checks[check_id]["question"],
        "outcome": result.outcome,
        "passed": result.passed,
        "cases": result.cases,
        "message": desk.sentence(check_id, result),
        "seconds": round(result.seconds, 3),
    }


class _Watch:
    """Runs checks in child processes and keeps what they said."""

    def __init__(
        self, desk: Desk, found: Found, ids: Sequence[str], start: Callable[[], Child[bytes]], quiet: bool
    ) -> None:
        self.desk, self.found, self.start, self.quiet = desk, found, start, quiet
        self.waiting = list(ids)
        self.plan = loading.Plan()
        self.deaths = 0
        self.notes: list[str] | None = None  # what loading left out; None before that is known
        self.results: dict[str, Result] = {}
        # of the check under way: its cases' findings so far, their answers as `compare.mistake` takes them, what the
        # first case that failed has printed, and the time that is used up
        self.findings: list[compare.Finding] = []
        self.contents: list[Any] = []
        self.printed = ""
        self.spent = 0.0

    def run(self) -> dict[str, Result]:
        while self.waiting and self.deaths < DEATHS:
            with self._started() as child:
                self._follow(child)
        if self.waiting:
            self.notes = [*(self.notes or []), sentences.say("crashed_three_times", {}, self.desk.language)]
            self._tell(self.notes[-1])
        for check_id in list(self.waiting):
            self._finish(check_id, compare.Finding("crashed", 0.0, "crashed", {"how": "the process ended"}))
        return self.results

    def _tell(self, *lines: str) -> None:
        if lines and not self.quiet:
            print("\n".join(lines), flush=True)

    @contextlib.contextmanager
    def _started(self) -> Iterator[_Watched]:
        job = {
            "file": str(self.found.path),
            "checks": self.waiting,
            "skip": len(self.findings),
            "spent": self.spent,
            "plan": sorted(self.plan.left_out.items()),
        }
        child = self.start()
        assert child.stdin is not None
        with contextlib.suppress(OSError):  # it has died already: its end says so
            child.stdin.write(json.dumps(job).encode() + b"\n")
            child.stdin.flush()
        watched = _Watched(child)
        try:
            yield watched
        finally:
            watched.end()

    def _follow(self, child: _Watched) -> None:
        """One child's life: until it has answered everything, died, or used up its time."""
        limits = self.desk.public["limits"]
        block: int | None = None
        loaded = False
        started = time.monotonic()
        deadline = started + START_SECONDS
        while True:
            ended = child.has_ended()  # what it started may hold its pipe open
            try:
                said = child.lines.get(timeout=max(0.0, min(LOOK_SECONDS, deadline - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= deadline:
                    said = {"late": True}
                elif ended:
                    said = None
                else:
                    continue
            if said is None or "late" in said:
                how = compare.Finding("timeout", 0.0, "timeout") if said else child.finding()
                self._gone(how, block, loaded, time.monotonic() - started)
                return
            if "ready" in said:
                deadline = time.monotonic() + limits["load_seconds"] + GRACE
            elif "block" in said:
                block = said["block"]
            elif "loaded" in said:
                loaded = True
                if self.notes is None:
                    self.notes = said["loaded"]
                    self._tell(*said["loaded"])
            elif "check" in said:
                started = time.monotonic()
                deadline = started + self.desk.seconds(said["check"]) - self.spent + GRACE
            elif "finding" in said:
                finding = compare.Finding(*said["finding"])
                if finding.outcome != "pass" and all(before.outcome == "pass" for before in self.findings):
                    self.printed = said["printed"]
                self.findings.append(finding)
                self.contents.append(codec.decode(bytes.fromhex(said["content"])))
            elif "done" in said:
                self.spent += said["seconds"]
                self._finish(said["done"])
                deadline = time.monotonic() + limits["load_seconds"] + GRACE  # to load the file afresh
            elif "bye" in said:
                return

    def _gone(self, how: compare.Finding, block: int | None, loaded: bool, seconds: float) -> None:
        """The child died or was late: at a block while loading, else at a case of the check under way."""
        if not loaded:
            self.deaths += 1
            if block is not None:
                self.plan = self.plan.without(block, "time" if how.outcome == "timeout" else "died")
            return
        check_id = self.waiting[0]
        self.spent += seconds
        if how.outcome == "timeout":
            self._finish(check_id, how)
            return
        self.findings.append(how)
        self.contents.append(how.outcome)
        if len(self.findings) == len(self.desk.checks[check_id]["cases"]):
            self._finish(check_id)

    def _finish(self, check_id: str, rest: compare.Finding | None = None) -> None:
        cases = len(self.desk.checks[check_id]["cases"])
        while rest is not None and len(self.findings) < cases:
            self.findings.append(rest)
            self.contents.append(rest.outcome)
        result = self.desk.result(check_id, self.findings, self.contents, self.spent, self.printed)
        self.results[check_id] = result
        self.findings, self.contents, self.printed, self.spent = [], [], "", 0.0
        self.waiting.remove(check_id)
        self._tell(self.desk.shown(check_id, result))


class _Watched:
    """A child, what it says, and how it ends.

    Two threads read and wait. If the main one asked `Popen` whether the child has ended, Ctrl-C could come where its
    lock was taken and not yet in a `try`: then it stays taken, and whoever waits for the child waits for ever.
    """

    def __init__(self, child: Child[bytes]) -> None:
        self.child = child
        self.lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._waiter = threading.Thread(target=child.wait, daemon=True)
        self._reader.start()
        self._waiter.start()

    def has_ended(self) -> bool:
        return self.child.returncode is not None

    def finding(self) -> compare.Finding:
        """How it died, in the grader's words."""
        self._waiter.join(5)
        code = self.child.returncode
        if code is None:
            return compare.Finding("timeout", 0.0, "timeout")
        if code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = "a signal"
            return compare.Finding("crashed", 0.0, "crashed", {"how": name})
        if code >= 0xC0000000:  # what Windows says where others send a signal
            return compare.Finding("crashed", 0.0, "crashed", {"how": hex(code)})
        if code:
            return compare.Finding("crashed", 0.0, "ended", {"how": str(code)})
        return compare.Finding("crashed", 0.0, "crashed", {"how": "the process ended"})

    def end(self) -> None:
        """Leave nothing of it behind, nor, where the system can tell, of what it has started."""
        _kill(self.child)
        self._waiter.join(1)
        self._reader.join(1)
        _close(self.child.stdin, None if self._reader.is_alive() else self.child.stdout)

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            try:
                said = json.loads(line)
            except ValueError:
                continue  # no line of ours
            if isinstance(said, dict):
                self.lines.put(said)
        self.lines.put(None)


def _kill(child: Child[bytes]) -> None:
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _close(*pipes: IO[bytes] | None) -> None:
    for pipe in pipes:
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


# The child


def _child(desk: Desk) -> int:
    line = sys.stdin.buffer.readline()
    if not line:
        return 0  # there was nothing to do
    job = json.loads(line)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what C code prints
        threading.Thread(target=_end_with, args=(os.dup(0),), daemon=True).start()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

        def tell(**what: Any) -> None:
            out.write(json.dumps(what) + "\n")
            out.flush()

        tell(ready=True)
        found = desk.find(job["file"])
        os.chdir(found.path.parent)
        _limit_memory(desk.public["limits"]["memory"])
        plan = loading.Plan(dict(job["plan"]))

        def load() -> loading.Loaded:
            printed = loading.Printed(desk.public["limits"]["printed"])
            return desk.load(
                found, plan=plan, printed=printed, interruptible=False, progress=lambda block: tell(block=block)
            )

        loaded = load()
        tell(loaded=desk.left_out(loaded))
        skip, spent = job["skip"], job["spent"]
        for index, check_id in enumerate(job["checks"]):
            if index and loaded.seconds < RELOAD_SECONDS:
                loaded = load()
            tell(check=check_id)
            started = time.perf_counter()
            for tried in desk.cases(check_id, loaded, skip, spent, quiet=True):
                finding = tried.finding
                tell(
                    finding=[finding.outcome, finding.credit, finding.key, _jsonable(finding.values)],
                    content=codec.encode(tried.content).hex(),
                    printed=tried.printed if finding.outcome != "pass" else "",
                )
            tell(done=check_id, seconds=time.perf_counter() - started)
            skip, spent = 0, 0.0
        tell(bye=True)
    return 0


def _end_with(parent: int) -> None:
    """End when the process at the other end of this pipe has ended, however that came: nobody watches a loop then."""
    with contextlib.suppress(OSError):
        os.read(parent, 1)
    os._exit(1)


def _jsonable(values: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(values)
    except (TypeError, ValueError):
        return {name: str(value) for name, value in values.items()}
    return values


def _limit_memory(size: int) -> None:
    """As the grader does, where the system has a limit on address space that holds."""
    try:
        import resource

        with open("/proc/self/statm") as file:  # noqa: PTH123
            used = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + size, used + size))
    except (ImportError, OSError, ValueError, AttributeError):
        pass
