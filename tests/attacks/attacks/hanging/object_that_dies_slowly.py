"""Answers well, and loops in the `__del__` of an object that goes when the function ends.

Must happen: that check is `timeout`, or counts as what was answered; the others count.

off: naive
seen: hang
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
class Slow:
    def __del__(self):
        while True:
            pass


def softmax(logits):
    slow = Slow()
    return np.zeros_like(logits)


# --- end
