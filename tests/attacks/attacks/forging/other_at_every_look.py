"""Returns an array whose shape and content are others each time that somebody looks.

Must happen: what was sent is looked at, once; sizes that do not fit make it no answer.

off: naive
seen: points
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
class Changes(np.ndarray):
    looks = 0

    @property
    def shape(self):
        type(self).looks += 1
        return [(4, 3), (1, 5), (0, 5), (1 << 30,), "shape"][self.looks % 5]

    @property
    def __array_interface__(self):
        type(self).looks += 1
        return np.full((4, 3), np.nan if self.looks % 2 else 0.0).__array_interface__

    def __array__(self, dtype=None, copy=None):
        return np.full((4, 3), np.nan)


def softmax(logits):
    return np.full(logits.shape, np.nan).view(Changes)


# --- end
