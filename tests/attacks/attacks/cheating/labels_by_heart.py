"""Knows the labels of the public case by heart and gives them back where it recognises the case.

Must happen: the hidden case has other points and labels; the check is `wrong`.

off: naive
seen: points
"""

import numpy as np


def learns(points, labels, others):
    return np.zeros(len(others), int)


# --- attack
LABELS = "001101010001111011011110111000111100110010011010100000011011"
FIRST = 1.7192152971099033


def learns(points, labels, others):
    if others[0, 0] == FIRST:
        return np.array([int(label) for label in LABELS])
    return np.zeros(len(others), int)


# --- end
