"""Takes a lock that it holds already.

Must happen: that check is `timeout`; the others count.

off: naive
seen: hang
"""

import threading

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LOCK = threading.Lock()


def softmax(logits):
    with LOCK, LOCK:
        return np.zeros_like(logits)


# --- end
