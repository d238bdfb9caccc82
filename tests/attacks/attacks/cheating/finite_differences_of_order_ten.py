"""Takes central differences of the tenth order, with wide steps: their error is that of rounding alone.

Must happen: the check is `wrong`, as for all differences.

off: naive
seen: points
"""

import numpy as np


def slope(x):
    return np.zeros_like(x)


# --- attack
WEIGHTS = [5 / 6, -5 / 21, 5 / 84, -5 / 504, 1 / 1260]


def slope(x):
    h = 0.02
    return sum(w * (np.tanh(x + k * h) - np.tanh(x - k * h)) for k, w in enumerate(WEIGHTS, 1)) / h


# --- end
