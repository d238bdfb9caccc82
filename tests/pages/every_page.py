"""One page of every kind that surdix writes, for what must hold of them all."""

from __future__ import annotations

from collections.abc import Mapping

from grader.pages import feedback
from grader.pages import report as class_report
from grader.pages.shareable import shareable
from grader.pages.viva import viva
from tests.pages import jury_samples, sheet_samples
from tests.pages.pages_samples import assignment, class_of, one, oral, say

CODE = """import numpy as np


class Linear:
    def backward(self, grad):
        self.grad_W = grad @ self.x
        return grad @ self.W
"""


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
    }
