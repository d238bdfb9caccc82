"""From a reference module to what the student starts with.

A handout is made of a header (imports and given constants) and of stubs: the reference's own functions and classes,
word for word, with `raise NotImplementedError("question 2.1: softmax")` where a solution was. A region belongs to the
function or method around it, whose dotted name says so: `softmax`, `Linear.forward`. A region at the top level is
the reference's own (helpers of solutions) and leaves nothing.

Several modules of the reference may make one handed-in file: `sources` are these, by name, and imports among them
vanish. Imports from another handed-in file stay, under that file's name.
"""

from __future__ import annotations

import ast
import io
import sys
import textwrap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from grader.authoring import markers, names
from grader.errors import AssignmentError

OLDEST = (3, 9)  # Python at the students' homes
Questions = str | Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Stub:
    """What the handout shows of one top-level name, and the question that each dotted name in it answers."""

    name: str
    code: str
    items: Mapping[str, str] = field(default_factory=dict)


def stub_of(sources: Mapping[str, str], name: str, questions: Questions) -> Stub:
    """The stub of one top-level function, class or constant.

    `questions` is the question of all its solutions, or of each method's, or None for given code, which must have none.
    Raises `AssignmentError` where names, questions and solutions do not match.
    """
    module = module_of(sources, name)
    source = sources[module]
    dotted = [item for item in items(source, module) if item.split(".")[0] == name]
    if questions is None:
        if dotted:
            raise AssignmentError(f"stub({name!r}) names no question, but {module} has a solution in {dotted[0]}")
        asked = {}
    elif isinstance(questions, str):
        if not dotted:
            raise AssignmentError(
                f"stub({name!r}, {questions!r}): {module} has no solution in {name}; it is given code"
            )
        asked = dict.fromkeys(dotted, questions)
    else:
        asked = {f"{name}.{method}": question for method, question in questions.items()}
        _same(dotted, asked, f"stub({name!r}, …)", module)
    blank = _without_solutions(source, module, asked)
    for node in ast.parse(blank).body:
        if name in _binds(node, blank):
            return Stub(name, _text(blank, node), asked)
    raise AssignmentError(f"stub({name!r}): {module} has nothing of that name outside its solutions")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another handed-in file: the name that it is imported by, and those it has to give."""

    module: str
    names: Collection[str]


def header_of(
    sources: Mapping[str, str], stubs: Iterable[str], elsewhere: Mapping[str, Elsewhere] | None = None
) -> str:
    """Imports and given code before each module's first function or class, without what only solutions need.

    `stubs` are the handout's stubs: an import stays if they or the given code read it (numpy always does). Imports
    among `sources` vanish, as both ends are in one file. From modules that are `elsewhere` all is imported that is
    handed out there, whoever reads it: solutions do too. Raises `AssignmentError` where the handout needs yet another
    module of the reference.
    """
    headers = {module: _header_statements(_without_solutions(source, module, {})) for module, source in sources.items()}
    given = [part.text for parts in headers.values() for part in parts if not _is_import(part.node)]
    trees = [ast.parse(code) for code in (*given, *stubs)]
    read = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    future: list[str] = []
    lines: list[str] = []
    for parts in headers.values():
        gap = True
        for part in parts:
            gap = gap or part.gap
            if isinstance(part.node, ast.ImportFrom) and part.node.module == "__future__":
                future += [part.text] if part.text not in future else []
                continue
            text = part.text
            if isinstance(part.node, ast.Import | ast.ImportFrom):
                text = _kept(part.node, text, read, sources, elsewhere or {})
            if text and text not in lines:
                lines += ["", text] if gap and lines else [text]
                gap = False
    return "\n".join([*future, ""] * bool(future) + lines).rstrip()


def check_self_contained(code: str, packages: Collection[str], file: str) -> None:
    """Raise `AssignmentError` if the handed-out code reads a name that nothing in it defines, imports what is not
    Python's or one of the assignment's packages, or is too new for the Pythons that students have."""
    try:
        tree = ast.parse(code, feature_version=OLDEST)
    except SyntaxError as error:
        raise AssignmentError(
            f"{file}: the handout's code has {(error.text or '').strip()!r}, which Python 3.9 cannot read ({error.msg})"
        ) from None
    union = None if "annotations" in names.bound(code) else evaluated_union(tree)
    if union:
        raise AssignmentError(
            f"{file}: the handout's code has the annotation {union}, which Python 3.9 cannot evaluate; begin the module"
            " with `from __future__ import annotations`"
        )
    missing = sorted(names.missing(code))
    if missing:
        raise AssignmentError(
            f"{file}: the handout's code needs {', '.join(missing)}, which nothing in it defines;"
            f" place it with {{{{ stub({missing[0]!r}) }}}}, or put what needs it between solution markers"
        )
    for line, module in names.imports(code):
        root = module.split(".")[0]
        if root not in packages and root not in sys.stdlib_module_names:
            raise AssignmentError(
                f"{file}, line {line}: the handout imports {module}, which students may not have; its packages are"
                f" {', '.join(packages)}"
            )


def evaluated_union(tree: ast.Module) -> str:
    """The first annotation like `int | None`, empty if there is none."""
    for node in ast.walk(tree):
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.expr) and any(isinstance(part, ast.BitOr) for part in ast.walk(annotation)):
                return ast.unparse(annotation)
    return ""


def check_placed(sources: Mapping[str, str], placed: Collection[str]) -> None:
    """Raise `AssignmentError`, naming the first, unless every solution of the sources is placed by the handout."""
    for module, source in sources.items():
        for item in items(source, module):
            if item not in placed:
                name = item.split(".")[0]
                raise AssignmentError(
                    f"{module} has a solution in {item} that the handout does not place;"
                    f" write {{{{ stub({name!r}, question) }}}} in it"
                )


def items(source: str, module: str) -> list[str]:
    """Dotted names of the functions and methods with a solution, in order."""
    owners = _owners(source, module)
    return list(dict.fromkeys(owner for owner in owners.values() if owner))


def stub_alone(source: str, module: str, dotted: str, question: str) -> str:
    """The reference with the solutions of one dotted name replaced as in its stub, and all others kept."""
    owners = _owners(source, module)
    if dotted not in owners.values():
        raise AssignmentError(f"{module} has no solution in {dotted}")
    line = _raise(question, dotted)
    return markers.cut(source, module, lambda region: line if owners[region] == dotted else None)


def as_submission(sources: Mapping[str, str]) -> str:
    """The reference as a student would hand it in: its modules in one file, without imports among them.

    Raises `AssignmentError` where they import another module of the reference, which no submission has.
    """
    future = ""
    texts = []
    for module, source in sources.items():
        lines = list(io.StringIO(source))
        for node in reversed(ast.parse(source).body):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            origin = _reference(node)
            if origin is not None and origin not in sources:
                raise AssignmentError(
                    f"{module}, line {node.lineno}: list {origin} in [files], or copy what you need of it"
                )
            if origin or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                future = future if origin else "from __future__ import annotations\n\n"
                del lines[node.lineno - 1 : _last(node)]
        texts.append("".join(lines))
    return future + "\n\n".join(texts)


def translated(source: str, module: str, docstrings: Mapping[str, str]) -> str:
    """The source with the docstrings of these dotted names replaced; `AssignmentError` for a name without one."""
    lines = list(io.StringIO(source))
    nodes = dict(_definitions(ast.parse(source)))
    places = []
    for dotted, text in docstrings.items():
        node = nodes.get(dotted)
        first = node.body[0] if node else None
        if not (node and isinstance(first, ast.Expr) and ast.get_docstring(node)):
            raise AssignmentError(f"{module} has no docstring in {dotted} to translate")
        places.append((first, text))
    for first, text in sorted(places, key=lambda place: -place[0].lineno):
        indent = lines[first.lineno - 1][: first.col_offset]
        if indent.strip() or lines[(first.end_lineno or 0) - 1][first.end_col_offset :].strip():
            raise AssignmentError(f"{module}, line {first.lineno}: give the docstring lines of its own")
        body = text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        if "\n" in body:
            body += "\n"
        elif body.endswith('"'):
            body += " "
        literal = textwrap.indent(f'"""{body}"""', indent, lambda line: bool(line.strip()))
        lines[first.lineno - 1 : first.end_lineno] = [literal + "\n"]
    return "".join(lines)


def documented(source: str) -> list[str]:
    """Dotted names of the functions, classes and methods that have a docstring."""
    return [dotted for dotted, node in _definitions(ast.parse(source)) if ast.get_docstring(node)]


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definitions(tree: ast.Module) -> Iterable[tuple[str, Definition]]:
    for node in tree.body:
        if isinstance(node, Definition):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                yield from (
                    (f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, Definition)
                )


def _owners(source: str, module: str) -> dict[markers.Region, str]:
    """Each region's function or method, dotted; empty for a region at the top level."""
    definitions = list(_definitions(ast.parse(source)))
    owners: dict[markers.Region, str] = {}
    for region in markers.regions(source, module):
        # A region begins before code of its own function, though its last marker may come after the last statement.
        around = [(dotted, node) for dotted, node in definitions if node.lineno < region.first_line <= _last(node)]
        where = f"{module}, line {region.first_line}"
        if not region.indent:
            owners[region] = ""
        elif not around:
            raise AssignmentError(f"{where}: a solution belongs in a function or a method, or at the top level")
        elif isinstance(around[-1][1], ast.ClassDef):
            raise AssignmentError(f"{where}: put the solution into a method of {around[-1][0]}, not around one")
        else:
            owners[region] = around[-1][0]
    return owners


