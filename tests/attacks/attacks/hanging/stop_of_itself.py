"""Stops its own process: it neither works nor ends.

Must happen: that check is `timeout`; the others count.

off: naive
seen: hang
"""

import os
import signal

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    os.kill(os.getpid(), signal.SIGSTOP)


# --- end
