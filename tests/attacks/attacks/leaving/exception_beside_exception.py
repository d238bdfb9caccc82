"""Raises an exception of its own that is no `Exception`, so that `except Exception` lets it through.

Must happen: that check is `error`; the others count.

off: naive
seen: killed
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
class Gone(BaseException):
    pass


def softmax(logits):
    raise Gone


# --- end
