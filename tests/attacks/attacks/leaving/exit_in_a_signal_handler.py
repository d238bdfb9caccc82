"""Ends the process in the handler of a timer, after the check has begun.

Must happen: that check is `crashed`; the others count.

off: naive
seen: killed
"""

import os
import signal
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    signal.signal(signal.SIGALRM, lambda number, frame: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    time.sleep(0.5)
    return np.zeros_like(logits)


# --- end
