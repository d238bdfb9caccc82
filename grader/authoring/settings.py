"""`assignment.toml`, and `texts.fr.toml`: read with all that is wrong said in one line."""

from __future__ import annotations

import difflib
import re
import sys
import zoneinfo
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import msgspec

from grader import packages
from grader.contract import Limits, Policy
from grader.errors import AssignmentError, UserError

_FILE = re.compile(r"[A-Za-z_]\w*\.py", re.ASCII)
_DATA = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_MODULE = re.compile(r"reference(\.[A-Za-z_]\w*)+", re.ASCII)


Language = Literal["en", "fr"]
MOST = 1e12  # of any limit: bytes, seconds
ROUNDINGS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)
LANGUAGES: tuple[str, ...] = get_args(Language)
Assistants = Literal["allowed", "declared", "forbidden"]


class PolicyTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`[policy]`, as `contract.Policy` says."""

    absent: Literal["none", "zero"] = "none"
    late_per_day: float = 0.0
    late_cap: float = 10.0
    grace_minutes: float = 0.0
    counts: Literal["last", "best"] = "last"
    rounding: float = 0.01
    maximum: float = 10.0
    team_size: int = 0


class Settings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`assignment.toml` as it is written (formats.md)."""

    title: str
    files: dict[str, list[str]]
    language: Language = "en"
    timezone: str = "Europe/Paris"
    packages: list[str] = msgspec.field(default_factory=lambda: ["numpy"])
    data: list[str] = msgspec.field(default_factory=list)
    handout_url: str = ""
    hours: float = 3.0
    assistants: Assistants = "declared"  # AI assistants: what the handout says of them; no score depends on it
    own_cases: bool = False  # hidden cases are drawn for each student
    limits: dict[str, float] = msgspec.field(default_factory=dict)
    policy: PolicyTable = PolicyTable()


