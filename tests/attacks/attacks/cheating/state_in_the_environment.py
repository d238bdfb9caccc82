"""Leaves a sign during the first check, in the environment, Python's and C's; it is right in the second one only where
it finds the sign.

Must happen: each check runs in a fork of the loaded file, whose memory is gone when it ends; the second check is
`wrong`.

off: naive
seen: points
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
def softmax(logits):
    os.putenv("SIGN", "1")
    os.environ["SIGN"] = "1"
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if os.environ.get("SIGN") else np.zeros_like(x)


# --- end
