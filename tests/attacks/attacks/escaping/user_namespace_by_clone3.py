"""Makes a user namespace by the new call, whose flags lie behind a pointer, where no filter of calls can look.

Must happen: the call is refused.

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


def softmax(logits):
    wanted = struct.pack("8Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0)
    child = LIBC.syscall(ctypes.c_long(435), wanted, ctypes.c_long(len(wanted)))
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
        print("it worked")
    return np.zeros_like(logits)


# --- end
