"""An assignment's folder as one value.

Loading executes the instructor's own files (the reference, checks.py, mistakes.py) and the handout's code, and refuses
whatever does not fit together, so that the rooms after this one need no second look. Hidden cases are not made here:
they are drawn (`draws.py`), with the store's secret.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import hashlib
import json
import math
import re
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from grader.authoring import cells, probes, prose, reasons, settings, stubs
from grader.authoring.cells import Handed
from grader.authoring.course import Course, read_text
from grader.authoring.declare import DeclaredCheck, DeclaredManual, Mistake
from grader.authoring.prose import Prose
from grader.authoring.settings import Settings, Texts
from grader.contract import Assignment, Check, Manual
from grader.errors import AssignmentError, UserError
from student_template.runner import declaring, loading, reading, sentences

PROJECT = Path(__file__).resolve().parents[2]  # the course where no other is named
OUT_OF = 10.0
# Of the runner: what is said at home, which changes no score.
WORDS = ("home.py", "watched.py", "sentences.py", "french.py", "declaring.py")

Declared = DeclaredCheck | DeclaredManual


@dataclass(frozen=True, slots=True)
class Loaded:
    """An assignment and all that made it. What is in `assignment` is data; the rest stays on the instructor's side."""

    assignment: Assignment
    checks: tuple[DeclaredCheck, ...]
    manual: tuple[DeclaredManual, ...]
    mistakes: tuple[Mistake, ...]
    reference: types.ModuleType  # the handed-in file's modules, executed; of several, one module with all their names
    sources: Mapping[str, str]  # of these modules, by name
    functions: Mapping[str, Callable[..., Any]]  # those given to `predicate`, by name
    items: Mapping[str, str]  # dotted names to write, with their questions
    prose: Prose
    handed: Handed
    probes_with_predicates: str  # what check.py runs
    data: Mapping[str, bytes]
    course: Course

    @property
    def folder(self) -> Path:
        return Path(self.assignment.folder)


def load(course: Path, td: str, language: str | None = None) -> Loaded:
    """Load the assignment `td` of the course in this folder, in a language, else in the one that it names.

    Raises `UserError` if there is none of that name, `AssignmentError` for anything wrong in it: one line, with the
    file, and the line where there is one.
    """
    folder = find(course, td)
    path = folder / "assignment.toml"
    toml = settings.read(path, read_text(path), language)
    limits = settings.limits(path, toml)
    imports = settings.imports(path, toml)
    file = next(iter(toml.files))
    # The first file last: of what is in one namespace its names count, and what it imports is there before it.
    modules = [module for theirs in reversed(toml.files.values()) for module in theirs]
    code = Course(course.resolve())
    executed = reference(code, modules)
    sources = {module: code.source(module) for module in modules}

    checks_path = folder / "checks.py"
    checks_source = read_text(checks_path)
    _refuse_twins(checks_source, checks_path)
    checks, manual = _declared(vars(code.execute(checks_source, checks_path)), checks_path)
    mistakes = _mistakes(code, folder / "mistakes.py")
    texts = _texts(folder, toml, checks, manual, mistakes)
    functions = {f.__name__: f for c in checks if c.compare.spec["kind"] == "predicate" for f in c.compare.functions}
    if toml.language != "en" and (wrong := reasons.amiss(texts.reason, checks_source, functions)):
        raise AssignmentError(f"{folder / 'texts.fr.toml'}: {wrong}")
    mistakes = tuple(
        replace(m, hint=texts.hint.get(m.id, m.hint), advice=texts.advice.get(m.id, m.advice)) for m in mistakes
    )

    handed = Handed(
        td=td,
        title=texts.title or toml.title,
        language=toml.language,
        hours=toml.hours,
        file=file,
        packages=tuple(toml.packages),
        data=tuple(toml.data),
        handout_url=toml.handout_url,
        tested=tuple(dict.fromkeys(check.question for check in checks)),
        assistants=toml.assistants,
        others=tuple(toml.files)[1:],
    )
    marked = tuple(_manual_as_data(m, texts) for m in manual)
    content = _prose(folder, toml, handed, sources, texts, marked)
    _run_stub(code, content, Path(file), imports)
    if declaring.split(content.code.split("\n"))[1]:
        raise AssignmentError(
            f"{folder}: the names {' and '.join(declaring.NAMES)} are the declaration's; rename yours"
        )
    _check_questions(checks, manual, content, checks_path)
    data = {name: _data(folder, name) for name in toml.data}
    options: dict[str, Any] = {"file": str(checks_path), "packages": imports}
    assignment = Assignment(
        name=td,
        title=handed.title,
        language=toml.language,
        timezone=toml.timezone,
        packages=tuple(toml.packages),
        data=tuple(toml.data),
        handout_url=toml.handout_url,
        hours=toml.hours,
        files={name: tuple(theirs) for name, theirs in toml.files.items()},
        limits=limits,
        policy=settings.policy(path, toml),
        checks=tuple(_as_data(c, texts) for c in checks),
        manual=marked,
        interface=content.interface,
        stub=cells.code(content, handed) + _code_in_others(folder, toml, handed, sources, checks, manual, mistakes),
        probes=probes.probes_source(checks_source, checks, **options),
        folder=str(folder),
        version=_version(toml, checks_source, code.sources, data),
        reasons=texts.reason,
        assistants=toml.assistants,
        imports=imports,
        own_cases=toml.own_cases,
    )
    return Loaded(
        assignment=assignment,
        checks=checks,
        manual=manual,
        mistakes=mistakes,
        reference=executed,
        sources=sources,
        functions=functions,
        items=content.items,
        prose=content,
        handed=handed,
        probes_with_predicates=probes.probes_source(checks_source, checks, with_predicates=True, **options),
        data=data,
        course=code,
    )


