"""Takes memory a megabyte at a time, and keeps what it has when there is no more.

Must happen: that check is `memory`, `error` or `timeout`; the others count.

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
    kept = []
    try:
        while len(kept) < 700:
            kept.append(b"x" * (1 << 20))
    except MemoryError:
        pass
    time.sleep(0.2)
    return np.zeros_like(logits)


# --- end
