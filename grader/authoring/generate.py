"""An assignment → its handout: the stubs, the notebook and check.py, which holds the public cases."""

from __future__ import annotations

from pathlib import Path

from grader.authoring import handout, load
from grader.authoring.checkfile import check_file
from grader.pipeline import Marking, with_public_only
from student_template.runner import home, reading


def check_py(loaded: load.Loaded, marking: Marking) -> str:
    """The text of check.py. Hidden cases are in `marking`, and stay there."""
    cases, outputs, mistakes = with_public_only(marking)
    untouched = handout.files(loaded, "")
    names = [*loaded.assignment.files, f"{loaded.assignment.module}.ipynb"]
    return check_file(
        loaded.assignment,
        loaded.probes_with_predicates,
        cases,
        outputs,
        mistakes,
        marking.hints,
        [home.code_digest(reading.read(name, untouched[name])[0]) for name in names],
    )


def generate(loaded: load.Loaded, marking: Marking, out: Path) -> Path:
    """Write `out/TD/` and `out/TD.zip`; the folder. Raises `UserError` as `handout.write` does."""
    return handout.write(loaded, check_py(loaded, marking), out)
