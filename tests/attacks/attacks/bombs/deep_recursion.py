"""Recurses through C code without a limit until the stack is over: the interpreter dies.

Must happen: that check is `crashed`; the others count.

off: naive
seen: killed
"""

import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def deeper(_):
    return max([0], key=deeper)


def softmax(logits):
    sys.setrecursionlimit(10**9)
    return deeper(0)


# --- end
