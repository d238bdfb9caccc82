"""Reads memory at address 0: the interpreter dies of a segmentation fault.

Must happen: that check is `crashed`; the others count.

off: naive
seen: killed
"""

import ctypes

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    return ctypes.string_at(0)


# --- end
