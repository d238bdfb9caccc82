"""Joins a keyring of the kernel, where a user's secrets are kept across processes and namespaces.

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
NUMBER = {"x86_64": 250, "aarch64": 219}[os.uname().machine]


def softmax(logits):
    if LIBC.syscall(NUMBER, 1, None) >= 0:
        print("it worked")
    return np.zeros_like(logits)


# --- end
