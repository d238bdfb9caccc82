"""Joins the process group of its parent, from a check, and kills that.

Must happen: at most the submission ends.

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
    if os.fork() == 0:
        os.setpgid(0, os.getpgid(os.getppid()))
        os.kill(0, signal.SIGKILL)
    os.wait()
    return np.zeros_like(logits)


# --- end