def find(course: Path, td: str) -> Path:
    """The assignment's folder. Raises `UserError`, with the names that there are, if there is none."""
    assignments = course.resolve() / "assignments"
    if not assignments.is_dir():
        raise UserError(f"{course}: there is no folder assignments in it; --course names the folder that holds it")
    known = sorted(path.parent.name for path in assignments.glob("*/assignment.toml"))
    if td in known and re.fullmatch(r"[A-Za-z][\w-]*", td, re.ASCII):
        return assignments / td
    close = difflib.get_close_matches(td.lower(), known, 1)
    hint = f"did you mean {close[0]}? There are" if close else "there are"
    raise UserError(f"{assignments}: no TD {td!r}; {hint} {', '.join(known) or 'none yet '}")


def edited(loaded: Loaded, mistake: Mistake) -> dict[str, str]:
    """The sources of the TD's modules with a mistake made in one of them.

    Raises `AssignmentError` unless the mistake's `old` stands exactly once in the reference.
    """
    wanted = mistake.module if mistake.module.startswith("reference.") else f"reference.{mistake.module}"
    names = [wanted] if mistake.module else list(loaded.sources)
    where = _place(loaded, mistake)
    if unknown := set(names) - set(loaded.sources):
        raise AssignmentError(f"{where}: {unknown.pop()} is not a module that this TD is made of")
    counts = {name: loaded.sources[name].count(mistake.old) for name in names}
    if mistake.old == mistake.new or sum(counts.values()) != 1:
        found = "changes nothing" if mistake.old == mistake.new else f"stands {sum(counts.values())} times"
        raise AssignmentError(f"{where}: {mistake.old!r} {found} in {', '.join(names)}; it must change one place")
    (module,) = (name for name in names if counts[name])
    return {**loaded.sources, module: loaded.sources[module].replace(mistake.old, mistake.new)}


def mutated(loaded: Loaded, mistake: Mistake) -> types.ModuleType:
    """The reference with a mistake made in it.

    Raises `AssignmentError` unless the mistake can be made (see `edited`) and what comes of it runs.
    """
    sources = edited(loaded, mistake)
    try:
        return reference(Course(loaded.course.folder, {**loaded.course.sources, **sources}), list(sources))
    except AssignmentError as error:
        raise AssignmentError(f"{_place(loaded, mistake)}: the reference does not load with it ({error})") from None


def fresh(loaded: Loaded) -> types.ModuleType:
    """The reference executed once more: nothing in it that it keeps from one call to the next."""
    return reference(Course(loaded.course.folder, loaded.course.sources), list(loaded.sources))


def _place(loaded: Loaded, mistake: Mistake) -> str:
    return f"{loaded.folder / 'mistakes.py'}: mistake {mistake.id}"


def reference(course: Course, modules: list[str]) -> types.ModuleType:
    """These modules of the reference, executed: the one, or of several one module with the names of all."""
    if len(modules) == 1:
        return course.module(modules[0])
    joined = types.ModuleType(modules[0])
    for name in modules:
        joined.__dict__.update({k: v for k, v in vars(course.module(name)).items() if not k.startswith("__")})
    return joined


