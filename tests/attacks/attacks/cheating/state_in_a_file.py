"""Leaves a sign during the first check, in a file of the scratch folder; it is right in the second one only where it
finds the sign.

Must happen: what a check has written is gone when the next one begins; the second check is `wrong`.

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
SIGN = os.path.join(os.environ.get("TMPDIR", "."), "sign")


def softmax(logits):
    open(SIGN, "w").close()
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if os.path.exists(SIGN) else np.zeros_like(x)


# --- end
