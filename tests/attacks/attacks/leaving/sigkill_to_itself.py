"""Kills its own process, which is the grader where nothing stands between them.

Must happen: that check is `crashed`; the others count.

off: naive
seen: killed
"""

import os
import signal

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    os.kill(os.getpid(), signal.SIGKILL)


# --- end
