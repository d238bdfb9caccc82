"""Raises an exception whose text, when somebody asks for it, ends the process.

Must happen: that check is `error` or `crashed`; the others count.

off: naive
seen: killed
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
class Polite(Exception):
    def __str__(self):
        os._exit(0)


def softmax(logits):
    raise Polite


# --- end
