"""Fills 100 MB of shared memory, lets a child keep it, unmaps it and fills the next, five times.

No process ever has many of them, and a child that does not touch its pages does not count as using them.

Must happen: the memory of all processes of a submission is bounded together.

off: naive
seen: claim
"""

import mmap
import os
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    kept, chunk = 0, b"x" * (50 << 20)
    for _ in range(5):
        shared = mmap.mmap(-1, 100 << 20)
        shared.write(chunk)
        shared.write(chunk)
        if os.fork() == 0:
            time.sleep(2)
            os._exit(0)
        shared.close()
        kept += 100 << 20
        if kept > 300 << 20:
            raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
