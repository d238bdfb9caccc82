"""All that was read of a notebook → the files of a TD, by their paths in the course."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.authoring import place
from grader.authoring.importing import points, writing
from grader.authoring.importing.asking import Manual
from grader.authoring.importing.graded import Draft
from grader.authoring.importing.module import Left, Module, commented
from grader.authoring.importing.writing import Seen
from grader.errors import UserError

_DATA = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_LARGEST = 16 << 20  # bytes of a file of the handout


@dataclass
class Parts:
    """What the files are made of. `handout` and `seen` change while the draft is tried, and `left` grows."""

    name: str
    notebook: Path
    title: str
    module: Module
    handout: str
    drafts: list[Draft]
    manual: list[Manual]
    data: Mapping[str, bytes]
    left: list[Left]
    seen: dict[str, Seen] = field(default_factory=dict)

    def files(self, drafts: Sequence[Draft]) -> dict[str, bytes]:
        """The files, with these drafts for checks. Raises `UserError` where 10 points are too few for them."""
        weights = [each.weight for each in drafts] + [each.points for each in self.manual]
        if len(weights) > points.IN_ALL:
            raise UserError(f"{self.notebook}: has {len(weights)} tests, too many for 10 points; import it in parts")
        share = points.scaled(weights)
        manual = [replace(each, points=p) for each, p in zip(self.manual, share[len(drafts) :], strict=True)]
        checked = list(zip(drafts, share, strict=False))
        origin, imports = self.notebook.name, self.module.imports
        paths = place.paths(self.name)
        made = {
            paths["reference"]: self.module.source(f"{self.title}: drafted from {origin}.", self._about("reference")),
            paths["assignment.toml"]: self._toml(),
            paths["handout.md"]: self.handout + self._below_the_handout(),
            paths["checks.py"]: writing.checks(
                origin, self.name, checked, manual, imports, self.seen, self._about("checks.py")
            ),
            paths["mistakes.py"]: _MISTAKES.replace("NAME", self.name),
        }
        data = {f"assignments/{self.name}/data/{name}": content for name, content in self.data.items()}
        return {path: text.encode("utf-8", "replace") for path, text in made.items()} | data

    def _about(self, file: str) -> list[Left]:
        return [each for each in dict.fromkeys(self.left) if each.file == file]

    def _below_the_handout(self) -> str:
        """A comment of the template, which no student sees."""
        lines = commented(self._about("handout.md")).replace("# ", "", 1).replace("#}", "# }")
        return f"\n{{#\n{lines}#}}\n" if lines else ""

    def _toml(self) -> str:
        def quoted(value: object) -> str:
            return json.dumps(value, ensure_ascii=False)

        lines = [f"title = {quoted(self.title)}", "hours = 2.0    # how long it takes a student"]
        lines += [f"packages = {quoted(self.module.packages)}"] * (len(self.module.packages) > 1)
        lines += [f"data = {quoted(sorted(self.data))}"] * bool(self.data)
        lines += ["", "[files]", f'"{self.name}.py" = ["reference.{self.name}"]']
        comments = commented(self._about("assignment.toml"))
        return "\n".join(lines) + "\n" + f"\n{comments}" * bool(comments)


def data(module: Module, notebook: Path) -> tuple[dict[str, bytes], list[Left]]:
    """Files beside the notebook that its code names, by their names in the handout; and which cannot be in one.

    The module forgets those that cannot.
    """
    found: dict[str, bytes] = {}
    left = []
    for name, path in dict(module.files).items():
        plain = name.rpartition("/")[2]
        try:
            if _DATA.fullmatch(plain) and path.stat().st_size <= _LARGEST and plain not in found and path != notebook:
                found[plain] = path.read_bytes()
                continue
        except OSError:
            pass
        del module.files[name]
        if path != notebook:
            why = f"{name} cannot be a file of the handout (its name, its size, or it cannot be read)"
            left.append(Left(0, why, "assignment.toml"))
    return found, left


_MISTAKES = '''"""What students get wrong in NAME: none is known yet, and a notebook does not say.

    Mistake("id", "text that stands once in the reference", "the text in its place", "a question", "the explanation")
"""

from grader.authoring import Mistake

MISTAKES: list[Mistake] = []
'''
