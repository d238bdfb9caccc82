"""Writes to a page of its own that is read-only, through /proc: so the code of a library can be changed.

Must happen: there is no such file.

off: none
seen: claim
"""

import contextlib
import ctypes
import mmap

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
page = LIBC.mmap(None, 4096, mmap.PROT_READ, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
with contextlib.suppress(OSError), open("/proc/self/mem", "r+b", buffering=0) as memory:
    memory.seek(page)
    memory.write(b"changed")
    if ctypes.string_at(page, 7) == b"changed":
        print("it worked")


# --- end
