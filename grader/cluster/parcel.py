"""What a worker needs of a TD, as content: the instructor's files, the secret, and what is expected.

Workers have no disk in common with the machine that sends. A parcel is unpacked into a folder of its own, for its owner
alone, and loaded there as it was here; that both have come to the same TD is proved by its version.
"""

from __future__ import annotations

import functools
import hashlib
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import grader
from grader import packages, pipeline
from grader.authoring import load
from grader.errors import UserError
from grader.pipeline import Marking

MOST = 64 << 20  # bytes: it is sent to every worker


@dataclass(frozen=True, slots=True, repr=False)
class Parcel:
    """One TD, for trusted workers. Its repr must never show what it holds: it may end up in a log."""

    td: str
    language: str
    files: Mapping[str, bytes]  # by their path in the course's folder
    secret: bytes
    outputs: bytes | None  # of the reference and of mistakes, encoded; None: each worker computes them
    version: str  # the TD's
    packages: tuple[str, ...]  # that submissions may import
    versions: Mapping[str, str]  # of what an answer, or a verdict, may depend on
    sandbox: str

    def __repr__(self) -> str:
        return f"Parcel({self.td}, {self.version})"


def pack(loaded: load.Loaded, secret: bytes, sandbox: str) -> Parcel:
    """Raises `UserError` where the TD's files are too large to be sent around."""
    course = loaded.course.folder
    paths = [*sorted((course / "reference").rglob("*.py")), *sorted(loaded.folder.rglob("*"))]
    found = [path for path in paths if path.is_file() and "__pycache__" not in path.parts]
    if sum(path.stat().st_size for path in found) > MOST:
        raise UserError(f"{loaded.folder}: more than {MOST >> 20} MB, too much to be sent to each worker")
    return Parcel(
        td=loaded.assignment.name,
        language=loaded.assignment.language,
        files={path.relative_to(course).as_posix(): path.read_bytes() for path in found},
        secret=secret,
        outputs=pipeline.kept_outputs(loaded, secret),
        version=loaded.assignment.version,
        packages=loaded.assignment.packages,
        versions=versions(loaded.assignment.packages),
        sandbox=sandbox,
    )


@contextmanager
def unpacked(parcel: Parcel, where: Path) -> Iterator[Marking]:
    """What a parcel's submissions are judged by; its folder, in `where`, is there as long as this lasts.

    Raises `UserError` where it is not the same TD here.
    """
    folder = Path(tempfile.mkdtemp(prefix="surdix-td-", dir=where))  # 0700
    try:
        for name, content in parcel.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        loaded = load.load(folder, parcel.td, parcel.language)
        if loaded.assignment.version != parcel.version:
            raise UserError(
                f"{parcel.td} is {loaded.assignment.version} here, and {parcel.version} where it comes from"
            )
        yield pipeline.prepare(loaded, parcel.secret, known=parcel.outputs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def versions(allowed: Iterable[str] = ()) -> dict[str, str]:
    """What two machines must have in common to come to the same verdicts; a package that is not here is not in it."""
    found = {
        "surdix": f"{grader.__version__} ({_code()})",
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
    }
    for name in allowed:
        with suppress(UserError):
            found[name] = packages.version(name)
    return found


def different(theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """In words what another machine has otherwise than this one; "" where nothing is."""
    return ", ".join(
        f"{name} {theirs.get(name, 'missing')} where {version} is needed"
        for name, version in ours.items()
        if theirs.get(name) != version
    )


@functools.cache
def _code() -> str:
    """A digest of the grader's own files: two copies of one version may differ while it is worked on."""
    project = Path(grader.__file__).parents[1]
    digest = hashlib.sha256()
    for room in ("grader", "student_template"):
        for path in sorted((project / room).rglob("*.py")):
            digest.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
