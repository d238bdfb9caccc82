"""Traces a child: whoever may trace may change what a process does, system call by system call.

Must happen: the call is `forbidden`.

off: none
seen: claim
"""

import ctypes
import os
import signal
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long


def softmax(logits):
    child = os.fork()
    if child == 0:
        time.sleep(5)
        os._exit(0)
    if LIBC.ptrace(16, child, None, None) == 0:
        print("it worked")
    os.kill(child, signal.SIGKILL)
    return np.zeros_like(logits)


# --- end
