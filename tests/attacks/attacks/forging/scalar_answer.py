"""Returns a 0-d array and numpy scalars, which broadcast against whatever they are compared with.

Must happen: the shape is wrong, and so is the answer.

off: naive
seen: points
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return np.array(np.nan) if len(logits) == 1 else np.float64("nan")


def learns(points, labels, others):
    return np.array(Everything(), dtype=object)


class Everything:
    def __eq__(self, other):
        return True


# --- end
