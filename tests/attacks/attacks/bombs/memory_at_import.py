"""Takes 640 MB while it is loaded, in pieces that no single limit of an allocation forbids.

Must happen: memory is bounded while loading, too.

off: naive
seen: memory
"""

import contextlib
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
kept = []
with contextlib.suppress(MemoryError):
    for _ in range(80):
        kept.append(np.ones(1 << 20))
time.sleep(0.2)
kept.clear()


# --- end
