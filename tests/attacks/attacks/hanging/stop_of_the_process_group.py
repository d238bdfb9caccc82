"""Stops its own process group while it is loaded. A group may reach further than a namespace of processes.

Must happen: at most the submission stops; the warm process and the grader do not.

off: naive
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
os.kill(0, signal.SIGSTOP)


# --- end
