"""Writes to standard error until a pipe that nobody reads is full.

Must happen: it goes nowhere, and nobody waits.

off: naive
seen: hang
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    for _ in range(20):
        os.write(2, b"x" * (1 << 20))
    return np.zeros_like(logits)


# --- end
