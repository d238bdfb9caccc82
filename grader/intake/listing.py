"""What was given, laid out: loose files at the top, and folders with all that is below them.

A folder on the disk and a zip give the same `Listing`, so that no form of hand-in need know which it was. `inside`
gives what one of the folders holds as a listing of its own: an archive often begins with one folder around all.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.contract import Note
from grader.errors import UserError
from grader.intake import archive
from grader.intake.files import File, Refused, exists, ignored, left_out, on_disk, shown, walk, without_environments
from grader.ours import BOOK, REPORT

ACCEPTED = "what a learning platform gives, or a folder (or zip) with one folder or one file for each student"
OURS = (BOOK, REPORT)  # what `grade --out` leaves in a folder
GIT = ".git"  # never looked into; that it is there tells a clone


@dataclass(slots=True)
class Folder:
    """A folder at the top, and all that is below it."""

    files: list[File] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    below: set[str] = field(default_factory=set)  # folders that a zip names, which may be empty


@dataclass(slots=True)
class Listing:
    """What lies at the top of what was given, under its own name."""

    name: str
    loose: list[File] = field(default_factory=list)
    folders: dict[str, Folder] = field(default_factory=dict)
    clones: set[str] = field(default_factory=set)  # paths of folders with a `.git` in them
    place: Path | None = None  # where it lies on the disk; None in a zip
    single: bool = False  # one file was given

    def folder(self, name: str) -> Folder:
        return self.folders.setdefault(name, Folder())


@contextmanager
def laid_out(path: Path, where: str) -> Iterator[Listing]:
    """Lay out a folder, a zip or a file; `where` is its name in messages. Raises `UserError` where it is none."""
    if not exists(path):
        raise UserError(f"{where}: no such file or folder; give {ACCEPTED}.")
    if path.is_dir():
        yield _folder_listing(path, where)
    elif path.suffix.casefold() == ".zip":
        try:
            opened = zipfile.ZipFile(path)
            entries = opened.infolist()
        except Exception as error:  # a damaged zip makes zipfile raise nearly anything
            raise UserError(f"{where}: this zip cannot be read ({archive.why(error)}); download it again.") from None
        with opened:
            if archive.overlapping(entries):
                raise UserError(f"{where}: this zip cannot be read (its entries overlap); download it again.")
            locked = [entry.flag_bits & 1 for entry in entries if not archive.is_folder(entry)]
            if locked and all(locked):
                raise UserError(f"{where}: this zip is protected by a password; unpack it and give the folder.")
            yield _zip_listing(path, opened, entries)
    elif archive.is_archive(path.name):
        raise UserError(f"{where}: only zip archives are read; unpack it and give the folder.")
    elif path.is_file():
        file = on_disk(os.fspath(path.resolve()), path.name, path.stat().st_size)
        yield Listing(path.name, loose=[file], single=True)
    else:
        raise UserError(f"{where}: neither a file nor a folder; give {ACCEPTED}.")


def inside(listing: Listing, name: str) -> Listing:
    """What one of the folders holds. On the disk it is looked at anew: in `listing` it had a limit of files."""
    if listing.place is not None:
        path = listing.place / name
        try:
            return Listing(name) if path.is_symlink() or not path.is_dir() else _folder_listing(path, shown(name))
        except UserError:  # it cannot be opened; the folder's own notes say so
            return Listing(name)
    folder = listing.folders[name]
    inner = Listing(name, clones=set(_under(name, listing.clones)))
    for file in folder.files:
        top, slash, below = file.path.partition("/")
        if slash:
            inner.folder(top).files.append(replace(file, path=below))
        else:
            inner.loose.append(file)
    for empty in folder.below:
        top, slash, below = empty.partition("/")
        inner.folder(top).below.update([below] if slash else [])
    for note in notes_below(folder):
        inner.folder(whose(note.values["file"])).notes.append(note)
    return inner


def notes_below(folder: Folder) -> list[Note]:
    """The notes on a folder's entries, each with the path that the entry has below the folder."""
    return [replace(note, values={**note.values, "file": _below(note.values["file"])}) for note in folder.notes]


def whose(path: str) -> str:
    """The folder at the top that an entry was meant for, also of a path that leads outside."""
    relative = path[2:] if path[1:2] == ":" else path
    return next((part for part in relative.split("/") if part not in ("", ".", "..")), path)


def _below(path: str) -> str:
    """Without the folder at its top."""
    return path.lstrip("./").partition("/")[2] or path


def _under(name: str, paths: Iterable[str]) -> list[str]:
    return [path.removeprefix(f"{name}/") for path in paths if path.startswith(f"{name}/")]


def _folder_listing(path: Path, where: str) -> Listing:
    listing = Listing(shown(path.resolve().name), place=path)
    try:
        with os.scandir(path) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        raise UserError(f"{where}: this folder cannot be opened ({error.strerror}); check its permissions.") from None
    for entry in entries:
        name = shown(entry.name)
        if ignored(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if all((Path(entry.path) / left).is_file() for left in OURS):
                continue
            folder = listing.folder(name)
            files, notes = walk(entry.path)
            folder.files.extend(files)
            folder.notes.extend(notes)
            if os.path.lexists(Path(entry.path) / GIT):
                listing.clones.add(name)
        elif note := left_out(entry, entry.name):
            listing.folder(name).notes.append(note)
        else:
            listing.loose.append(on_disk(entry.path, entry.name, entry.stat(follow_symlinks=False).st_size))
    return listing


def _zip_listing(path: Path, opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Listing:
    listing = Listing(shown(path.stem))
    for entry in entries:
        name = archive.zip_name(entry)
        before, git, _ = name.replace("\\", "/").partition(f"/{GIT}/")
        with suppress(Refused):  # a note below
            if git:
                listing.clones.add(archive.safe_path(before))
                name = before + "/"
            place = archive.safe_path(name)
            top, slash, below = place.partition("/")
            is_folder = archive.is_folder(entry) or bool(git)
            if top and (slash or is_folder):
                folder = listing.folder(top)
                if is_folder and below:
                    folder.below.add(below)
    files, notes = archive.zip_files(opened, entries)
    for note in notes:
        listing.folder(whose(note.values["file"])).notes.append(note)
    for file in without_environments(sorted(files, key=lambda file: file.path)):
        top, slash, below = file.path.partition("/")
        if slash:
            listing.folder(top).files.append(replace(file, path=below))
        else:
            listing.loose.append(file)
    return listing
