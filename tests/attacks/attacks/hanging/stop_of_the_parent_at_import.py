"""Stops its parent while it is loaded: the grader, where it started the process itself.

Must happen: no process outside the jail is hurt; at most the submission ends.

off: none
seen: hang
"""

import os
import signal

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
os.kill(os.getppid(), signal.SIGSTOP)


# --- end
