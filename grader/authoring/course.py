"""A course's own Python files, executed from their paths.

Two courses may both have a `reference.backprop`, and `--course` chooses one. So modules of the reference never
enter `sys.modules` under that name: each is executed with an `__import__` of its own, which finds `reference.x` in the
course's folder (also when an import stands in a function that runs later) and leaves all other imports to Python.
"""

from __future__ import annotations

import builtins
import functools
import itertools
import sys
import traceback
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.errors import AssignmentError

_serial = itertools.count(1)


class Course:
    """One course's `reference`, executed as it is needed; `sources` replaces the files of the modules that it names.

    A `Course` with other sources shares nothing with this one: that is what a mistake is tried in.
    """

    def __init__(self, folder: Path, sources: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.sources: dict[str, str] = dict(sources or {})  # of every module that has been executed
        self._modules: dict[str, types.ModuleType] = {}
        self._package = types.ModuleType("reference")
        self._prefix = f"_surdix_course_{next(_serial)}"
        self._builtins = {**vars(builtins), "__import__": self._import}

    def source(self, name: str) -> str:
        """The text of `reference.x`. Raises `AssignmentError` if there is no such file or it is not text."""
        if name not in self.sources:
            path = self.path(name)
            if not path.is_file():
                raise AssignmentError(f"{path}: there is no such module of the reference")
            self.sources[name] = read_text(path)
        return self.sources[name]

    def path(self, name: str) -> Path:
        """Where `reference.x` is."""
        return self.folder.joinpath(*name.split(".")).with_suffix(".py")

    def module(self, name: str) -> types.ModuleType:
        """`reference.x`, executed once. Raises `AssignmentError`, with file and line, for an exception in it."""
        if name not in self._modules:
            source = self.source(name)
            module = types.ModuleType(f"{self._prefix}.{name}")
            self._modules[name] = module  # before its time, so that modules may import each other
            try:
                self.execute(source, self.path(name), module)
            except BaseException:
                del self._modules[name]
                raise
        return self._modules[name]

    def execute(self, source: str, path: Path, module: types.ModuleType | None = None) -> types.ModuleType:
        """Execute source in a module that sees this course's reference; errors are told as lines of `path`."""
        module = module or types.ModuleType(f"{self._prefix}.{path.stem}")
        module.__dict__.update(__file__=str(path), __builtins__=self._builtins)
        code = compiled(source, path)
        sys.modules[module.__name__] = module  # dataclasses look their module up while they are made
        try:
            exec(code, module.__dict__)
        except AssignmentError as error:
            raise AssignmentError(located(error, path, str(error))) from None
        except Exception as error:
            raise AssignmentError(located(error, path)) from None
        except SystemExit:
            raise AssignmentError(f"{path}: it ends the program; remove that call") from None
        finally:
            del sys.modules[module.__name__]
        return module

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> types.ModuleType:
        if level == 1 and str((globals or {}).get("__name__", "")).startswith(f"{self._prefix}.reference."):
            name, level = f"reference.{name}".rstrip("."), 0
        if level or name.split(".")[0] != "reference":
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        if name != "reference" and fromlist:
            return self.module(name)
        for part in fromlist or name.split(".")[1:]:
            setattr(self._package, part, self.module(f"reference.{part}"))
        return self._package


@functools.lru_cache(maxsize=256)  # mistakes are executed again and again
def compiled(source: str, path: Path) -> types.CodeType:
    """Compile; `AssignmentError`, with file and line, where the source is not Python."""
    try:
        return compile(source, str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        raise AssignmentError(f"{path}, line {error.lineno}: not Python ({error.msg})") from None
    except ValueError as error:
        raise AssignmentError(f"{path}: not Python ({error})") from None


def located(error: BaseException, path: Path, message: str = "") -> str:
    """One line for an exception: where in `path` (or else in the file that raised it), its type and its message."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    where = f"{path}, line {lines[-1]}" if lines else str(path)
    return f"{where}: {message or ' '.join(f'{type(error).__name__}: {error}'.split())}"


def read_text(path: Path) -> str:
    """A text file's content, whatever its line ends; `AssignmentError` if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise AssignmentError(f"{path}: not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be read ({error.strerror})") from None
