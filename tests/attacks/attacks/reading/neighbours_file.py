"""Answers with what a neighbour has handed in: their file lies in the same folder.

Must happen: no other submission is in the sandbox; the check is `error`.

off: none
seen: points
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    with open("@WORLD@/class/neighbour.py") as file:
        names = {}
        exec(file.read(), names)
    return names["softmax"](logits)


# --- end
