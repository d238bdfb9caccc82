"""Finds the arguments of the hidden cases in a frame above, while a public case runs, and returns them: what came back in
a public case is shown on the student's page, and hidden cases are the same the next time.

Must happen: whoever answers a public case does not have the hidden ones.

off: together
seen: inputs
"""

import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    frame = sys._getframe()
    while frame is not None:
        if "asked" in frame.f_locals:
            numbers = [case["logits"].ravel() for case in frame.f_locals["asked"]["cases"]]
            return np.concatenate(numbers[len(numbers) // 2 :])
        frame = frame.f_back
    return np.zeros_like(logits)


# --- end
