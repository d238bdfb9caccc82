"""Closes every descriptor from a check: nobody can write the result any more.

Must happen: that check is `crashed`; the others count.

off: naive
seen: killed
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    os.closerange(0, 4096)
    return np.zeros_like(logits)


# --- end
