"""The public checks at a student's desk: on the command line, under pytest, in a notebook's kernel.

`python check.py` runs the checks in a second process and watches it from the first, as the grader does: an endless
loop or a crash costs the check where it happens, and the rest goes on. Under pytest and in a notebook everything
happens in the process where the student is, so that breakpoints and tracebacks lead to their own lines; a check that
is over its time is then said to be, not stopped.

No fork, no signals, no `resource` are needed: it works on Windows. What the grader would do and this computer cannot
(limit memory, on Windows and macOS) is left to the grader.
"""

from __future__ import annotations

import ast
import hashlib
import io
import os
import sys
import threading
import time
import tokenize
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import codec, compare, loading, probing, reading, sentences
from .loading import Loaded

RELOAD_SECONDS = 0.3  # a file that loads faster is loaded afresh for every check, as in the grader's fork


@dataclass(frozen=True)
class Result:
    """A check's public cases: what became of them, and the first that failed."""

    outcome: str
    passed: int
    cases: int
    case: str = ""
    key: str = "pass"
    values: Mapping[str, Any] | None = None
    hint: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Found:
    """The file that is looked at, and what it says before it is run."""

    path: Path
    cells: list[reading.Cell]
    blocks: list[reading.Block]
    notes: list[tuple[str, dict[str, Any]]]
    why: str


class Trouble(Exception):
    """One sentence for the student: what is wrong, and what to do."""


