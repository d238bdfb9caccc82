"""Leaves a sign during the first check, in a pipe that it has made while it was loaded; it is right in the second one
only where it finds the sign.

Must happen: a check can tell the next one nothing; the second check is `wrong`.

off: naive
seen: points
"""

import os
import select

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
SIGN = os.pipe()


def softmax(logits):
    os.write(SIGN[1], b"1")
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if select.select([SIGN[0]], [], [], 0)[0] else np.zeros_like(x)


# --- end
