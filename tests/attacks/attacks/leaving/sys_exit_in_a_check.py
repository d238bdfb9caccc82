"""Calls sys.exit in the middle of a check, which no `except Exception` catches.

Must happen: that check is `error`; the others count.

off: naive
seen: killed
"""

import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    sys.exit(0)


# --- end
