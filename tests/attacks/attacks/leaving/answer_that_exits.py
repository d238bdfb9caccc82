"""Answers with an object that ends the process as soon as somebody makes an array of it or compares it.

Must happen: that answer is `wrong`; the others count.

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
class Answer:
    def __array__(self, *arguments, **options):
        os._exit(0)

    def __eq__(self, other):
        os._exit(0)

    def __reduce__(self):
        os._exit(0)


def softmax(logits):
    return Answer()


# --- end