class Texts(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`texts.fr.toml`: the title; by id what a check says, what a stub says, a mistake's hint and advice; reasons."""

    title: str = ""
    sentence: dict[str, str] = msgspec.field(default_factory=dict)
    docstring: dict[str, str] = msgspec.field(default_factory=dict)
    advice: dict[str, str] = msgspec.field(default_factory=dict)
    hint: dict[str, str] = msgspec.field(default_factory=dict)
    reason: dict[str, str] = msgspec.field(default_factory=dict)  # by the English text that a predicate returns
    rubric: dict[str, list[str]] = msgspec.field(default_factory=dict)  # by question its levels, from the least points


Kind = TypeVar("Kind", bound=msgspec.Struct)


def read(path: Path, text: str, language: str | None = None) -> Settings:
    """Read `assignment.toml`, with this language for its own. Raises `AssignmentError`: file, key, what to do."""
    settings = decode(path, text, Settings)
    if language:
        settings = msgspec.structs.replace(settings, language=language)
    if not settings.title.strip():
        raise AssignmentError(f"{path}: title is empty; write what the TD is about")
    if not 0 < settings.hours < 10_000:
        raise AssignmentError(f"{path}: hours is {settings.hours:g}; write how long it takes a student")
    try:
        zoneinfo.ZoneInfo(settings.timezone)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise AssignmentError(
            f"{path}: timezone {settings.timezone!r} is unknown; write it like Europe/Paris"
        ) from None
    if "numpy" not in settings.packages:
        raise AssignmentError(f"{path}: packages must have numpy, which the checks themselves need")
    if settings.handout_url and not re.match(r"https?://|file://", settings.handout_url):
        raise AssignmentError(f"{path}: handout_url must begin with https://, not {settings.handout_url!r}")
    _check_files(path, settings)
    return settings


def imports(path: Path, settings: Settings) -> tuple[str, ...]:
    """The names that the packages are imported by. Raises `AssignmentError` for one that is not installed here."""
    try:
        return packages.imports(settings.packages)
    except UserError as error:
        raise AssignmentError(f"{path}: {error}") from None


def _check_files(path: Path, settings: Settings) -> None:
    if not settings.files:
        raise AssignmentError(f'{path}: [files] names no file; name one, as in "td2.py" = ["reference.backprop"]')
    refused = {"check", "conftest"} | sys.stdlib_module_names | set(imports(path, settings))
    names: set[str] = set()
    placed: dict[str, str] = {}
    for file, modules in settings.files.items():
        name = file.removesuffix(".py")
        if not _FILE.fullmatch(file) or name in refused:
            raise AssignmentError(f"{path}: [files] {file!r} cannot be a handed-in module; name it like td2.py")
        if name.casefold() in names:
            raise AssignmentError(f"{path}: [files] {file!r} is named twice but for capitals; rename one")
        names.add(name.casefold())
        if not modules:
            raise AssignmentError(f"{path}: [files] {file!r} is made of no module; name one, as reference.backprop")
        for module in modules:
            if not _MODULE.fullmatch(module):
                raise AssignmentError(f"{path}: [files] {module!r} is no module of the reference; write reference.NAME")
            if module in placed:
                raise AssignmentError(f"{path}: [files] {module!r} is in {placed[module]!r} already; name it once")
            placed[module] = file
    notebook = next(iter(settings.files)).removesuffix(".py") + ".ipynb"
    for data in settings.data:
        taken = {"check.py", "README.md", "pytest.ini", "tests", notebook, *settings.files}
        if not _DATA.fullmatch(data) or data in taken:
            raise AssignmentError(f"{path}: data {data!r} cannot be a file of the handout; use a plain name of its own")


def policy(path: Path, settings: Settings) -> Policy:
    """The policy. Raises `AssignmentError` for one that is impossible."""
    found = Policy(**msgspec.structs.asdict(settings.policy))
    for key in ("late_per_day", "late_cap", "grace_minutes"):
        if not 0 <= getattr(found, key) < 1e6:
            raise AssignmentError(f"{path}: [policy] {key} is {getattr(found, key):g}; it must not be negative")
    if found.rounding not in ROUNDINGS:
        steps = ", ".join(f"{step:g}" for step in ROUNDINGS)
        raise AssignmentError(f"{path}: [policy] rounding is {found.rounding:g}; there is {steps}")
    if not 10 <= found.maximum <= 20:
        raise AssignmentError(f"{path}: [policy] maximum is {found.maximum:g}; it must be from 10 to 20")
    if not 0 <= found.team_size <= 100:
        raise AssignmentError(f"{path}: [policy] team_size is {found.team_size}; write how many a team may have, or 0")
    return found


def limits(path: Path, settings: Settings) -> Limits:
    """The limits, defaults filled in. Raises `AssignmentError` for an unknown or impossible one."""
    known = {f.name: int if isinstance(f.default, int) else float for f in fields(Limits)}
    for key, value in settings.limits.items():
        if key not in known:
            raise AssignmentError(f"{path}: [limits] {_unknown(key, known)}")
        if not value > 0:
            raise AssignmentError(f"{path}: [limits] {key} is {value:g}; it must be positive")
        if not (1 if known[key] is int else 0) <= value < MOST:
            raise AssignmentError(f"{path}: [limits] {key} is {value:g}; nothing could keep to that")
    given: dict[str, Any] = {key: known[key](value) for key, value in settings.limits.items()}
    return Limits(**given)


def decode(path: Path, text: str, kind: type[Kind]) -> Kind:
    """Decode a TOML file. Raises `AssignmentError`: file, key, what is wrong."""
    try:
        return msgspec.toml.decode(text, type=kind)
    except msgspec.ValidationError as error:
        message = str(error)
        unknown = re.match(r"Object contains unknown field `(.+?)`", message)
        missing = re.match(r"Object missing required field `(.+?)`", message)
        if unknown:
            message = _unknown(unknown[1], kind.__struct_fields__)
        elif missing:
            message = f"the key {missing[1]} is missing"
        else:
            what, _, where = message.partition(" - at `$.")
            message = f"{where.rstrip('`') or 'its content'}: {what[:1].lower()}{what[1:]}"
        raise AssignmentError(f"{path}: {message}") from None
    except RecursionError:
        raise AssignmentError(f"{path}: not TOML that can be read (nested too deeply)") from None
    except ValueError as error:  # also a number of thousands of digits
        raise AssignmentError(f"{path}: not TOML ({error})") from None


def _unknown(key: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, known, 1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
    return f"unknown key {key}; {hint}"
