"""Opens a userfaultfd, with which the kernel can be held up in the middle of its own work.

Must happen: the call is `forbidden`.

off: none
seen: claim
"""

import ctypes
import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
NUMBER = {"x86_64": 323, "aarch64": 282}[os.uname().machine]


def softmax(logits):
    if LIBC.syscall(NUMBER, 1) >= 0:
        print("it worked")
    return np.zeros_like(logits)


# --- end
