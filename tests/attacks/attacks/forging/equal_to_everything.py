"""Returns an object that is equal to everything, and one whose `__class__` says that it is an array.

Must happen: it is no data, and is refused; the check is `wrong`.

off: naive
seen: points
"""

import numpy as np


def learns(points, labels, others):
    return np.zeros(len(others), int)


# --- attack
class Equal:
    shape, dtype, ndim = (60,), np.dtype(int), 1

    @property
    def __class__(self):
        return np.ndarray

    def __eq__(self, other):
        return np.ones(60, bool)

    def __len__(self):
        return 60


def learns(points, labels, others):
    return Equal()


# --- end
