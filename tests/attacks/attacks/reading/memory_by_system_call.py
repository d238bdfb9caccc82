"""Reads another process's memory with process_vm_readv, which needs no /proc.

Must happen: the call kills the process: the check is `forbidden`. The others count.

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
class _Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def softmax(logits):
    libc = ctypes.CDLL(None, use_errno=True)
    room = ctypes.create_string_buffer(8)
    here = id(np)  # forks have the same addresses
    ours, theirs = _Part(ctypes.addressof(room), 8), _Part(here, 8)
    for pid in (os.getppid(), 1, os.getpid() - 1):
        if libc.process_vm_readv(pid, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0) == 8:
            raise ValueError("it worked")
    return np.zeros_like(logits)


# --- end
