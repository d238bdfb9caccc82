"""Makes a million objects that hold themselves, so that only the garbage collector could free them, and turns it off.

Must happen: that check is `memory` or `timeout`; the others count.

off: naive
seen: memory
"""

import gc

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    gc.disable()
    for _ in range(1_100_000):
        circle = [bytes(500)]
        circle.append(circle)
    return np.zeros_like(logits)


# --- end