class Desk:
    """The public part of an assignment, unpacked from check.py: `public` is its decoded payload."""

    def __init__(self, public: Mapping[str, Any], folder: Path) -> None:
        self.public = public
        self.folder = folder
        self.checks: dict[str, Mapping[str, Any]] = {check["id"]: check for check in public["checks"]}
        self.probes, self.functions = probing.probes_of(public["probes"], public["checks"])
        self.language: str = public["language"]
        self._loaded: Loaded | None = None
        self._found: Found | None = None

    # Finding and loading the file

    def find(self, name: str | None = None) -> Found:
        """The student's file: the one named, else the .py or .ipynb that they have worked in (saved last, if both)."""
        module = str(self.public["module"])
        name = name or os.environ.get("SURDIX_FILE")
        if name:
            return self._read(Path(name), "it was named")
        there = [path for path in (self.folder / f"{module}.py", self.folder / f"{module}.ipynb") if path.exists()]
        if not there:
            raise Trouble(f"There is no {module}.py and no {module}.ipynb in {self.folder}: put your file there.")
        read = [self._read(path, "it is the only one") for path in there]
        worked = [found for found in read if not self._is_stub(found)]
        if len(worked) == 1 and len(read) == 2:
            return Found(worked[0].path, worked[0].cells, worked[0].blocks, worked[0].notes, "you have worked in it")
        if len(worked) == 2:
            newest = max(worked, key=lambda found: found.path.stat().st_mtime)
            return Found(newest.path, newest.cells, newest.blocks, newest.notes, "it was saved last")
        if not worked:
            return Found(read[0].path, read[0].cells, read[0].blocks, read[0].notes, "nothing is written in it yet")
        return worked[0]

    def _read(self, path: Path, why: str) -> Found:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Trouble(f"{path} cannot be read ({error.strerror}).") from None
        try:
            cells, notes = reading.read(path.name, data)
        except reading.Unreadable as error:
            raise Trouble(f"{path.name}: {sentences.say(error.key, error.values, self.language)}") from None
        return Found(path, cells, reading.blocks(cells), notes, why)

    def _is_stub(self, found: Found) -> bool:
        return code_digest(found.cells) in self.public["stubs"]

    def load(self, found: Found, **options: Any) -> Loaded:
        """Run the file as the grader would, with its packages and the student's other files."""
        others = {
            path.name: path.read_bytes()
            for path in sorted(found.path.parent.glob("*.py"))
            if path.name not in ("check.py", "conftest.py", found.path.name)
        }
        file = str(found.path) if found.path.suffix == ".py" else found.path.name
        packages = self.public["packages"]
        return loading.load(found.blocks, self.public["module"], file=file, packages=packages, others=others, **options)

    def header(self, found: Found) -> list[str]:
        """Which file, when it was saved, and all that reading it had to say."""
        saved = time.localtime(found.path.stat().st_mtime)
        lines = [f"Looking at {found.path.name} ({found.why}), saved {time.strftime('%Y-%m-%d %H:%M:%S', saved)}."]
        lines += [sentences.say(key, values, self.language) for key, values in found.notes]
        newer = newer_syntax(found.blocks, tuple(self.public["grader_python"]))
        return lines + ([newer] if newer else [])

    def left_out(self, loaded: Loaded) -> list[str]:
        return [sentences.left_out(block, self.language) for block in loaded.left_out]

    # Running a check in this process

    def run(self, check_id: str, loaded: Loaded, printed: loading.Printed | None = None) -> Result:
        """All public cases of one check, on a loaded module."""
        check = self.checks[check_id]
        started = time.perf_counter()
        findings, contents = [], []
        with _clock(check_id, self.seconds(check_id)):
            for case in check["cases"]:
                finding, content = self.one_case(check_id, case, loaded, printed)
                findings.append(finding)
                contents.append(content)
        return self.result(check_id, findings, contents, time.perf_counter() - started)

    def one_case(
        self, check_id: str, case: Mapping[str, Any], loaded: Loaded, printed: loading.Printed | None = None
    ) -> tuple[compare.Finding, Any]:
        check = self.checks[check_id]
        with loading.captured(printed):
            answer = probing.ask(self.probes[check_id], loaded, case["values"])
        content = probing.content(answer.outcome, answer.value, answer.key, answer.values)
        if answer.outcome:
            return compare.Finding(answer.outcome, 0.0, answer.key, answer.values), content
        numeric = codec.decode(answer.extra) if answer.extra else None
        value = content[0] if isinstance(content, list) else None
        return (
            compare.compare(check["compare"], case["expected"], value, case["values"], self.functions, numeric),
            content,
        )

    def result(
        self, check_id: str, findings: Sequence[compare.Finding], contents: Sequence[Any], seconds: float
    ) -> Result:
        """Findings of all cases as one result. Over its time limit, a check's outcome is `timeout`."""
        cases = self.checks[check_id]["cases"]
        outcome, passed, _ = compare.share(findings)
        if outcome == "pass":
            if seconds > self.seconds(check_id):
                return Result("timeout", 0, len(cases), cases[-1]["name"], "timeout", {}, seconds=seconds)
            return Result(outcome, passed, len(cases), seconds=seconds)
        index = next(i for i, finding in enumerate(findings) if finding.outcome != "pass")
        known = self.checks[check_id]["mistakes"]
        name = compare.mistake(contents, {name: item["answers"] for name, item in known.items()})
        hint = known[name]["hint"] if name else ""
        first = findings[index]
        return Result(outcome, passed, len(cases), cases[index]["name"], first.key, first.values, hint, seconds)

    def seconds(self, check_id: str) -> float:
        return float(self.checks[check_id]["seconds"])

    # Words

    def words(self, check_id: str, result: Result) -> list[str]:
        """What to tell of a check that did not pass: which case, what is wrong, a hint, a call to try."""
        if result.outcome == "pass":
            return []
        text = sentences.say(result.key, result.values, self.language)
        lines = [f"{text} (case {result.case!r}; {result.passed} of {result.cases} cases pass)"]
        if result.hint:
            lines.append(f"Hint: {result.hint}")
        if result.outcome != "missing":
            lines.append(f'See it again: import check; check.replay("{check_id}", "{result.case}")')
        return lines

    def line(self, check_id: str, result: Result) -> str:
        check = self.checks[check_id]
        mark = "ok  " if result.outcome == "pass" else "--  "
        return f"{mark}{check['question']:<5} {check['sentence']}"

    def questions(self) -> list[str]:
        return list(dict.fromkeys(str(check["question"]) for check in self.checks.values()))

    # Under pytest

    def current(self) -> Loaded:
        """The student's file, loaded for one check; kept for the next where loading is slow."""
        if self._found is None:
            self._found = self.find()
        if self._loaded is None or self._loaded.seconds < RELOAD_SECONDS:
            self._loaded = self.load(self._found)
        return self._loaded

    def seen(self) -> list[str]:
        """Which file was looked at, and all notes from reading and loading it; nothing before that has happened."""
        if self._found is None:
            return []
        return self.header(self._found) + (self.left_out(self._loaded) if self._loaded is not None else [])

    def pytest_run(self, check_id: str) -> None:
        """One check as a pytest test: fails with words, or with the student's own exception and its lines."""
        __tracebackhide__ = True
        import pytest

        try:
            loaded = self.current()
        except Trouble as trouble:
            pytest.fail(str(trouble), pytrace=False)
        result = self.run(check_id, loaded)
        if result.outcome == "pass":
            return
        lines = [f"Question {self.checks[check_id]['question']}: {self.checks[check_id]['sentence']}"]
        lines += self.words(check_id, result)
        if result.key in ("error", "error_because"):
            print("\n".join(lines))
            self.ask_again(check_id, result.case, loaded)
        pytest.fail("\n".join(lines), pytrace=False)

    def ask_again(self, check_id: str, case: str, loaded: Loaded) -> Any:
        """The same call once more, letting the student's exceptions through."""
        __tracebackhide__ = True
        return probing.ask(self.probes[check_id], loaded, self.case(check_id, case)["values"], reraise=True)

    def case(self, check_id: str, name: str) -> Mapping[str, Any]:
        for case in self.checks[check_id]["cases"]:
            if case["name"] == name:
                return case  # type: ignore[no-any-return]
        names = ", ".join(repr(case["name"]) for case in self.checks[check_id]["cases"])
        raise Trouble(f"{check_id} has no public case {name!r}; it has {names}.")

    # In a notebook or a Python shell

    def show(self, ids: Sequence[str], names: dict[str, Any]) -> None:
        """Run checks on functions as they live in a kernel, and print."""
        loaded = Loaded(_Names(names))
        loaded.files = dict.fromkeys(_kernel_files(), "")
        for check_id in ids:
            result = self.run(check_id, loaded)
            print("\n      ".join([self.line(check_id, result), *self.words(check_id, result)]))

    def replay(self, check_id: str, case: str, names: dict[str, Any]) -> Any:
        """One case again, with its inputs and answer printed and exceptions let through.

        On the functions of the shell or kernel where it is called, if they are there; else on the file.
        """
        if check_id not in self.checks:
            raise Trouble(f"There is no check {check_id!r}: check.ids() lists them.")
        values = self.case(check_id, case)["values"]
        there = any(names.get(name) is not None for name in self.public["interface"])
        loaded = Loaded(_Names(names)) if there else self.load(self.find())
        for name in self.probes[check_id].parameters:
            print(f"{name} = {compare.short(values[name], 400)}")
        answer = self.ask_again(check_id, case, loaded)
        value = codec.decode(answer.value) if answer.value else None
        print(f"your answer: {compare.short(value, 1000)}" if not answer.outcome else "")
        if "expected" in self.case(check_id, case) and self.checks[check_id]["compare"]["kind"] in compare.SHOWN:
            print(f"expected:    {compare.short(self.case(check_id, case)['expected'], 1000)}")
        finding, _ = self.one_case(check_id, self.case(check_id, case), loaded)
        print(sentences.say(finding.key, finding.values, self.language))
        return value


