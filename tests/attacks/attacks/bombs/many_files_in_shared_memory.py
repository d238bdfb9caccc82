"""Makes 6000 empty files in /dev/shm.

Must happen: the number of files is bounded there, too.

off: naive
seen: claim
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    made = 0
    try:
        for made in range(6000):
            os.close(os.open(f"/dev/shm/file-{made}", os.O_CREAT))
    except OSError:
        pass
    if made > 4000:
        raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
