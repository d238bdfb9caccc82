"""The handout: a folder and a zip of it, the same bytes for the same assignment.

What is written replaces a former handout of the same TD, and nothing else. The zip is the record of what was handed
out: its comment holds a digest of its content. So a folder is a former handout if each of its files is in the zip
beside it, unchanged; a student's work, a corrected handout or a zip of submissions that happens to be called td2.zip
is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.authoring import cells
from grader.authoring.load import Loaded
from grader.errors import UserError

IGNORED = ("__pycache__", ".pytest_cache", ".ipynb_checkpoints", ".DS_Store")
_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip can say
_COMMENT = "surdix handout sha256:"


def write(loaded: Loaded, check_py: str, out: Path) -> Path:
    """Write `out/TD/` and `out/TD.zip`, and return the folder.

    Both are complete before they take their names. Raises `UserError` if something else is there, if a former
    handout was changed, or if the place cannot be written.
    """
    td = loaded.assignment.name
    folder, archive = out / td, out / f"{td}.zip"
    content = files(loaded, check_py)
    try:
        out.mkdir(parents=True, exist_ok=True)
        _refuse_other_work(folder, archive)
        with _scratch(out) as scratch:
            new = scratch / td
            for name, data in content.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            for path in [new, *new.rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)
            packed = scratch / archive.name
            packed.write_bytes(_packed(td, content))
            packed.chmod(0o644)
            if folder.exists():
                folder.rename(scratch / "former")
            new.rename(folder)
            packed.replace(archive)
    except OSError as error:
        raise UserError(
            f"{error.filename or out}: the handout cannot be written ({error.strerror or error});"
            " make room or choose another folder with --out"
        ) from None
    return folder


def files(loaded: Loaded, check_py: str) -> Mapping[str, bytes]:
    """The handout's files by their names in it, sorted."""
    handed = loaded.handed
    scripts = loaded.prose.scripts or {handed.file: loaded.prose}
    readme = "README.md.j2" if handed.language == "en" else f"README.{handed.language}.md.j2"
    texts = {
        **{file: cells.script(prose, handed) for file, prose in scripts.items()},
        f"{handed.module}.ipynb": cells.notebook(loaded.prose, handed),
        "README.md": cells.template(readme, handed.variables),
        "check.py": check_py,
        "pytest.ini": cells.template("pytest.ini.j2", handed.variables),
        "tests/conftest.py": cells.template("tests/conftest.py.j2", handed.variables),
        f"tests/test_{handed.td}.py": cells.template("tests/test_td.py.j2", handed.variables),
    }
    return dict(sorted({**{name: text.encode() for name, text in texts.items()}, **loaded.data}.items()))


def _packed(td: str, content: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(f"{td}/{name}", _DATE)
            entry.create_system = 3  # Unix, whatever this system is
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
        archive.comment = f"{_COMMENT}{_digest(content)}".encode()
    return buffer.getvalue()


def _digest(content: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(content.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _refuse_other_work(folder: Path, archive: Path) -> None:
    former = _former(archive, folder.name)
    advice = "move it away or choose another folder with --out"
    if archive.exists() and former is None:
        raise UserError(f"{archive}: there is another file of that name; {advice}")
    if not folder.exists():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise UserError(f"{folder}: there is another file of that name; {advice}")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or any(part in IGNORED for part in name.parts):
            continue
        if former is None:
            raise UserError(
                f"{folder}: this folder is not known as a handout ({archive.name} is not beside it); {advice}"
            )
        if former.get(name.as_posix()) != path.read_bytes():
            raise UserError(f"{path}: was changed or added since it was handed out; {advice}")


def _former(archive: Path, td: str) -> Mapping[str, bytes] | None:
    """The files of a handout's zip; None if it is not one, or not as it was written."""
    try:
        with zipfile.ZipFile(archive) as opened:
            content = {name.removeprefix(f"{td}/"): opened.read(name) for name in opened.namelist()}
            comment = opened.comment.decode("ascii", "replace")
    except (FileNotFoundError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        return None
    return content if comment == f"{_COMMENT}{_digest(content)}" else None


@contextlib.contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder on the same disk, so that what is in it can be renamed to its place."""
    path = Path(tempfile.mkdtemp(dir=out, prefix=f".surdix-{os.getpid()}-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
