"""Takes a descriptor out of another process, its child, by pidfd_getfd.

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
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        time.sleep(5)
        os._exit(0)
    if LIBC.syscall(438, os.pidfd_open(child), read_end, 0) >= 0:
        print("it worked")
    os.kill(child, signal.SIGKILL)
    return np.zeros_like(logits)


# --- end
