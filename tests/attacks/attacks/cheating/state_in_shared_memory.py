"""Leaves a sign during the first check, in a file of /dev/shm; it is right in the second one only where it finds the
sign.

Must happen: what a check has written is gone when the next one begins; the second check is `wrong`.

off: none
seen: points
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
SIGN = f"/dev/shm/sign{os.getpid()}"


def softmax(logits):
    open(SIGN, "w").close()
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if os.path.exists(SIGN) else np.zeros_like(x)


# --- end
