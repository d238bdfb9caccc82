"""Starts threads, which no count of processes shows: 150 of them.

Must happen: threads count as processes do; far fewer can be started.

off: naive
seen: claim
"""

import threading
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    threading.stack_size(1 << 16)
    started = 0
    try:
        while started < 150:
            threading.Thread(target=time.sleep, args=(0.5,), daemon=True).start()
            started += 1
    except RuntimeError:
        pass
    if started > 100:
        raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