def _refuse_twins(source: str, path: Path) -> None:
    """Two functions of one name: Python keeps the second, and the first check would be gone without a word."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise AssignmentError(f"{path}, line {error.lineno}: not Python ({error.msg})") from None
    seen: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            if node.name in seen:
                raise AssignmentError(
                    f"{path}, line {node.lineno}: {node.name} is defined in line {seen[node.name]} already; rename one"
                )
            seen[node.name] = node.lineno


def _declared(namespace: Mapping[str, Any], path: Path) -> tuple[tuple[DeclaredCheck, ...], tuple[DeclaredManual, ...]]:
    """Checks and manual questions of a module, in the order of their definitions."""
    found = list({id(v): v for v in namespace.values() if isinstance(v, DeclaredCheck | DeclaredManual)}.values())
    checks = tuple(item for item in found if isinstance(item, DeclaredCheck))
    manual = tuple(item for item in found if isinstance(item, DeclaredManual))
    ids = [item.id for item in found]
    for name in ids:
        if ids.count(name) > 1:
            raise AssignmentError(f"{path}: two checks are called {name}; rename one")
    if not checks:
        raise AssignmentError(f"{path}: there is no @check in it")
    for item in found:
        if not item.points > 0:
            raise AssignmentError(f"{path}: {item.id} is worth {item.points:g} points; they must be positive")
        if not item.sentence:
            raise AssignmentError(f"{path}: {item.id} has no docstring; write the sentence that the student reads")
    total = math.fsum(item.points for item in found if not item.bonus)
    if abs(total - OUT_OF) > 1e-9:
        raise AssignmentError(f"{path}: the points add up to {total:.10g}, not {OUT_OF:g} (those of a bonus apart)")
    for check in checks:
        for other in check.follows:
            if other not in ids or other == check.id:
                raise AssignmentError(f"{path}: {check.id} follows {other!r}, which is not another check")
        if check.seconds is not None and not check.seconds > 0:
            raise AssignmentError(f"{path}: {check.id} has {check.seconds:g} seconds; they must be positive")
    return checks, manual


def _mistakes(course: Course, path: Path) -> tuple[Mistake, ...]:
    """Mistakes that mistakes.py names, by themselves or in a list; a TD may have none yet."""
    if not path.exists():
        return ()
    values = vars(course.execute(read_text(path), path)).values()
    found: dict[int, Mistake] = {}
    for value in values:
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, Mistake):
                found.setdefault(id(item), item)
    ids = [mistake.id for mistake in found.values()]
    for name in ids:
        if ids.count(name) > 1:
            raise AssignmentError(f"{path}: two mistakes are called {name}; rename one")
    return tuple(found.values())


def speaks(folder: Path, language: str) -> bool:
    """Is there anything in this language in an assignment's folder?"""
    return any((folder / name).is_file() for name in (_handout(language), f"texts.{language}.toml"))


def _handout(language: str) -> str:
    return "handout.md" if language == "en" else f"handout.{language}.md"


def _texts(
    folder: Path,
    toml: Settings,
    checks: tuple[DeclaredCheck, ...],
    manual: tuple[DeclaredManual, ...],
    mistakes: tuple[Mistake, ...],
) -> Texts:
    """What an assignment in another language says; all in English is where it is written."""
    if toml.language == "en":
        return Texts()
    path = folder / f"texts.{toml.language}.toml"
    if not path.is_file():
        raise AssignmentError(
            f"{path}: language is {toml.language!r}, so this file is needed: sentence, docstring, advice"
        )
    texts = settings.decode(path, read_text(path), Texts)
    declared: list[Declared] = [*checks, *manual]
    ids = {"sentence": [item.id for item in declared], "advice": [m.id for m in mistakes]}
    for table, wanted in (*ids.items(), ("hint", ids["advice"])):
        given = getattr(texts, table)
        for name in given:
            if name not in wanted:
                raise AssignmentError(f"{path}: [{table}] {name} is in neither checks.py nor mistakes.py")
        for name in wanted:
            if name not in given and table != "hint":
                raise AssignmentError(f"{path}: [{table}] has nothing for {name}")
    levels = {item.id: len(item.levels) for item in manual if item.levels}
    for name in [*levels, *texts.rubric]:
        if len(texts.rubric.get(name, ())) != levels.get(name, 0):
            raise AssignmentError(f"{path}: [rubric] {name} must have {levels.get(name, 0)} lines, one a level")
    return texts


def _prose(
    folder: Path,
    toml: Settings,
    handed: Handed,
    sources: Mapping[str, str],
    texts: Texts,
    marked: Sequence[Manual],
) -> Prose:
    path = folder / _handout(toml.language)
    template = read_text(path)
    docstrings = dict(texts.docstring)
    shown = {}
    for module, source in sources.items():
        documented = stubs.documented(source)
        shown[module] = stubs.translated(source, module, {k: docstrings.pop(k) for k in documented if k in docstrings})
    if docstrings:
        raise AssignmentError(f"{folder}: texts translate the docstring of {next(iter(docstrings))}, which has none")
    imports = settings.imports(path, toml)
    variables = {**handed.variables, "rubric": prose.rubric(marked, toml.language)}
    content = prose.render(template, str(path), shown, variables, imports, toml.files)
    if toml.language != "en":
        placed = {stub.name for stub in content.stubs}
        for source in sources.values():
            for dotted in stubs.documented(source):
                if dotted.split(".")[0] in placed and dotted not in texts.docstring:
                    raise AssignmentError(f"{folder / 'texts.fr.toml'}: [docstring] has nothing for {dotted}")
    return content


