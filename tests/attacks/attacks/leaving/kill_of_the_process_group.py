"""Kills its own process group while it is loaded. A group may reach further than a namespace of processes.

Must happen: at most the submission ends; the grader, the warm process and other submissions do not.

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
os.killpg(0, signal.SIGKILL)


# --- end
