"""Sets an alarm while it is loaded whose handler sleeps for an hour: it rings while the process waits for a check.

Must happen: the grader has a clock of its own; checks are `timeout`, or the submission is `crashed`.

off: naive
seen: hang
"""

import signal
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
signal.signal(signal.SIGALRM, lambda number, frame: time.sleep(3600))
signal.setitimer(signal.ITIMER_REAL, 0.1)


def softmax(logits):
    time.sleep(0.4)
    return np.zeros_like(logits)


# --- end
