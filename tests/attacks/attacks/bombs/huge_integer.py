"""Computes a number of 100 million digits, within one call into C that holds the interpreter's lock.

Must happen: that check is `timeout`; the others count.

off: naive
seen: hang
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    return 10 ** (10**8)


# --- end
