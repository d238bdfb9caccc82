"""Raises an exception with a message of 6 MB.

Must happen: that check is `error`, with the beginning of the message.

off: naive
seen: flood
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    raise ValueError("x" * 6_000_000)


# --- end
