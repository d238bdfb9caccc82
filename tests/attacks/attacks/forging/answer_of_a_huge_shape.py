"""Returns views of a single number whose shape is huge: whoever computes with them needs room for all of it.

Must happen: the answer is refused in the sandbox, for what it would be in bytes; the check is `wrong`.

off: naive
seen: memory
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return np.broadcast_to(np.float64(0.5), (5_000_000, *logits.shape))


def slope(x):
    return np.broadcast_to(np.float64(0.5), (1 << 20, 1 << 20, *x.shape))


# --- end