def _code_in_others(
    folder: Path,
    toml: Settings,
    handed: Handed,
    sources: Mapping[str, str],
    checks: tuple[DeclaredCheck, ...],
    manual: tuple[DeclaredManual, ...],
    mistakes: tuple[Mistake, ...],
) -> str:
    """The code that is handed out in other languages. Where one's texts are not whole, `validate` says so."""
    code = ""
    for language in settings.LANGUAGES:
        if language != toml.language and speaks(folder, language):
            with contextlib.suppress(AssignmentError):
                theirs = msgspec.structs.replace(toml, language=language)
                texts = _texts(folder, theirs, checks, manual, mistakes)
                other = replace(handed, language=language, title=texts.title or toml.title)
                marked = tuple(_manual_as_data(m, texts) for m in manual)
                code += cells.code(_prose(folder, theirs, other, sources, texts, marked), other)
    return code


def _run_stub(course: Course, content: Prose, file: Path, packages: Sequence[str]) -> None:
    """What is handed out must run as it is: a class after its base, no given call of a function still to be written."""
    try:
        course.execute(content.code, file)
    except AssignmentError as error:
        raise AssignmentError(f"the handout's code does not run as it is: {error}") from None
    _run_scripts({name: script.code.encode() for name, script in content.scripts.items()}, packages)


def _run_scripts(files: Mapping[str, bytes], packages: Sequence[str]) -> None:
    """Of several files, each must run with the others beside it: as the grader runs them."""
    blocks = {name: reading.blocks(cells) for name, cells in reading.parts(files, files).items()}
    for name in blocks:
        others = {other: theirs for other, theirs in blocks.items() if other != name}
        module = name.removesuffix(".py")
        loaded = loading.load(blocks[name], module, file=name, packages=packages, others=files, parts=others)
        for file in files:
            sys.modules.pop(file.removesuffix(".py"), None)
        if loaded.left_out:
            why = sentences.left_out(loaded.left_out[0])
            raise AssignmentError(f"the handout's code does not run as it is: {why}")


def _check_questions(
    checks: tuple[DeclaredCheck, ...], manual: tuple[DeclaredManual, ...], content: Prose, path: Path
) -> None:
    declared: list[Declared] = [*checks, *manual]
    for item in declared:
        if not content.has(item.question):
            raise AssignmentError(f"{path}: {item.id} is for question {item.question}, which the handout does not have")


def _as_data(check: DeclaredCheck, texts: Texts) -> Check:
    return Check(
        id=check.id,
        question=check.question,
        points=check.points,
        sentence=texts.sentence.get(check.id, check.sentence),
        compare=check.compare.spec,
        parameters=check.parameters,
        seconds=check.seconds,
        follows=check.follows,
        bonus=check.bonus,
    )


def _manual_as_data(manual: DeclaredManual, texts: Texts) -> Manual:
    words = texts.rubric.get(manual.id, [text for _, text in manual.levels])
    return Manual(
        id=manual.id,
        question=manual.question,
        points=manual.points,
        sentence=texts.sentence.get(manual.id, manual.sentence),
        bonus=manual.bonus,
        levels=tuple((points, text) for (points, _), text in zip(manual.levels, words, strict=True)),
        jury=manual.jury,
    )


def _data(folder: Path, name: str) -> bytes:
    for path in (folder / name, folder / "data" / name):
        if path.is_file():
            return path.read_bytes()
    raise AssignmentError(f"{folder / name}: assignment.toml names this file, and it is not there (nor in data/)")


def _version(toml: Settings, checks: str, sources: Mapping[str, str], data: Mapping[str, bytes]) -> str:
    """A digest of all that may change a score: what runs, on what, within what, and the runner that judges it."""
    runner = resources.files("student_template") / "runner"
    parts: list[tuple[str, bytes]] = [
        ("toml", json.dumps([toml.limits, toml.packages, toml.files], sort_keys=True).encode()),
        *[("first file", next(iter(toml.files)).encode())] * (len(toml.files) > 1),
        ("checks.py", checks.encode()),
        *[("own cases", b"")] * toml.own_cases,
        *((name, source.encode()) for name, source in sorted(sources.items())),
        *sorted(data.items()),
    ]
    for entry in sorted(runner.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".py") and entry.name not in WORDS:
            parts.append((entry.name, entry.read_bytes()))
    digest = hashlib.sha256()
    for name, content in parts:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
