"""Writes into the memory of another process, its child's, by process_vm_writev.

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


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def softmax(logits):
    word = ctypes.create_string_buffer(b"below")
    child = os.fork()
    if child == 0:
        while word.value != b"above":
            time.sleep(0.01)
        os._exit(7)
    word.value = b"above"
    piece = Piece(ctypes.addressof(word), 5)
    if LIBC.process_vm_writev(child, ctypes.byref(piece), 1, ctypes.byref(piece), 1, 0) == 5:
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7:
            print("it worked")
    os.kill(child, signal.SIGKILL)
    return np.zeros_like(logits)


# --- end
