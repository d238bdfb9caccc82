"""Eight children of 200 MB each: every one is below the limit of a process, together they are far above it.

They are made while it is loaded, so that they have the time of the first check as well.

Must happen: the memory of all processes of a submission is bounded together.

off: naive
seen: memory
"""

import os
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
for _ in range(8):
    if os.fork() == 0:
        kept = np.ones(25_000_000)
        time.sleep(3)
        os._exit(0)
time.sleep(0.7)


def softmax(logits):
    time.sleep(0.9)
    return np.zeros_like(logits)


# --- end
