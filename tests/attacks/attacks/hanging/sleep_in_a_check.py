"""Sleeps for an hour in a check.

Must happen: that check is `timeout` after its second; the others count.

off: naive
seen: hang
"""

import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    time.sleep(3600)


# --- end
