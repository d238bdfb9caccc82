"""Answers every signal with a handler that does nothing, and swallows every exception in its loop.

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
            signal.signal(number, lambda number, frame: None)
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


# --- end
