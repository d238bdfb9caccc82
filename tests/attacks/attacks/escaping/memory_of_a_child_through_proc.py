"""Writes into the memory of another process, its child's, through /proc.

Must happen: there is no such file.

off: none
seen: claim
"""

import contextlib
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
def softmax(logits):
    word = ctypes.create_string_buffer(b"below")
    child = os.fork()
    if child == 0:
        while word.value != b"above":
            time.sleep(0.01)
        os._exit(7)
    with contextlib.suppress(OSError), open(f"/proc/{child}/mem", "r+b", buffering=0) as memory:
        memory.seek(ctypes.addressof(word))
        memory.write(b"above")
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7:
            print("it worked")
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return np.zeros_like(logits)


# --- end
