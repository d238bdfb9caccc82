"""Answers with a list that has no end when somebody goes through it, makes an array of it or writes it down.

Must happen: that check is `timeout` or `memory`, in its own process; the others count.

off: naive
seen: hang
"""

import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
class Endless(list):
    def __iter__(self):
        while True:
            time.sleep(0.01)
            yield 0.0

    def __array__(self, *arguments, **options):
        for _ in self:
            pass


def softmax(logits):
    return Endless([0.0])


# --- end
