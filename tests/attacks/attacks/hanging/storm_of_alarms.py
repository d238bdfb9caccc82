"""Sets a timer that rings a million times a second: system calls are interrupted before they do anything.

Must happen: that check is `timeout`; the others count.

off: naive
seen: hang
"""

import signal

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    while True:
        signal.pause()


# --- end
