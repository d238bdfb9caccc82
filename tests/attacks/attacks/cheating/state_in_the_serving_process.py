"""Leaves a sign during the first check, in the process that serves all checks, by a signal whose handler was installed
while it was loaded; it is right in the second one only where it finds the sign.

Must happen: a check can tell the next one nothing; the second check is `wrong`.

off: naive
seen: points
"""

import os
import signal
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
SIGN = []
signal.signal(signal.SIGUSR1, lambda number, frame: SIGN.append(number))


def softmax(logits):
    for process in (os.getppid(), os.getpid()):
        os.kill(process, signal.SIGUSR1)
    time.sleep(0.05)
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if SIGN else np.zeros_like(x)


# --- end
