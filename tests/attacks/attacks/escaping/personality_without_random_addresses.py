"""Turns off the randomisation of addresses for the programs that it starts.

Must happen: the call is refused.

off: none
seen: claim
"""

import ctypes

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None)
LIBC.personality.argtypes = [ctypes.c_ulong]


def softmax(logits):
    LIBC.personality(0x0040000)
    now = LIBC.personality(0xFFFFFFFF)
    if now != -1 and now & 0x0040000:
        print("it worked")
    return np.zeros_like(logits)


# --- end
