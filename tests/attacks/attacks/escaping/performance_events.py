"""Opens a counter of performance events for itself, through which many holes of the kernel were found.

Where kernel.perf_event_paranoid is above 2 it wins nowhere.

Must happen: the call is `forbidden`.

off: none
seen: claim
"""

import ctypes
import os
import struct

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
NUMBER = {"x86_64": 298, "aarch64": 241}[os.uname().machine]
ATTRIBUTES = struct.pack("IIQQQQQ", 1, 112, 0, 0, 0, 0, 0b1100001) + bytes(64)


def softmax(logits):
    if LIBC.syscall(NUMBER, ATTRIBUTES, 0, ctypes.c_long(-1), ctypes.c_long(-1), 0) >= 0:
        print("it worked")
    return np.zeros_like(logits)


# --- end
