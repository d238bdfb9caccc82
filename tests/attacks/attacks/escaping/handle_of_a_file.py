"""Asks for the handle of a file, with which it could be opened again past folders that hide it.

Must happen: the call is refused.

off: none
seen: claim
"""

import ctypes
import struct

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long


def softmax(logits):
    handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 136)
    if LIBC.name_to_handle_at(-100, b".", handle, ctypes.byref(ctypes.c_int()), 0) == 0:
        print("it worked")
    return np.zeros_like(logits)


# --- end
