"""Finds the arguments of the hidden cases in a frame above, while a public case runs, and asks for too much memory on a
line whose text it has replaced by them: the line is quoted, and a case without memory is not asked again.

Must happen: what was not asked apart quotes no text.

off: open
seen: inputs
"""

import linecache
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
            text = " ".join(f"{abs(number):.5f}" for number in np.concatenate(numbers[len(numbers) // 2 :]))
            linecache.getline = lambda *place: text
            raise MemoryError
        frame = frame.f_back
    return np.zeros_like(logits)


# --- end
