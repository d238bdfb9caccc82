"""What surdix leaves in the folder that it grades into: what `purge` removes and no page may be written over."""

from __future__ import annotations

from pathlib import Path

from grader.errors import UserError

GRADES, REPORT, BOOK = "grades.csv", "report.html", "gradebook.sqlite"
RESULTS, FEEDBACK, VIVA, DEFENCES, SIMILAR = "results", "feedback", "viva", "defences", "similar"  # folders
OF_STUDENTS = {RESULTS: ".json", FEEDBACK: ".html", VIVA: ".html"}  # a file for each of them
SLOTS, PAIRS = "slots.csv", "pairs.html"  # in DEFENCES, beside examiners' sheets; in SIMILAR
PLACES = (GRADES, REPORT, BOOK, RESULTS, FEEDBACK, VIVA, DEFENCES, SIMILAR)


def refuse_ours(to: Path, directory: Path) -> None:
    """Raises `UserError` where a page would take the place of something of ours, or of what is no page."""
    if to.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{to}: this is a page; give it a name that ends in .html")
    taken = {(directory / name).resolve() for name in PLACES}
    if taken & {to.resolve(), *to.resolve().parents}:
        raise UserError(f"{to}: this is where results are; give another name, such as {directory.name}-class.html")
