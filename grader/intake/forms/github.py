"""GitHub Classroom's clones: a folder ASSIGNMENT-USERNAME for each student (or team), each with a `.git`.

Nothing of `.git` is read: its times are the student's own, and its settings may name programs to run.
"""

from __future__ import annotations

import re

from grader.contract import Assignment, Note
from grader.intake.forms.form import Form, Found, is_nobodys, levels
from grader.intake.listing import Listing
from grader.intake.pick import Handed

_AROUND = re.compile(r"(.+)-submissions")  # the folder that the command line of GitHub Classroom makes


def _read(listing: Listing, assignment: Assignment, forced: bool) -> Found | None:
    for level in levels(listing, assignment):
        clones = [name for name in level.folders if name in level.clones]
        if not clones or (not forced and _has_others(level, clones, assignment)):
            continue
        prefix = common_prefix(clones, level.name, assignment)
        if prefix or forced:
            named = {name: level.folders[name] for name in clones}
            handed = [
                Handed(name[len(prefix) :], "", tuple(folder.files), tuple(folder.notes))
                for name, folder in named.items()
            ]
            return Found(handed, _doubts(prefix, level.name, assignment))
    return None


def _doubts(prefix: str, around: str, assignment: Assignment) -> tuple[Note, ...]:
    """A prefix that only the names tell may take a part of all names along, and be another one next time."""
    if not prefix or prefix[:-1].casefold() in map(str.casefold, _known(around, assignment)):
        return ()
    return (Note("prefix_guessed", {"prefix": prefix}),)


def _known(around: str, assignment: Assignment) -> list[str]:
    """What may stand before the user names: the surrounding folder's name, the TD's, its title's."""
    title = "-".join(re.findall(r"[^\W_]+", assignment.title))
    shell = _AROUND.fullmatch(around)
    return [name for name in (shell[1] if shell else "", assignment.name, title) if name]


def _has_others(listing: Listing, clones: list[str], assignment: Assignment) -> bool:
    loose = any(not is_nobodys(file, assignment) for file in listing.loose)
    return loose or len(clones) < len(listing.folders)


def common_prefix(names: list[str], around: str, assignment: Assignment) -> str:
    """What stands before the user names: the TD's name or title, the surrounding folder's, else what all share.

    What all share alone says little of one name, and nothing if a name is no more than that.
    """
    for known in _known(around, assignment):
        if all(name.casefold().startswith(f"{known}-".casefold()) and len(name) > len(known) + 1 for name in names):
            return names[0][: len(known) + 1]
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)  # what these two share, all share
    differ = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    prefix = first[: first.rfind("-", 0, next(differ, len(first))) + 1]
    return "" if prefix in names else prefix


GITHUB = Form(
    "GitHub Classroom's clones, named ASSIGNMENT-USERNAME",
    "folders such as 'td2-anasilva' with a .git in each",
    _read,
)
