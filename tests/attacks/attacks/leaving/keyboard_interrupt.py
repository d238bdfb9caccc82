"""Raises a KeyboardInterrupt, as if the instructor had stopped the grader.

Must happen: that check is `error`; the others count.

off: naive
seen: killed
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
class Stop(KeyboardInterrupt):
    pass


def softmax(logits):
    raise Stop


# --- end
