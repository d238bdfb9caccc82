"""Where a student's file comes to lie, whatever its name and its student's name are: below one folder, always.

Names are kept as they are where they can be; what could lead elsewhere, or no file system takes, is percent-encoded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from grader.moodle.answers import StoredFile
from grader.worksheet import DEFAULT_TEAM, folder_name

LONGEST = 255  # bytes of one name
TAIL = re.compile(r"_assignsubmission_(?:file|onlinetext)\Z")
_HOSTILE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


def prefix(name: str, number: str) -> str:
    """What Moodle's zip puts before `_assignsubmission_…`: the name, as it writes it, and the number, if any."""
    end = f"_{number}" if number else ""
    room = LONGEST - len(f"{end}_assignsubmission_onlinetext".encode())
    return cut(_HOSTILE.sub(_percent, folder_name(name)), room) + end


def default_team() -> str:
    """The same for the team of those who are in none."""
    return DEFAULT_TEAM["en"]


def below(files: Iterable[StoredFile]) -> dict[str, StoredFile]:
    """Each file by its path, with `/` between parts, relative to its student's folder. No two share a path."""
    parts = sorted(((_parts(file), file) for file in files), key=lambda pair: pair[0])
    folders = {path[:depth] for path, _ in parts for depth in range(1, len(path))}
    made: dict[str, StoredFile] = {}
    for path, file in parts:
        name = "/".join(path)
        while path in folders or name in made:  # a file and a folder of one name: one must give way
            path = (*path[:-1], f"{cut(path[-1], LONGEST - 1)}~")
            name = "/".join(path)
        made[name] = file
    return made


def cut(name: str, room: int) -> str:
    """A name of at most `room` bytes; of a longer one, a digest tells it from others that begin alike."""
    data = name.encode("utf-8", "surrogatepass")
    if len(data) <= room:
        return name
    digest = hashlib.sha256(data).hexdigest()[:12]
    _, dot, suffix = name.rpartition(".")
    ending = f"~{digest}{dot}{suffix}" if dot and len(suffix.encode()) <= 12 else f"~{digest}"
    return data[: room - len(ending.encode())].decode("utf-8", "ignore") + ending


def _parts(file: StoredFile) -> tuple[str, ...]:
    folders = [part for part in file.filepath.split("/") if part]
    return tuple(_part(part) for part in [*folders, file.filename.replace("/", "%2F") or "%00"])


def _part(name: str) -> str:
    if name in (".", ".."):
        return "%2E" * len(name)
    return cut(_HOSTILE.sub(_percent, name), LONGEST)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode("utf-8", "surrogatepass"))
