"""A notebook → the files of a TD, tried before they are handed over.

What is drafted is loaded as `surdix validate` would, in a folder of its own. A check that cannot be drawn, or that the
reference cannot answer, becomes a TODO; so a draft can always be looked at as a whole.
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring import draws, load, place
from grader.authoring.importing import asking, handout, notebook, points, writing
from grader.authoring.importing.graded import Draft, identifier
from grader.authoring.importing.module import Left, Module, commented, module
from grader.authoring.importing.notebook import Cell
from grader.authoring.importing.solutions import UNWRITTEN
from grader.authoring.importing.writing import Seen
from grader.errors import AssignmentError, UserError
from student_template.runner import codec

_DATA = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_LARGEST = 16 << 20  # bytes of a file of the handout


@dataclass(frozen=True, slots=True)
class Drafted:
    """The files by their paths in the course, what could not be carried over, and how much was."""

    name: str
    files: Mapping[str, bytes]
    left: Sequence[Left]
    checks: int
    todo: int
    manual: int
    unwritten: int


def draft(path: Path, name: str = "") -> Drafted:
    """Draft a TD from a notebook. Raises `UserError` for what is no notebook, and for a name that no TD can have."""
    name = name or identifier(path.stem)
    place.check_name(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # of the notebook's own strings, "\\s" and the like
            return _Drafting(notebook.read(path), path, name).drafted()
    except RecursionError:
        raise UserError(f"{path}: its code or its JSON is nested too deeply to be read; simplify it") from None


class _Drafting:
    """What the drafts of one notebook have in common while they are written, tried and written again."""

    def __init__(self, cells: Sequence[Cell], path: Path, name: str) -> None:
        self.cells, self.path, self.name = cells, path, name
        self.questions = questions = handout.questions(cells)
        self.module: Module = module(cells, path.parent)
        if not any(part.solved for part in self.module.kept):
            why = f" ({self.module.left[0]})" if self.module.left else ""
            raise UserError(
                f"{path}: no function for students to write can be read in it{why}; mend its solution cells"
            )
        self.left: list[Left] = list(self.module.left)
        self.data = self._data()
        self.handout, self.prose_left = handout.text(cells, self.module, self.questions, run_rest=True)
        self.title = handout.title(cells) or name
        asked = asking.ask(cells, self.module, questions)
        self.drafts, self.manual = asked.drafts, asked.manual
        self.left += asked.left
        self.seen: dict[str, Seen] = {}

    def drafted(self) -> Drafted:
        for package in self.module.packages[1:]:
            why = f"{package} is in `packages`: students, and the machine that grades, need it"
            self.left.append(Left(0, why, "assignment.toml"))
        self._try_out()
        self.left = list(dict.fromkeys([*self.left, *self.prose_left]))
        self.left.sort(key=lambda left: (not left.cell, left.cell))
        return Drafted(
            self.name,
            self._files(self.drafts),
            self.left,
            len(self.drafts),
            sum(bool(each.todo) for each in self.drafts),
            len(self.manual),
            len(self.module.unwritten),
        )

    # --- files

    def _data(self) -> dict[str, bytes]:
        """Files of the notebook's folder that come along, by the names they have in the handout."""
        found: dict[str, bytes] = {}
        for name, path in dict(self.module.files).items():
            plain = name.rpartition("/")[2]
            try:
                size = path.stat().st_size
                if _DATA.fullmatch(plain) and size <= _LARGEST and plain not in found and path != self.path:
                    found[plain] = path.read_bytes()
                    continue
            except OSError:
                pass
            del self.module.files[name]
            if path != self.path:
                self.left.append(
                    Left(
                        0,
                        f"{name} cannot be a file of the handout (its name, its size, or it cannot be read)",
                        "assignment.toml",
                    )
                )
        return found

    def _files(self, shown: Sequence[Draft]) -> dict[str, bytes]:
        paths = place.paths(self.name)

        def about(file: str) -> list[Left]:
            return [each for each in dict.fromkeys([*self.left, *self.prose_left]) if each.file == file]

        weights = [each.weight for each in shown] + [each.points for each in self.manual]
        if len(weights) > points.IN_ALL:
            raise UserError(f"{self.path}: has {len(weights)} tests, too many for 10 points; import it in parts")
        share = points.scaled(weights)
        manual = [replace(each, points=p) for each, p in zip(self.manual, share[len(shown) :], strict=True)]
        checked = list(zip(shown, share, strict=False))
        module_text = self.module.source(f"{self.title}: drafted from {self.path.name}.", about("reference"))
        prose = commented(about("handout.md")).replace("# ", "", 1).replace("#}", "# }")
        made = {
            paths["reference"]: module_text,
            paths["assignment.toml"]: self._toml(about("assignment.toml")),
            paths["handout.md"]: self.handout + (f"\n{{#\n{prose}#}}\n" if prose else ""),
            paths["checks.py"]: writing.checks(
                self.path.name, self.name, checked, manual, self.module.imports, self.seen, about("checks.py")
            ),
            paths["mistakes.py"]: _MISTAKES.replace("NAME", self.name),
        }
        data = {f"assignments/{self.name}/data/{name}": content for name, content in self.data.items()}
        return {path: text.encode("utf-8", "replace") for path, text in made.items()} | data

    def _toml(self, left: Sequence[Left]) -> str:
        def quoted(value: Any) -> str:
            return json.dumps(value, ensure_ascii=False)

        lines = [
            f"title = {quoted(self.title)}",
            "hours = 2.0                             # how long it takes a student",
        ]
        lines += [f"packages = {quoted(self.module.packages)}"] * (len(self.module.packages) > 1)
        lines += [f"data = {quoted(sorted(self.data))}"] * bool(self.data)
        lines += ["", "[files]", f'"{self.name}.py" = ["reference.{self.name}"]']
        return "\n".join(lines) + "\n" + f"\n{commented(left)}" * bool(left)

    # --- trying

    def _try_out(self) -> None:
        """Load what is drafted, ask the reference, and make a TODO of each check that does not work."""
        try:
            with self._loaded([replace(each, todo="not looked at yet") for each in self.drafts]):
                pass
        except AssignmentError:  # without code that draws, at least
            self.handout, self.prose_left = handout.text(self.cells, self.module, self.questions, run_rest=False)
        for position, each in enumerate(self.drafts):
            if each.todo:
                continue
            others = [other if other.todo else replace(other, todo="not looked at yet") for other in self.drafts]
            others[position] = each
            try:
                self.seen[each.id] = self._seen(each, others)
            except AssignmentError as error:
                if UNWRITTEN not in str(error):  # else the reference has to be written first
                    self._give_up(each, str(error))
        try:
            with self._loaded(self.drafts):
                pass
        except AssignmentError as error:
            self.left.append(Left(0, f"the draft does not load yet: {self._plain(str(error))}"))

    def _give_up(self, each: Draft, reason: str) -> None:
        each.todo = f"its draft does not work ({self._plain(reason)})"
        self.left.append(Left(each.cell, f"{each.id} is a TODO in checks.py: {each.todo}"))

    def _plain(self, reason: str) -> str:
        """What is wrong, without places in files that are gone."""
        return " ".join(re.sub(r"\S*surdix-import-\w+/(\S*checks\.py(, line \d+)?: )?", "", reason).split())

    @contextlib.contextmanager
    def _loaded(self, shown: Sequence[Draft]) -> Iterator[load.Loaded]:
        """The draft, with these checks, as a TD that is there as long as the context."""
        with tempfile.TemporaryDirectory(prefix="surdix-import-") as folder:
            place.write(Path(folder), self.name, self._files(shown))
            yield load.load(Path(folder), self.name)

    def _seen(self, each: Draft, shown: Sequence[Draft]) -> Seen:
        with self._loaded(shown) as loaded:
            (check,) = (check for check in loaded.checks if check.id == each.id)
            _, drawn = draws.draw(replace(loaded, checks=(check,)), b"a draft, tried")
        values = {case.name: case.values for case in drawn[check.id]}
        answers = []
        for case in values.values():
            try:
                answer = check.probe(loaded.reference, **{name: case[name] for name in check.parameters})
                answers.append(codec.decode(codec.encode(answer)))
            except (Exception, SystemExit) as error:
                raise AssignmentError(f"{type(error).__name__}: {error}") from None
        return Seen(values, any(map(_has_fractions, answers)))


def _has_fractions(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_fractions, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_fractions, value))
    return isinstance(value, float | complex) or (
        isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc"
    )


_MISTAKES = '''"""What students get wrong in NAME: none is known yet, and a notebook does not say.

    Mistake("id", "text that stands once in the reference", "the text in its place", "a question", "the explanation")
"""

from grader.authoring import Mistake

MISTAKES: list[Mistake] = []
'''
