"""Writes 20 MB to standard output as a C program would, past what Python captures.

Must happen: it goes nowhere.

off: naive
seen: flood
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
        os.write(1, b"x" * (1 << 20) + b"\n")
    return np.zeros_like(logits)


# --- end
