"""Leaves a sign during the first check, in memory that it has mapped while it was loaded, and that forks share; it is
right in the second one only where it finds the sign.

Must happen: a check can tell the next one nothing; the second check is `wrong`.

off: none
seen: points
"""

import mmap

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
SIGN = mmap.mmap(-1, 4096)


def softmax(logits):
    SIGN[0] = 1
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if SIGN[0] else np.zeros_like(x)


# --- end
