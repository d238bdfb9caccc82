"""`python check.py`: the checks run in a child process, which this one watches as the grader does.

    parent ── starts ──► child: loads the file, runs check after check, a line of JSON for each step
           ◄── lines ──

The child says what it is about to do before it does it. So when it dies or takes too long, the parent knows which
block or which case was at fault, notes it, and starts another child for what is left: the same rules as in the
grader's sandbox (`loading.Plan`, three deaths at most while loading), on pipes and threads that every system has.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from . import codec, compare, loading
from .home import Desk, Found, Result, Trouble

DEATHS = 3
GRACE = 1.0


def main(desk: Desk, arguments: Sequence[str]) -> int:
    """The command line: `check.py [FILE] [QUESTION …] [--json]`. 0: all pass; 1: not all; 2: nothing to look at."""
    words = [word for word in arguments if not word.startswith("--")]
    options = {word for word in arguments if word.startswith("--")}
    if "--child" in options:
        return _child(desk, json.loads(words[0]))
    wanted = [word for word in words if word in desk.questions() or word in desk.checks]
    files = [word for word in words if word not in wanted]
    if options - {"--json"} or len(files) > 1 or any("." not in word for word in files):
        print(f"usage: python check.py [FILE] [QUESTION ...] [--json]   questions: {' '.join(desk.questions())}")
        return 2
    ids = [i for i, check in desk.checks.items() if not wanted or i in wanted or check["question"] in wanted]
    try:
        found = desk.find(files[0] if files else None)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    as_json = "--json" in options
    if not as_json:
        print("\n".join(desk.header(found)), flush=True)
    watch = _Watch(desk, found, ids, quiet=as_json)
    results = watch.run()
    if as_json:
        print(json.dumps({i: {"outcome": r.outcome, "passed": r.passed, "cases": r.cases} for i, r in results.items()}))
    else:
        passed = sum(result.outcome == "pass" for result in results.values())
        print(f"\n{passed} of {len(results)} checks pass here. The grade comes from the same checks on other inputs.")
    return 0 if all(result.outcome == "pass" for result in results.values()) else 1


class _Watch:
    """Runs checks in child processes and keeps what they said."""

    def __init__(self, desk: Desk, found: Found, ids: Sequence[str], quiet: bool) -> None:
        self.desk, self.found, self.quiet = desk, found, quiet
        self.waiting = list(ids)
        self.plan = loading.Plan()
        self.deaths = 0
        self.told_loading = False
        self.results: dict[str, Result] = {}
        # of the check under way: its cases' findings so far, and their answers as `compare.mistake` takes them
        self.findings: list[compare.Finding] = []
        self.contents: list[Any] = []
        self.spent = 0.0

    def run(self) -> dict[str, Result]:
        while self.waiting and self.deaths < DEATHS:
            with self._start() as lines:
                self._follow(lines)
        for check_id in list(self.waiting):
            self._finish(check_id, compare.Finding("crashed", 0.0, "crashed", {"how": "the process ended"}))
        return self.results

    @contextlib.contextmanager
    def _start(self) -> Iterator[queue.Queue[dict[str, Any] | None]]:
        job = {
            "file": str(self.found.path),
            "checks": self.waiting,
            "skip": len(self.findings),
            "plan": sorted(self.plan.left_out.items()),
        }
        process = subprocess.Popen(
            [sys.executable, self.desk.public["script"], "--child", json.dumps(job)],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
        reader.start()
        try:
            yield lines
        finally:
            process.kill()
            process.wait()
            reader.join(5)
            assert process.stdout is not None
            process.stdout.close()

    def _follow(self, lines: queue.Queue[dict[str, Any] | None]) -> None:
        """One child's life: until it has answered everything, died, or used up its time."""
        limits = self.desk.public["limits"]
        block: int | None = None
        loaded = False
        started = time.monotonic()
        deadline = started + 30.0  # for Python and numpy themselves to start
        while True:
            try:
                said = lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                said = {"late": True}
            if said is None or "late" in said:
                self._gone("time" if said else "died", block, loaded, time.monotonic() - started)
                return
            if "ready" in said:
                deadline = time.monotonic() + limits["load_seconds"] + GRACE
            elif "block" in said:
                block = said["block"]
            elif "loaded" in said:
                loaded = True
                if not self.told_loading and not self.quiet:
                    print("\n".join(said["loaded"]), end="\n" if said["loaded"] else "", flush=True)
                self.told_loading = True
            elif "check" in said:
                started = time.monotonic()
                deadline = started + self.desk.seconds(said["check"]) - self.spent + GRACE
            elif "finding" in said:
                self.findings.append(compare.Finding(*said["finding"]))
                self.contents.append(codec.decode(bytes.fromhex(said["content"])))
            elif "done" in said:
                self.spent += said["seconds"]
                self._finish(said["done"])
            elif "bye" in said:
                return

    def _gone(self, why: str, block: int | None, loaded: bool, seconds: float) -> None:
        """The child died or was late: at a block while loading, else at a case of the check under way."""
        if not loaded:
            self.deaths += 1
            if block is not None:
                self.plan = self.plan.without(block, why)
            return
        check_id = self.waiting[0]
        self.spent += seconds
        if why == "time":
            self._finish(check_id, compare.Finding("timeout", 0.0, "timeout"))
            return
        self.findings.append(compare.Finding("crashed", 0.0, "crashed", {"how": "the process ended"}))
        self.contents.append("crashed")
        if len(self.findings) == len(self.desk.checks[check_id]["cases"]):
            self._finish(check_id)

    def _finish(self, check_id: str, rest: compare.Finding | None = None) -> None:
        cases = len(self.desk.checks[check_id]["cases"])
        while rest is not None and len(self.findings) < cases:
            self.findings.append(rest)
            self.contents.append(rest.outcome)
        result = self.desk.result(check_id, self.findings, self.contents, self.spent)
        self.results[check_id] = result
        self.findings, self.contents, self.spent = [], [], 0.0
        self.waiting.remove(check_id)
        if not self.quiet:
            lines = [self.desk.line(check_id, result), *self.desk.words(check_id, result)]
            print("\n      ".join(lines), flush=True)


def _read(process: subprocess.Popen[bytes], lines: queue.Queue[dict[str, Any] | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue  # printed by C code, which no Python can catch
        if isinstance(said, dict):
            lines.put(said)
    lines.put(None)


# The child


def _child(desk: Desk, job: dict[str, Any]) -> int:
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what C code prints

        def tell(**what: Any) -> None:
            out.write(json.dumps(what) + "\n")
            out.flush()

        tell(ready=True)
        found = desk.find(job["file"])
        printed = loading.Printed(desk.public["limits"]["printed"])
        _limit_memory(desk.public["limits"]["memory"])
        plan = loading.Plan(dict(job["plan"]))

        def load() -> loading.Loaded:
            return desk.load(found, plan=plan, printed=printed, progress=lambda block: tell(block=block))

        loaded = load()
        tell(loaded=desk.left_out(loaded))
        skip = job["skip"]
        for index, check_id in enumerate(job["checks"]):
            if index and loaded.seconds < 0.3:
                loaded = load()
            tell(check=check_id)
            started = time.perf_counter()
            for case in desk.checks[check_id]["cases"][skip:]:
                finding, content = desk.one_case(check_id, case, loaded, printed)
                sent = codec.encode(content).hex()
                tell(finding=[finding.outcome, finding.credit, finding.key, _jsonable(finding.values)], content=sent)
            tell(done=check_id, seconds=time.perf_counter() - started)
            skip = 0
        tell(bye=True)
    return 0


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