class _Names:
    """A kernel's global names, as a module has them."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.__dict__ = names


def _kernel_files() -> list[str]:
    import linecache

    return [name for name in linecache.cache if "ipykernel" in name or name.startswith("<ipython-input")]


class _clock:
    """Says so, once, when a check has run longer than it may; a debugger's time does not count."""

    def __init__(self, check_id: str, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._late, (check_id, seconds))
        self._timer.daemon = True

    def _late(self, check_id: str, seconds: float) -> None:
        print(
            f"{check_id} has been running for {seconds:g} s: the grader stops it there. (Ctrl-C shows where it is.)",
            file=sys.__stderr__,
        )

    def __enter__(self) -> None:
        if sys.gettrace() is None:
            self._timer.start()

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()


def code_digest(cells: Sequence[reading.Cell]) -> str:
    """A digest of a file's code that does not change when an editor saves it again."""
    lines = [line.rstrip() for cell in cells for line in cell.text.splitlines() if line.strip()]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def newer_syntax(blocks: Sequence[reading.Block], grader: tuple[int, ...]) -> str:
    """A warning where a block is written for a newer Python than the grader's, as far as this one can tell."""
    if sys.version_info[:2] <= grader:
        return ""
    for block in blocks:
        if not block.error and (_refused(block.text, grader) or (grader < (3, 12) and _nested_quotes(block.text))):
            where = sentences.place({"label": block.label, "line": block.line})
            version = ".".join(map(str, grader))
            return f"Warning: the block at {where} is written for a newer Python than the grader's {version}."
    return ""


def _refused(text: str, grader: tuple[int, ...]) -> bool:
    try:
        ast.parse(text, feature_version=(grader[0], grader[1]))
    except SyntaxError:
        return True
    except (ValueError, RecursionError, MemoryError):
        pass
    return False


def _nested_quotes(text: str) -> bool:
    """Does an f-string hold a string with its own quotes, as Python allows from 3.12 on (PEP 701)?"""
    start = getattr(tokenize, "FSTRING_START", None)
    if start is None:
        return False
    quotes: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == start:
                if token.string[-1:] in quotes:
                    return True
                quotes.append(token.string[-1:])
            elif token.type == getattr(tokenize, "FSTRING_END", None):
                quotes.pop()
            elif token.type == tokenize.STRING and token.string[-1:] in quotes:
                return True
    except (tokenize.TokenError, SyntaxError, IndexError):
        pass
    return False


def guarded(call: Callable[..., Any], *arguments: Any) -> Any:
    """Call, and let `Trouble` be one printed sentence."""
    try:
        return call(*arguments)
    except Trouble as trouble:
        print(trouble)
        return None
