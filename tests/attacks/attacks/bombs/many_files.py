"""Makes 6000 empty files: they have no bytes to count, and need memory all the same.

Must happen: the number of files is bounded.

off: naive
seen: claim
"""

import os
import tempfile

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    folder, made = tempfile.mkdtemp(), 0
    try:
        for made in range(6000):
            os.close(os.open(f"{folder}/file-{made}", os.O_CREAT))
    except OSError:
        pass
    if made > 4000:
        raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
