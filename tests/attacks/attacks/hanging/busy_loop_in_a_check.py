"""Loops without end in a check.

Must happen: that check is `timeout` after its second; the others count.

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
    while True:
        pass


# --- end
