"""Ends the process in the middle of a check, to take the grader along.

Must happen: that check is `crashed`; the others count.

off: naive
seen: killed
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    os._exit(0)


# --- end
