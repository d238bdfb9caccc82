"""From `handout.md`, prose with jinja2 calls that place stubs, to the cells of the `.py` and of the notebook.

    ## Question 2.1
    Write the softmax.

    {{ stub("softmax", "2.1") }}

    {{ stub("Linear", {"forward": "2.2", "backward": "2.3"}) }}
    {{ stub("Module") }}                      given code: there is no solution in it

    ```python plot
    plt.plot(x, softmax(x))                   a cell of its own in the notebook; in the `.py` it stays prose
    ```

The prose may use `title`, `hours`, `td`, `file`, `files` and `module`; any other name is an error.

Where several files are handed in, the notebook holds all of it. Each `.py` gets its own stubs, and the prose around
them: of a section (from one heading to the next) what stands before a stub goes where that stub goes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

import jinja2

from grader.authoring import stubs
from grader.authoring.stubs import Elsewhere, Questions, Stub
from grader.contract import Manual
from grader.errors import AssignmentError

_TOKEN = "\ue000stub {}\ue001"  # private use characters: no prose has them
_PLACED = re.compile("\ue000stub (\\d+)\ue001")
_PLOT = ["python", "plot"]  # the words after a fence that begins one
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}#{1,6} ")


@dataclass(frozen=True, slots=True)
class Markdown:
    """A piece of prose: one cell."""

    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Code that draws with what students have written. It needs matplotlib, which only a notebook can be sure of."""

    text: str

    @property
    def fenced(self) -> str:
        """As it stands in prose."""
        return f"```python\n{self.text}\n```"


@dataclass(frozen=True, slots=True)
class Prose:
    """A handout's content: its header (imports and given constants), then prose, plots and stubs in order."""

    header: str
    parts: tuple[Markdown | Plot | Stub, ...]
    scripts: Mapping[str, Prose] = field(default_factory=dict)  # by file, where several are handed in

    @property
    def items(self) -> Mapping[str, str]:
        """Dotted names that have a solution, in order, with the question that asks for it."""
        return {dotted: question for part in self.stubs for dotted, question in part.items.items()}

    @property
    def interface(self) -> tuple[str, ...]:
        """The top-level names among the items."""
        return tuple(dict.fromkeys(dotted.split(".")[0] for dotted in self.items))

    @property
    def stubs(self) -> tuple[Stub, ...]:
        return tuple(part for part in self.parts if isinstance(part, Stub))

    @property
    def plots(self) -> tuple[Plot, ...]:
        return tuple(part for part in self.parts if isinstance(part, Plot))

    @property
    def code(self) -> str:
        """All that is code, as one module, but for the plots."""
        return "\n\n\n".join([self.header] * bool(self.header) + [stub.code for stub in self.stubs]) + "\n"

    def has(self, question: str) -> bool:
        """Whether a stub is for this question, or the prose names it."""
        named = re.compile(rf"(?<![\w.]){re.escape(question)}(?!\w|\.\w)")
        return question in self.items.values() or any(
            named.search(part.text) for part in self.parts if isinstance(part, Markdown)
        )


def render(
    template: str,
    name: str,
    sources: Mapping[str, str],
    variables: Mapping[str, Any],
    packages: Collection[str] = ("numpy",),
    files: Mapping[str, Collection[str]] | None = None,
) -> Prose:
    """Render a handout's template; `name` is its file, which errors speak of, and `sources` the reference's modules,
    which `files` shares out where several are handed in.

    Raises `AssignmentError` where the template is wrong, a stub is placed twice or not on a line of its own, a solution
    is not placed at all, or the code needs what the handout does not have.
    """
    placed: list[Stub] = []

    def stub(top: str, questions: Questions = None) -> str:
        if any(other.name == top for other in placed):
            raise AssignmentError(f"stub({top!r}) is placed twice")
        placed.append(stubs.stub_of(sources, top, questions))
        return _TOKEN.format(len(placed) - 1)

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        text = environment.from_string(template).render(**variables, stub=stub)
    except jinja2.TemplateSyntaxError as error:
        raise AssignmentError(f"{name}, line {error.lineno}: {error.message}") from None
    except AssignmentError as error:
        raise AssignmentError(f"{name}: {error}") from None
    except (jinja2.TemplateError, TypeError, AttributeError, ValueError) as error:
        raise AssignmentError(f"{name}: {error}") from None
    parts = _parts(text, name, placed)
    header = stubs.header_of(sources, [part.code for part in placed])
    prose = Prose(header, parts)
    stubs.check_placed(sources, prose.items)
    stubs.check_self_contained(prose.code, packages, name)
    with_plots = "\n".join([prose.code, *(plot.text for plot in prose.plots)])
    stubs.check_self_contained(with_plots, [*packages, "matplotlib"], f"{name}, with its plots")
    if files and len(files) > 1:
        prose = replace(prose, scripts=_scripts(prose, sources, files))
        modules = [PurePath(file).stem for file in files]
        for file, script in prose.scripts.items():
            stubs.check_self_contained(script.code, [*packages, *modules], f"{name}, in {file}")
    return prose


