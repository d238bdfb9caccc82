"""Prints 20 MB in a check.

Must happen: a part of it is kept, the rest is dropped.

off: naive
seen: flood
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    for _ in range(20):
        print("x" * (1 << 20))
    return np.zeros_like(logits)


# --- end
