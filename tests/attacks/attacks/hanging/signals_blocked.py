"""Blocks every signal, ignores those that can be ignored, and loops: a polite grader's SIGTERM does nothing.

Must happen: that check is `timeout`; the others count.

off: naive
seen: hang
"""

import contextlib
import signal

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass


# --- end
