"""Matches a regular expression that tries every way to split a text, within one call into C.

Must happen: that check is `timeout`; the others count.

off: naive
seen: hang
"""

import re

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    return re.match(r"(a+)+$", "a" * 60 + "b")


# --- end
