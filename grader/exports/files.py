"""The files of an export, and the one way in which they get into a folder.

The folder may be one that people use for other things, such as their downloads: what lies there stays as it is, but
for files of an earlier export.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.atomic import put
from grader.errors import UserError
from grader.exports.write import explained


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name in the folder, and all that is in it."""

    name: str
    data: bytes

    @classmethod
    def of(cls, name: str, text: str) -> File:
        """A file of text; what UTF-8 cannot hold (a name in another encoding) is escaped."""
        return cls(name, text.encode("utf-8", "backslashreplace"))


def put_all(out: Path, files: Iterable[File], *, given: Path | None = None, older: Collection[Path] = ()) -> None:
    """Write the files, and take away those of `older`, an earlier export's, that are not among them.

    Raises `UserError` where one would overwrite `given`, from which they were made, or a zip that is not in `older`,
    before anything is written; and where `out` may not be written.
    """
    files = list(files)
    for file in files:
        target = out / file.name
        if not target.exists():
            continue
        if given is not None and given.exists() and target.samefile(given):
            raise UserError(f"{target}: this is the file that you gave, and it must stay as it is; use another --to")
        if target.suffix == ".zip" and target not in older:
            raise UserError(f"{target}: this is no zip of ours, and would be overwritten; move it, or use another --to")
    with explained(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)  # one that is there may be open to others: it stays so
        for path in older:
            path.unlink(missing_ok=True)
        for file in files:
            put(out / file.name, file.data)
