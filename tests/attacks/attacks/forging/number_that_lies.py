"""Returns subclasses of float, int and str that are equal to everything and turn into other values when asked.

Must happen: what was sent is plain data of the wrong shape; the check is `wrong`.

off: naive
seen: points
"""

import numpy as np


def learns(points, labels, others):
    return np.zeros(len(others), int)


# --- attack
class Number(float):
    def __eq__(self, other):
        return True

    def __float__(self):
        return float("nan")


class Whole(int):
    def __abs__(self):
        return 0

    def __int__(self):
        return 10**5000

    def __index__(self):
        return 10**5000


class Text(str):
    def __str__(self):
        return self

    def __eq__(self, other):
        return True


def learns(points, labels, others):
    return Number()


def softmax(logits):
    return [Whole(10**4400), Text("x"), Number()]


# --- end