def _without_solutions(source: str, module: str, asked: Mapping[str, str]) -> str:
    owners = _owners(source, module)

    def stub(region: markers.Region) -> str:
        # A blank line, so that a comment above the region is not taken for one above what follows.
        owner = owners[region]
        return _raise(asked.get(owner, ""), owner) if owner else "\n"

    return markers.cut(source, module, stub)


def _raise(question: str, dotted: str) -> str:
    if any(c in question for c in '"\\\n'):
        raise AssignmentError(f"question {question!r} of {dotted}: write it like 2.3")
    return f'raise NotImplementedError("question {question}: {dotted}")'


def module_of(sources: Mapping[str, str], name: str) -> str:
    """The one module that has a top-level name."""
    found = [
        module
        for module, source in sources.items()
        if any(name in _binds(node, source) for node in ast.parse(source).body if not _is_import(node))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise AssignmentError(f"stub({name!r}): both {' and '.join(found)} have {name}; rename one")
    raise AssignmentError(f"stub({name!r}): there is no {name} in {', '.join(sources)}")


def _same(dotted: list[str], asked: Mapping[str, str], call: str, module: str) -> None:
    for item in dotted:
        if item not in asked:
            raise AssignmentError(f"{call} names no question for {item}, which has a solution in {module}")
    for item in asked:
        if item not in dotted:
            raise AssignmentError(f"{call} names a question for {item}, which has no solution in {module}")


def _binds(node: ast.stmt, source: str) -> frozenset[str]:
    if isinstance(node, Definition):
        return frozenset({node.name})
    return names.bound(ast.unparse(node))


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _text(source: str, node: ast.stmt) -> str:
    """A top-level statement as it is written, with decorators and the comments right above it."""
    lines = source.split("\n")
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first : _last(node)])


