"""Blocks → a module, one statement at a time.

A submission is not imported but run block by block (a block is a top-level statement): what fails is noted with its
line, what was defined counts. The same happens to a `.py` and to a notebook, here and at the grader's.

Three things differ from plain Python, the same at home as in the sandbox:
  * a package that the grader does not have cannot be imported, even where it is installed;
  * packages that only draw or decorate are stand-ins that do nothing (`standins`);
  * `input()` raises, since nobody is there to answer.

A block may never return: an endless loop, a call that kills the interpreter. Nothing inside the process can help
then, so whoever started it watches from outside: `progress` tells it which block is about to run, and a second
process is given a `Plan` that leaves this block out. Once a block was stopped for time, later blocks run only if they
define something (a function, a class, an import, a constant), so that a notebook that trains for an hour loads in
two tries.

Where an assignment asks for several files, each is run like this, when it is imported, or else at the end. Blocks are
numbered through all files; what a file could define counts, also of `from layers import Linear, relu` the half that is
there.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import functools
import io
import linecache
import operator
import re
import sys
import time
import types
import warnings
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from . import standins
from .reading import Block

# The flags by which `from __future__ import …` of one block holds for those after it.
_FUTURE = functools.reduce(
    operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)

MANY_LINES = 1000
MAX_LEFT_OUT = 200  # blocks that are described one by one; a file with more has other troubles


@dataclass(frozen=True)
class Plan:
    """What earlier tries have taught: blocks to leave out, each with the reason ("died", "memory" or "time")."""

    left_out: Mapping[int, str] = field(default_factory=dict)

    def without(self, block: int, why: str) -> Plan:
        return Plan({**self.left_out, block: why})


@dataclass
class Loaded:
    """A loaded submission. `left_out` describes blocks that failed: where, why, and which names they would define."""

    module: Any
    left_out: list[dict[str, Any]] = field(default_factory=list)
    printed: str = ""
    seconds: float = 0.0
    files: dict[str, str] = field(default_factory=dict)  # file name in tracebacks → label for people
    parts: list[Any] = field(default_factory=list)  # modules of the other handed-in files

    @property
    def names(self) -> Mapping[str, Any]:
        """What probes may ask for: the module's names, and behind them those of the other handed-in files, so that a
        file that does not load costs only what it should define."""
        return ChainMap(*(module.__dict__ for module in (self.module, *self.parts)))

    def why_missing(self, name: str) -> dict[str, Any] | None:
        """The block that would have defined `name`, if one was left out."""
        for block in self.left_out:
            if name in block["names"]:
                return block
        return None

    def account(self) -> dict[str, Any]:
        """What can be sent: plain data."""
        return {"left_out": self.left_out, "seconds": self.seconds, "names": sorted(map(str, self.names))[:1000]}


class Printed(io.TextIOBase):
    """Standard output that keeps the first `limit` characters and drops the rest."""

    def __init__(self, limit: int = 1 << 20) -> None:
        self._parts: list[str] = []
        self._room = limit
        self.dropped = 0

    def write(self, text: Any) -> int:
        text = str(text)
        kept = text[: self._room]
        if kept:
            self._parts.append(kept)
            self._room -= len(kept)
        self.dropped += len(text) - len(kept)
        return len(text)

    def writable(self) -> bool:
        return True

    def text(self) -> str:
        return "".join(self._parts)


@contextlib.contextmanager
def captured(printed: Printed | None) -> Iterator[None]:
    """Send standard output and error to `printed`; leave them alone where it is None."""
    if printed is None:
        yield
        return
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield


def load(
    blocks: Iterable[Block],
    name: str,
    *,
    file: str,
    packages: Iterable[str] = ("numpy",),
    others: Mapping[str, bytes] | None = None,
    parts: Mapping[str, Sequence[Block]] | None = None,
    plan: Plan | None = None,
    progress: Callable[[int], None] = lambda block: None,
    printed: Printed | None = None,
    interruptible: bool = True,
) -> Loaded:
    """Run blocks in a fresh module called `name` and register it in `sys.modules`.

    `file` is what tracebacks call the source (a cell's label is added); `others` are the student's other files, by
    relative path: flat `.py` files can be imported. `parts` are the blocks of those among them that the assignment asks
    for too, by file name. A block's exception is noted, never raised, but for a KeyboardInterrupt where somebody sits
    at the keyboard (`interruptible`).
    """
    started = time.perf_counter()
    guard = _Imports(frozenset(packages) | {"numpy"}, dict(others or {}))
    guard.builtins = _builtins(guard)
    files = [_File(name, file, list(blocks), 0)]
    for part, theirs in (parts or {}).items():
        where = str(PurePath(file).with_name(part))
        files.append(_File(PurePath(part).stem, where, list(theirs), files[-1].end, whole=True))
    loading = _Loading(files, guard, plan or Plan(), progress, interruptible)
    guard.parts = {each.name: loading.module for each in files} if parts else {}
    with captured(printed):
        for each in files:
            loading.module(each.name)
    loaded = loading.loaded
    loaded.parts = [loading.module(each.name) for each in files[1:]]
    loaded.printed = printed.text() if printed is not None else ""
    loaded.seconds = time.perf_counter() - started
    return loaded


@dataclass(frozen=True)
class _File:
    """A handed-in file: its module's name, what tracebacks call it, its blocks, and the number of the first."""

    name: str
    file: str
    blocks: list[Block]
    first: int
    whole: bool = False  # labels are for people alone: there are no cells

    @property
    def end(self) -> int:
        return self.first + len(self.blocks)

    def where(self, block: Block) -> str:
        """What tracebacks call the source of a block: the file, and in a notebook the cell."""
        return f"{self.file}[{block.label}]" if block.label and not self.whole else self.file


class _Loading:
    """A submission while it is loaded."""

    def __init__(
        self,
        files: Sequence[_File],
        guard: _Imports,
        plan: Plan,
        progress: Callable[[int], None],
        interruptible: bool,
    ) -> None:
        self.files = {each.name: each for each in files}
        self.guard, self.plan, self.progress, self.interruptible = guard, plan, progress, interruptible
        self.loaded = Loaded(types.ModuleType(files[0].name))
        self.made: dict[str, Any] = {}
        self.late = False  # a block was stopped for time: from now on only definitions run
        self.running: int | None = None

    def module(self, name: str) -> Any:
        """A handed-in file as a module, run the first time that it is asked for."""
        if name not in self.made:
            file = self.files[name]
            module = self.loaded.module if name == self.loaded.module.__name__ else types.ModuleType(name)
            module.__dict__.update(__file__=file.file, __builtins__=self.guard.builtins, **_NOTEBOOK)
            self.made[name] = sys.modules[name] = module
            _show(file, self.loaded.files)
            importing = self.running
            self._run(file, module)
            self.running = importing
            if importing is not None:
                self.progress(importing)
        return self.made[name]

    def _run(self, file: _File, module: Any) -> None:
        flags = 0
        for index, block in enumerate(file.blocks, file.first):
            where = file.where(block)
            why = self.plan.left_out.get(index)
            if why is not None:
                self.late = self.late or why == "time"
                _leave_out(self.loaded, block, why, "")
                continue
            if block.error:
                _leave_out(self.loaded, block, "syntax", block.error)
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    code = _compiled(block, where, flags)
                    flags |= code.co_flags & _FUTURE
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                _leave_out(self.loaded, block, "syntax", str(error))
                continue
            if self.late and not _defines(block.text, flags):
                _leave_out(self.loaded, block, "late", "")
                continue
            self.running = index
            self.progress(index)
            try:
                exec(code, module.__dict__)
            except BaseException as error:  # SystemExit and GeneratorExit too: the file goes on
                if self.interruptible and isinstance(error, KeyboardInterrupt):
                    raise
                names = self._take_what_is_there(block, module) if isinstance(error, ImportError) else None
                _leave_out(self.loaded, block, "raised", describe(error), line_in(error, where), names)

    def _take_what_is_there(self, block: Block, module: Any) -> list[str] | None:
        """Of `from layers import a, b` that failed, take the names that the handed-in file has; those it has not."""
        (node, *more) = ast.parse(block.text).body
        origin = node.module if isinstance(node, ast.ImportFrom) and not node.level and not more else None
        if not isinstance(node, ast.ImportFrom) or origin is None or origin not in self.guard.parts:
            return None
        theirs = vars(self.module(origin))
        missing = []
        for alias in node.names:
            if alias.name in theirs:
                module.__dict__[alias.asname or alias.name] = theirs[alias.name]
            else:
                missing.append(alias.asname or alias.name)
        return missing


def _compiled(block: Block, where: str, flags: int) -> types.CodeType:
    """The block's code, with the line numbers of its file: by empty lines before it, or where those would be many, by
    going through its tree."""
    source: Any
    if block.line <= MANY_LINES:
        source = "\n" * (block.line - 1) + block.text
    else:
        source = compile(block.text, where, "exec", flags=flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        ast.increment_lineno(source, block.line - 1)
    code: types.CodeType = compile(source, where, "exec", flags=flags, dont_inherit=True)
    return code


def describe(error: BaseException) -> str:
    """An exception in one line of at most 500 characters, whatever its `__str__` does."""
    try:
        text = " ".join(str(error).split())
    except BaseException:  # a student's own exception class
        text = ""
    return (f"{type(error).__name__}: {text}" if text else type(error).__name__)[:500]


def line_in(error: BaseException, file: str) -> int | None:
    """The last line of `file` that an exception's traceback goes through."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _leave_out(
    loaded: Loaded, block: Block, why: str, error: str, line: int | None = None, names: list[str] | None = None
) -> None:
    """Describe a block; `names` are those it was to define, where that is known better than from its text."""
    if len(loaded.left_out) < MAX_LEFT_OUT:
        first = next((text for text in block.text.splitlines() if text.strip()), "")
        loaded.left_out.append(
            {
                "label": block.label,
                "line": line or block.line,
                "text": first.strip()[:200],
                "why": why,
                "error": error[:500],
                "names": names if names is not None else _names(block.text),
            }
        )


_NAME = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]*)?=[^=]", re.MULTILINE)
_IMPORTED = re.compile(r"^\s*(?:import|from)\s.*?(\w+)\s*$", re.MULTILINE)


def _names(text: str) -> list[str]:
    """Names that a block would define or import at top level."""
    return [*defined_in(text), *_IMPORTED.findall(text[:2000])][:50]


def defined_in(text: str) -> list[str]:
    """Names that a block would define at top level, read off its text: it may not parse."""
    return [name for pair in _NAME.findall(text[:100_000]) for name in pair if name]


def _defines(text: str, flags: int) -> bool:
    """Does this block, which compiles, do nothing but define and import?"""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = compile(text, "<block>", "exec", flags=flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return all(
        isinstance(node, kinds)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, (ast.Assign, ast.AnnAssign)) and not _calls(node))
        for node in tree.body
    )


def _calls(node: ast.AST) -> bool:
    """Does running this call anything? What a lambda would call does not count."""
    if isinstance(node, ast.Call):
        return True
    return not isinstance(node, ast.Lambda) and any(map(_calls, ast.iter_child_nodes(node)))


def _show(file: _File, files: dict[str, str]) -> None:
    """Let tracebacks and debuggers quote what was run: a cell, a file that is not on the jail's disk, any encoding."""
    lines: dict[str, list[str]] = {}
    for block in file.blocks:
        where = file.where(block)
        files[where] = block.label
        known = lines.setdefault(where, [])
        known += ["\n"] * (block.line - 1 - len(known))
        known[block.line - 1 :] = block.text.splitlines(keepends=True)
    for where, known in lines.items():
        linecache.cache[where] = (sum(map(len, known)), None, known, where)


# What the module's built-in names are


def _no_input(prompt: object = "") -> str:
    raise EOFError("input() has nobody to ask here: give the value in the code instead")


def _exit(code: object = None) -> None:
    raise SystemExit(code)


def _builtins(guard: _Imports) -> dict[str, Any]:
    names = dict(vars(builtins))
    names["__import__"] = guard
    names["input"] = _no_input
    names["exit"] = names["quit"] = _exit  # the site module's, which the jail does without
    return names


_NOTEBOOK = {"display": standins.Inert(), "get_ipython": standins.Inert()}


class _Imports:
    """`__import__` for a submission: the standard library, the assignment's packages, its own files, stand-ins."""

    def __init__(self, packages: frozenset[str], others: dict[str, bytes]) -> None:
        self.packages = packages
        self.own = {
            PurePath(path).stem: data for path, data in others.items() if path.endswith(".py") and "/" not in path
        }
        self.made: dict[str, Any] = {}
        self.parts: Mapping[str, Callable[[str], Any]] = {}  # handed-in files that were asked for
        self.builtins: dict[str, Any] = {}

    def __call__(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        top = name.partition(".")[0]
        if level:
            raise ImportError("relative imports have no package here: write `import name`")
        if top in self.parts:
            return self.parts[top](top)
        if top in self.own:
            return self._own(top)
        if top in standins.NAMES:
            return self._stand_in(name, fromlist)
        if top in self.packages or is_standard(top):
            return builtins.__import__(name, globals, locals, fromlist, level)
        raise ModuleNotFoundError(f"the grader does not have {top!r}", name=top)

    def _stand_in(self, name: str, fromlist: Any) -> Any:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            path = ".".join(parts[:end])
            if path not in self.made:
                self.made[path] = standins.stand_in(path)
                if end > 1:
                    setattr(self.made[".".join(parts[: end - 1])], parts[end - 1], self.made[path])
        return self.made[name] if fromlist else self.made[parts[0]]

    def _own(self, name: str) -> Any:
        if name not in self.made:
            module = types.ModuleType(name)
            module.__dict__.update(__file__=f"{name}.py", __builtins__=self.builtins)
            self.made[name] = module
            exec(compile(self.own[name], f"{name}.py", "exec", dont_inherit=True), module.__dict__)
        return self.made[name]


def is_standard(name: str) -> bool:
    """Is it a module of the standard library? Python 3.9 has no list of them: there, by where it lies."""
    known = getattr(sys, "stdlib_module_names", None)
    if known is not None:
        return name in known
    if name in sys.builtin_module_names:
        return True
    import importlib.util
    import sysconfig

    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    origin = str(getattr(spec, "origin", "") or "")
    inside = origin.startswith((sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")))
    return origin in ("built-in", "frozen") or (inside and "site-packages" not in origin)
