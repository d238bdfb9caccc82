"""Registers a function that loops for when the interpreter ends, and then ends it.

Must happen: that check is `error`; nobody waits for the interpreter to tidy up.

off: naive
seen: hang
"""

import atexit
import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def loop():
    while True:
        pass


def softmax(logits):
    atexit.register(loop)
    sys.exit(0)


# --- end
