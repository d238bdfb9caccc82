"""Attaches to another process of the same user, as a debugger does, and lets it die.

Must happen: the call is `forbidden`, and nobody has that number.

off: none
seen: killed
"""

import ctypes
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
CANARY = int("@CANARY@")


def softmax(logits):
    if LIBC.ptrace(16, CANARY, None, None) == 0:
        time.sleep(0.1)
        LIBC.ptrace(8, CANARY, None, None)
    return np.zeros_like(logits)


# --- end
