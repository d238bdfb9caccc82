"""Connects to a port of the machine through an IPv6 socket and an IPv4 address written as one of IPv6.

Must happen: the submission has a network of its own, in which nobody listens.

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
    socket.create_connection(("::ffff:127.0.0.1", int("@PORT@")), timeout=0.5).close()
except OSError:
    pass


# --- end
