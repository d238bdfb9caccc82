"""Kills another process of the same user, whose number it knows.

Must happen: nobody has that number.

off: none
seen: killed
"""

import contextlib
import os
import signal

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
CANARY = int("@CANARY@")
with contextlib.suppress(OSError):
    os.kill(CANARY, signal.SIGKILL)


# --- end
