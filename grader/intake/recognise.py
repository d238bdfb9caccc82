"""What a file holds of an assignment, by its text alone: nothing is run, imported or given to Python's parser.

A line counts as the student's own if it does not stand in the stub. Comments, blank lines, IPython's magics and the
declaration are no code; a docstring's lines are. A definition reaches from its line at column 0 to the next line of
code at column 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from grader.contract import Assignment, Note
from grader.intake.files import Refused
from student_template.runner import declaring, reading

MAX_LINES = 100_000  # each costs far more memory than its text
DEFINITION = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|([A-Za-z_]\w*)[ \t]*(?::[^=]*)?=(?!=)")
IMPORT = re.compile(r"[ \t]*(?:from[ \t]+\.?([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))")
NO_CODE = ("#", "%", "!", "?", "get_ipython().system(", "get_ipython().run_", "get_ipython().magic(")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be the one that counts, or, where several files are asked for, those that belong together."""

    path: str
    data: bytes
    notes: tuple[Note, ...]  # of reading
    code: tuple[str, ...]  # its lines of code
    own: bool  # has it a line that the stub has not?
    definitions: Mapping[str, tuple[str, ...]]  # functions, classes, constants and names of the interface
    defines: frozenset[str]  # names of the interface
    done: frozenset[str]  # those with a line of the student's own
    imports: frozenset[str]  # modules
    takes_from: frozenset[str]  # those imported by `from module import`
    declared: tuple[str, ...] = ()  # statements of the declaration, as `declaring` reads them
    parts: Mapping[str, Candidate] = field(default_factory=dict)  # by name, of the files that were asked for

    @property
    def marks(self) -> frozenset[object]:
        """Two that share a mark are graded alike: plots, trials and comments around the definitions may differ."""
        marks: set[object] = {self.code} if self.parts else {self.data, self.code}
        return frozenset(marks | {frozenset(self.definitions.items())} if self.done else marks)

    def extends(self, other: Candidate) -> bool:
        """Is all that the other one has done here too, word for word, and more? More are files that belong together."""
        more = self.done > other.done or (len(self.parts) > max(1, len(other.parts)) and self.done == other.done)
        return more and all(self.definitions[name] == other.definitions[name] for name in other.done)


def examine(path: str, data: bytes, assignment: Assignment) -> Candidate:
    """Read a file and say what it holds. Raises `reading.Unreadable` and `Refused`. Linear in its length."""
    cells, notes = reading.read(path.rpartition("/")[2], data)
    if sum(cell.text.count("\n") for cell in cells) > MAX_LINES:
        raise Refused("too_many_lines", file=path, limit=MAX_LINES)
    lines = [line.rstrip() for cell in cells for line in cell.text.split("\n")]
    written = [line for line in lines if line.strip() and not line.lstrip().startswith(NO_CODE)]
    rest, declared = declaring.split(written)
    code = tuple(rest)
    known = _lines(assignment.stub)
    interface = frozenset(assignment.interface)
    definitions = _definitions(code, interface)
    defines = interface & definitions.keys()
    return Candidate(
        path=path,
        data=data,
        notes=tuple(Note(key, values) for key, values in notes),
        code=code,
        own=_own(code, known),
        definitions=definitions,
        defines=defines,
        done=frozenset(name for name in defines if _own(definitions[name], known)),
        imports=_imports(code, (1, 2)),
        takes_from=_imports(code, (1,)),
        declared=tuple(declared),
    )


def together(parts: Mapping[str, Candidate]) -> Candidate:
    """Files that were asked for as one candidate, in that order; the first stands for all."""
    first, *others = parts.values()
    return Candidate(
        path=first.path,
        data=first.data,
        notes=tuple(note for part in parts.values() for note in part.notes),
        code=tuple(line for part in parts.values() for line in part.code),
        own=any(part.own for part in parts.values()),
        definitions={name: text for part in reversed([first, *others]) for name, text in part.definitions.items()},
        defines=first.defines.union(*(part.defines for part in others)),
        done=first.done.union(*(part.done for part in others)),
        imports=first.imports.union(*(part.imports for part in others)),
        takes_from=first.takes_from.union(*(part.takes_from for part in others)),
        parts=parts,
    )


@lru_cache(maxsize=8)
def _lines(stub: str) -> frozenset[str]:
    return frozenset(line.strip() for line in stub.replace("\r", "\n").split("\n"))


def _own(lines: Iterable[str], known: frozenset[str]) -> bool:
    return any(line.strip() not in known for line in lines)


def _definitions(code: tuple[str, ...], interface: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The last definition of each name: in a notebook it is the one that counts."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in code:
        if line[0] not in " \t)]}":
            current = []
            match = DEFINITION.match(line)
            name = match.group(1) or match.group(2) if match else ""
            # Variables of trials (x, model) are nobody's answer; a constant may be what functions use.
            if match and (match.group(1) or name.isupper() or name in interface):
                found[name] = current
        current.append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def _imports(code: tuple[str, ...], forms: tuple[int, ...]) -> frozenset[str]:
    found: set[str] = set()
    for line in code:
        match = IMPORT.match(line)
        if match:
            for form in forms:
                modules = (match[form] or "").split(",")
                found.update(part.split()[0] for part in modules if part.split())
    return frozenset(found)
