"""Makes 6000 symbolic links with long targets, which are no file's bytes.

Must happen: the number of links is bounded.

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
            os.symlink("x" * 120, f"{folder}/link-{made}")
    except OSError:
        pass
    if made > 4000:
        raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
