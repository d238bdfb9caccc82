"""Writes one file of 150 MB.

Must happen: what can be written is bounded; that check is `crashed` or `error`.

off: naive
seen: disk
"""

import tempfile
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    folder = tempfile.mkdtemp()
    chunk, kept = b"x" * (1 << 20), 0
    try:
        with open(f"{folder}/huge", "wb", buffering=0) as file:
            for _ in range(150):
                kept += file.write(chunk)
    except OSError:
        pass
    if kept > 40 << 20:
        raise RuntimeError("it worked")
    time.sleep(0.1)
    return np.zeros_like(logits)


# --- end
