"""Allocates 720 MB at once and fills them.

Must happen: that check is `memory`; the others count.

off: naive
seen: memory
"""

import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    kept = np.ones(90_000_000)
    time.sleep(0.2)
    return np.zeros_like(logits) + 0 * kept[0]


# --- end
