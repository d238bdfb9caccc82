"""Loops without end while it is loaded.

Must happen: that line is left out in a second try; the functions count.

off: naive
seen: hang
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
while True:
    pass


# --- end
