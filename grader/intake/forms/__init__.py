"""The forms that hand-ins come in, each in its own module, and which one something is.

form         what a form is
plain        folders, files, one student's work
moodle       in folders and flat
canvas       flat, each file with two numbers
gradescope   folders by number; `metadata` reads whose they are
nbgrader     submitted/STUDENT/ASSIGNMENT
github       clones
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grader.contract import Assignment
from grader.errors import UserError
from grader.intake.forms.canvas import CANVAS
from grader.intake.forms.form import Form, Found
from grader.intake.forms.github import GITHUB
from grader.intake.forms.gradescope import GRADESCOPE
from grader.intake.forms.moodle import FLAT, MOODLE
from grader.intake.forms.nbgrader import NBGRADER
from grader.intake.forms.plain import FILES, FOLDERS, ONE
from grader.intake.listing import ACCEPTED, Listing

# In the order in which they are tried: what has marks of its own comes before what anything could be.
KINDS: Mapping[str, Form] = MappingProxyType(
    {
        "one": ONE,
        "moodle": MOODLE,
        "moodle-flat": FLAT,
        "gradescope": GRADESCOPE,
        "nbgrader": NBGRADER,
        "github-classroom": GITHUB,
        "canvas": CANVAS,
        "folders": FOLDERS,
        "files": FILES,
    }
)
FORMS: Mapping[str, str] = MappingProxyType({name: form.line for name, form in KINDS.items()})

__all__ = ["FORMS", "KINDS", "Form", "Found", "read"]


def read(listing: Listing, assignment: Assignment, form: str, where: str) -> tuple[str, Found]:
    """The form's name and what it holds; "" recognises it. Raises `UserError` where there is nothing to be read."""
    if form and form not in KINDS:
        raise UserError(f"{form}: there is no such form of submissions; there are {', '.join(KINDS)}.")
    for name, kind in KINDS.items():
        if form in ("", name):
            found = kind.read(listing, assignment, bool(form))
            if found is not None and found.handed:
                return name, found
    if form:
        raise UserError(f"{where}: not of the form {form}: there should be {KINDS[form].looked_for}.")
    raise UserError(f"{where}: there is no submission in it; give {ACCEPTED}.")
