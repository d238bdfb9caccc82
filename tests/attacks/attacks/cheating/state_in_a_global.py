"""Leaves a sign during the first check, in a global of its module; it is right in the second one only where it finds the
sign.

Must happen: each check runs in a fork of the loaded file, whose memory is gone when it ends; the second check is
`wrong`.

off: naive
seen: points
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
SIGN = []


def softmax(logits):
    SIGN.append(1)
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if SIGN else np.zeros_like(x)


# --- end
