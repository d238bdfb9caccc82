"""Opens a netlink socket: the kernel's own door for networks, audit and devices.

Must happen: it cannot be opened.

off: none
seen: claim
"""

import socket

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
try:
    socket.socket(16, socket.SOCK_RAW, 0).bind((0, 0))
    print("it worked")
except OSError:
    pass


# --- end
