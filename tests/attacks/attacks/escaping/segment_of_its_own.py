"""Reads the table of its own segments by modify_ldt, a call for old programs of x86 that new ones never make.

Must happen: the call is `forbidden`.

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
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long


def softmax(logits):
    if LIBC.syscall(154, 0, ctypes.create_string_buffer(64), ctypes.c_long(64)) >= 0:
        print("it worked")
    return np.zeros_like(logits)


# --- end
