"""A handout's two forms of the same questions: a `.py` in jupytext's percent format, and a notebook.

Both have the header (imports) before all stubs, prose and stubs in order; what draws is a cell in the notebook, and
prose in the `.py`. The notebook begins with a cell that finds
check.py, has a cell `check.question("2.1")` after each question's last stub, and ends with `check.all()` and the
declaration, which ends the `.py` too. What the TD says of AI assistants stands at the top of each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2

from grader.authoring.prose import Markdown, Plot, Prose


@dataclass(frozen=True, slots=True)
class Handed:
    """What templates know of a handout."""

    td: str
    title: str
    language: str
    hours: float
    file: str
    packages: tuple[str, ...]
    data: tuple[str, ...]
    handout_url: str
    tested: tuple[str, ...]  # questions that have checks
    assistants: str = "declared"
    others: tuple[str, ...] = ()  # further files to hand in

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py")

    @property
    def variables(self) -> dict[str, Any]:
        """What templates and the assignment's prose may use."""
        return {
            "td": self.td,
            "title": self.title,
            "language": self.language,
            "hours": f"{self.hours:g}".replace(".", "," if self.language == "fr" else "."),
            "many": self.hours >= 2 if self.language == "fr" else self.hours != 1,
            "file": self.file,
            "files": (self.file, *self.others),
            "module": self.module,
            "packages": self.packages,
            "data": self.data,
            "question": self.tested[0],
            "assistants": self.assistants,
            "rule": self.rule,
        }

    @property
    def rule(self) -> str:
        """What the TD says of AI assistants, in a line."""
        return template("assistants.txt.j2", {"language": self.language, "assistants": self.assistants}).strip()


def template(name: str, variables: Mapping[str, Any]) -> str:
    """One of student_template's templates, rendered."""
    text = resources.files("student_template").joinpath("templates", name).read_text(encoding="utf-8")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(text).render(variables)


def script(prose: Prose, handed: Handed) -> str:
    """The `.py`."""
    docstring = template("docstring.txt.j2", handed.variables).strip().replace("\\", "\\\\").replace('"', '\\"')
    cells = [f'"""{docstring}\n"""']
    if prose.header:
        cells.append(f"# %%\n{prose.header}")
    for part in prose.parts:
        if isinstance(part, Markdown | Plot):
            text = part.fenced if isinstance(part, Plot) else part.text
            lines = "\n".join(f"# {line}".rstrip() for line in text.split("\n"))
            cells.append(f"# %% [markdown]\n{lines}")
        else:
            cells.append(f"# %%\n{part.code}")
    cells.append(f"# %%\n{declaration(handed)}")
    return "\n\n".join(cells) + "\n"


def notebook(prose: Prose, handed: Handed) -> str:
    """The notebook, as JSON: nbformat 4.5, the same bytes for the same content."""
    import nbformat  # here, since it costs every start of a command 80 ms

    v4: Any = nbformat.v4  # its functions have no types
    cells = []
    for position, (kind, text) in enumerate(_cells(prose, handed)):
        cell = v4.new_markdown_cell(text) if kind == "markdown" else v4.new_code_cell(text)
        cell["id"] = hashlib.sha256(f"{handed.td} {position} {kind}".encode()).hexdigest()[:8]
        if kind in ("check", "plot"):
            cell["metadata"]["tags"] = ["surdix"]
        cells.append(cell)
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    book = v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)
    nbformat.validate(book)
    written: str = v4.writes(book)
    return written.rstrip("\n") + "\n"


def code(prose: Prose, handed: Handed) -> str:
    """All code that is handed out: that of the `.py`, of each if there are several, then the notebook's own cells."""
    own = [text for kind, text in _cells(prose, handed) if kind in ("check", "plot")]
    scripts = [script(each, handed) for each in prose.scripts.values() or [prose]]
    return "\n\n".join([*scripts, *own]) + "\n"


def _cells(prose: Prose, handed: Handed) -> Sequence[tuple[str, str]]:
    """The notebook's cells: (markdown, code, plot or check, text). A title comes before the first code."""
    parts = list(prose.parts)
    title = parts.pop(0).text + "\n\n" if parts and isinstance(parts[0], Markdown) else ""  # type: ignore[union-attr]
    cells = [("markdown", title + handed.rule), ("check", first_cell(handed))]
    if prose.header:
        cells.append(("code", prose.header))
    last = {question: stub.name for stub in prose.stubs for question in stub.items.values()}
    for part in parts:
        if isinstance(part, Markdown):
            cells.append(("markdown", part.text))
            continue
        if isinstance(part, Plot):
            cells.append(("plot", part.text))
            continue
        cells.append(("code", part.code))
        for question in dict.fromkeys(part.items.values()):
            if last[question] == part.name and question in handed.tested:
                cells.append(("check", f'check.question("{question}")'))
    return [*cells, ("check", "check.all()"), ("code", declaration(handed))]


def declaration(handed: Handed) -> str:
    """The cell in which a student says with what and with whom they worked."""
    return template("declaration.py.j2", handed.variables).strip()


def first_cell(handed: Handed) -> str:
    """The cell that finds check.py and the data: beside itself, else at `handout_url`, else it says what to upload."""
    url = handed.handout_url.rstrip("/") + "/" if handed.handout_url else ""
    variables = {
        "language": handed.language,
        "handout_url": json.dumps(url) if url else "",
        "fetched": json.dumps(["check.py", *handed.data]),
        "data": json.dumps(handed.data) if handed.data else "",
    }
    return template("first_cell.py.j2", variables).strip()