@dataclass(frozen=True, slots=True)
class _Part:
    node: ast.stmt
    text: str
    gap: bool  # whether a blank line stands before it


def _header_statements(blank: str) -> list[_Part]:
    """What stands before the first function or class, without docstrings: they explain the module, not the handout."""
    parts: list[_Part] = []
    last = 0
    for node in ast.parse(blank).body:
        if isinstance(node, Definition):
            break
        text = _text(blank, node)
        gap = _last(node) - text.count("\n") > last + 1
        last = _last(node)
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            parts.append(_Part(node, text, gap))
    return parts


def given_names(source: str, module: str) -> frozenset[str]:
    """What the header of a module gives beside imports: constants."""
    parts = _header_statements(_without_solutions(source, module, {}))
    return frozenset(name for part in parts if not _is_import(part.node) for name in _binds(part.node, source))


def _kept(
    node: ast.Import | ast.ImportFrom,
    text: str,
    read: Collection[str],
    sources: Mapping[str, str],
    elsewhere: Mapping[str, Elsewhere],
) -> str:
    """What stays of an import in the header, as text: empty if nothing does."""
    origin = _reference(node)
    if origin is not None and origin in elsewhere and isinstance(node, ast.ImportFrom):
        other = elsewhere[origin]
        found = [alias for alias in node.names if alias.name in other.names]
        return ast.unparse(ast.ImportFrom(other.module, found, 0)) if found else ""
    kept = []
    for alias in node.names:
        name = alias.asname or alias.name.split(".")[0]
        if name not in read and alias.name.split(".")[0] != "numpy":
            continue
        if origin is None:
            kept.append(alias)
        elif origin not in sources or (alias.asname or alias.name) != alias.name or isinstance(node, ast.Import):
            raise AssignmentError(
                f"the handout needs {name} of {origin}; list that module in [files] and import it as"
                f" `from {origin} import {alias.name}`, or put what needs it between solution markers"
            )
    if len(kept) == len(node.names):
        return text
    if not kept:
        return ""
    part = ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, kept, node.level)
    return ast.unparse(part)


def _reference(node: ast.Import | ast.ImportFrom) -> str | None:
    """The module of the reference that an import is from, if it is from one."""
    if isinstance(node, ast.Import):
        found = [alias.name for alias in node.names if alias.name.split(".")[0] == "reference"]
        return found[0] if found else None
    if node.level:
        return f"reference.{node.module}" if node.module else "reference"
    module = node.module or ""
    return module if module.split(".")[0] == "reference" else None
