"""Calls sys.exit at the top level, to take the grader along.

Must happen: that line is left out; the functions count.

off: naive
seen: killed
"""

import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
sys.exit(0)


# --- end
