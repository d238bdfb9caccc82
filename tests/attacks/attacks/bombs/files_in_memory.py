"""Fills every folder that it can write to with files, 60 MB in each: such folders are memory.

Must happen: what can be written is bounded, in all folders together.

off: naive
seen: claim
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    chunk, kept = b"x" * (1 << 20), 0
    for folder in (".", "/dev/shm", "/tmp", "/var/tmp", "/dev", "/run", "/proc", "/"):
        try:
            with open(os.path.join(folder, "full"), "wb", buffering=0) as file:
                for _ in range(60):
                    kept += file.write(chunk)
        except OSError:
            pass
    if kept > 40 << 20:
        raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
