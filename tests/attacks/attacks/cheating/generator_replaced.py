"""Replaces numpy's generators by one that always draws the same, so that everybody's shuffling fails.

Must happen: only this process's numpy is replaced; the neighbour's is its own.

off: naive
seen: neighbour
"""

import numpy as np


def shuffled(n, seed):
    return np.zeros(n, int)


# --- attack
class Same:
    def permutation(self, n):
        return np.zeros(n, int)

    normal = random = integers = permutation


np.random.default_rng = lambda seed=None: Same()
np.random.seed = lambda seed=None: None


def shuffled(n, seed):
    return np.zeros(n, int)


# --- end
