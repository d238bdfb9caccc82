"""One page of every kind that surdix writes, for what must hold of them all."""

from __future__ import annotations

from collections.abc import Mapping

from grader.contract import Excerpt, Found, Group, Passage
from grader.pages import feedback
from grader.pages import report as class_report
from grader.pages.shareable import shareable
from grader.pages.similar import Whose
from grader.pages.similar import page as similar
from grader.pages.viva import viva
from tests.pages import jury_samples, sheet_samples
from tests.pages.pages_samples import assignment, class_of, one, oral, say

CODE = """import numpy as np


class Linear:
    def backward(self, grad):
        self.grad_W = grad @ self.x
        return grad @ self.W
"""

_LEFT = Excerpt(
    "td2.py", 6, (("        self.", "grad_W = grad @ self.x", ""), ("        ", "return grad @ self.W", ""))
)
_RIGHT = Excerpt("cell 3", 2, (("        m.", "dW = g @ m.inputs", "  # mine"), ("        ", "return g @ m.w", "")))
_PASSAGES = (Passage(_LEFT, _RIGHT, 2), Passage(_RIGHT, _LEFT, 9))
GROUPS = (
    Group(("148", "team-7", "151", "152"), 0.91, 1.0, _PASSAGES),
    Group(("148", "160"), 0.42, 0.42, _PASSAGES),
)
FOUND = Found(GROUPS, above=3, compared=40, short=("170", "171"), partly=("160",), common=10, threshold=0.3)
WHOSE = {"148": Whose("Zoé O'Brien", "Anna"), "team-7": Whose("Anna, Ben")} | {
    key: Whose(name) for key, name in {"151": "Cy", "152": "Dan", "160": "Eve", "170": "Flo", "171": "Gil"}.items()
}


def pages(language: str = "en") -> Mapping[str, str]:
    """The pages by kind. An examiner's sheet is in English alone."""
    td = assignment(language)
    return {
        "feedback": feedback(one(), td, say, [("td2.py", CODE)], "loss 0.3"),
        "report": class_report(class_of(), td, say, feedback_name=str),
        "shareable": shareable(class_of(), td, say),
        "marking": sheet_samples.page(language),
        "jury": jury_samples.page(),
        "viva": viva(oral("x @ self.W"), td, say, student_id="148", name="Zoé O'Brien", picked="td2.py", seed=0),
        "similar": similar(td, FOUND, WHOSE),
    }