def rubric(questions: Iterable[Manual], language: str) -> str:
    """The criteria that people mark as a table in Markdown, for `{{ rubric }}`: what earns how many points."""
    titles = {"fr": ("critère", "points", "pour")}.get(language, ("criterion", "points", "for"))
    rows = [titles, ("---", "---:", "---")]
    for question in questions:
        rows.append((f"{question.question} {question.sentence}", f"{question.points:g}", ""))
        rows += [("", f"{points:g}", text) for points, text in reversed(question.levels)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def _scripts(whole: Prose, sources: Mapping[str, str], files: Mapping[str, Collection[str]]) -> dict[str, Prose]:
    """What of a handout is whose, by file."""
    file_of = {module: file for file, modules in files.items() for module in modules}
    homes = _homes(whole.parts, {stub.name: file_of[stubs.module_of(sources, stub.name)] for stub in whole.stubs})
    given = {
        file: {name for module in modules for name in stubs.given_names(sources[module], module)}
        | {stub.name for stub, home in zip(whole.parts, homes, strict=True) if isinstance(stub, Stub) and home == file}
        for file, modules in files.items()
    }
    found = {}
    for file, modules in files.items():
        parts = tuple(part for part, home in zip(whole.parts, homes, strict=True) if home == file)
        elsewhere = {
            module: Elsewhere(PurePath(other).stem, given[other]) for module, other in file_of.items() if other != file
        }
        codes = [part.code for part in parts if isinstance(part, Stub)]
        header = stubs.header_of({module: sources[module] for module in modules}, codes, elsewhere)
        found[file] = Prose(header, parts)
    return found


def _homes(parts: Sequence[Markdown | Plot | Stub], file_of: Mapping[str, str]) -> list[str]:
    """The file of each part. Prose goes with the next stub of its section, else with the last one in it; a section
    without a stub goes with the next stub, or the last of all."""
    section, sections = 0, []
    for part in parts:
        section += isinstance(part, Markdown) and _HEADING.match(part.text) is not None
        sections.append(section)
    placed = [index for index, part in enumerate(parts) if isinstance(part, Stub)]

    def home(index: int) -> str:
        near = [other for other in placed if sections[other] == sections[index]]
        ahead = [other for other in near if other >= index]
        best = ahead[:1] or near[-1:] or [other for other in placed if other > index][:1] or placed[-1:]
        stub = parts[best[0]]
        assert isinstance(stub, Stub)
        return file_of[stub.name]

    return [home(index) for index in range(len(parts))]


def _parts(text: str, name: str, placed: list[Stub]) -> tuple[Markdown | Plot | Stub, ...]:
    """Split rendered text at stubs, at plots, and before headings."""
    parts: list[Markdown | Plot | Stub] = []
    prose: list[str] = []
    fence = ""
    plot = False

    def end() -> None:
        if any(line.strip() for line in prose):
            parts.append(Markdown("\n".join(prose).strip("\n").rstrip()))
        prose.clear()

    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
            if plot:
                parts.append(Plot("\n".join(prose)))
                prose.clear()
                plot = False
                continue
            words = line[mark.end() :].split()
            if fence and words != _PLOT and "plot" in words:
                raise AssignmentError(f"{name}: write a plot's fence as {fence}python plot, not {line.strip()}")
            if fence and words == _PLOT:
                end()
                plot = True
                continue
        found = _PLACED.search(line)
        if found:
            stub = placed[int(found[1])]
            if fence or _PLACED.sub("", line, count=1).strip():
                raise AssignmentError(f"{name}: give stub({stub.name!r}) a line of its own, outside ```")
            end()
            parts.append(stub)
            continue
        if not fence and _HEADING.match(line):
            end()
        prose.append(line)
    if fence:
        raise AssignmentError(f"{name}: a block that begins with {fence} does not end")
    end()
    return tuple(parts)
