"""Raises a GeneratorExit while it is loaded.

Must happen: that line is left out; the functions count.

off: naive
seen: killed
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
raise GeneratorExit


# --- end
