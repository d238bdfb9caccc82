"""Reads the grader's source next to the runner's, to know what it compares and how.

Must happen: of the project only the runner and the sandbox's inside are there; the check is `error`.

off: none
seen: claim
"""

import os
import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    runner = sys.modules["student_template.runner"].__path__[0]
    with open(os.path.join(runner, "..", "..", "grader", "pipeline.py")) as file:
        if "def grade" in file.read():
            raise ValueError("it worked")


# --- end
