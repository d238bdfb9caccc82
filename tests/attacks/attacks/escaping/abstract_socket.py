"""Connects to a unix socket with an abstract name, which no file system hides.

Must happen: such names belong to a network of its own, in which nobody listens.

off: none
seen: network
"""

import socket

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
try:
    socket.socket(socket.AF_UNIX).connect("\0surdix-arena-@PORT@")
except OSError:
    pass


# --- end
