"""What a form of hand-in is: how it is told, and whose each file of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.contract import Assignment, Enrolled, Note
from grader.intake.files import File
from grader.intake.listing import Listing, inside
from grader.intake.pick import Handed, is_handout

DEPTH = 3  # folders around all that an archive may begin with
NOBODY = (
    ".csv",
    ".tsv",
    ".toml",
    ".yml",
    ".yaml",
    ".log",
    ".sqlite",
    ".db",
    ".md",
)  # a teacher's own files beside the submissions


@dataclass(frozen=True, slots=True)
class Found:
    """All that a form holds. One student may be in `handed` several times, if the form says which came last."""

    handed: list[Handed]
    warnings: tuple[Note, ...] = ()
    enrolled: tuple[Enrolled, ...] = ()  # what the form itself says of students


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `read(listing, assignment, forced)` gives None where the listing is not of this form.

    What is forced is read even where it could be something else, as long as there is anything of the form in it.
    """

    line: str  # what a person reads
    looked_for: str  # what there must be
    read: Callable[[Listing, Assignment, bool], Found | None]


def levels(listing: Listing, assignment: Assignment) -> Iterator[Listing]:
    """The listing, and what is in the one folder that may be around everything."""
    for _ in range(DEPTH):
        yield listing
        if len(listing.folders) != 1 or not all(is_nobodys(file, assignment) for file in listing.loose):
            return
        listing = inside(listing, next(iter(listing.folders)))


def is_nobodys(file: File, assignment: Assignment) -> bool:
    """Is a loose file among the submissions one of the teacher's, or of the handout?"""
    low = file.base.casefold()
    return low.endswith(NOBODY) or low.startswith((".", "readme")) or is_handout(file, assignment)


def stem(base: str) -> str:
    """A loose file's stem: without `.py`, `.ipynb`, `.tar.gz`, and what a browser may have put behind them."""
    before = base.rpartition(".")[0] or base
    inner, dot, suffix = before.rpartition(".")
    return inner if dot and inner and suffix.casefold() in ("py", "ipynb", "tar") else before
