"""Leaves a sign during the first check in the place where the next byte of a file would be read, which was opened while
the submission was loaded; it is right in the second one only where it finds the sign.

Must happen: a check can tell the next one nothing; the second check is `wrong`.

off: naive
seen: points
"""

import os
import tempfile

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
KEPT = tempfile.TemporaryFile()
OPENED = KEPT.fileno()
os.write(OPENED, b"long enough")
os.lseek(OPENED, 0, os.SEEK_SET)


def softmax(logits):
    os.lseek(OPENED, 3, os.SEEK_SET)
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if os.lseek(OPENED, 0, os.SEEK_CUR) == 3 else np.zeros_like(x)


# --- end
