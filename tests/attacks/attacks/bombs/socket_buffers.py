"""Keeps memory in the buffers of unix sockets that nobody reads from, in 28 children: the kernel's, not a process's.

Must happen: far less than 300 MB can be kept in sockets.

off: naive
seen: claim
"""

import os
import socket
import struct
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def fill(write_end):
    kept, pairs, chunk = 0, [], b"x" * (1 << 18)
    try:
        while kept < 20 << 20:
            pair = socket.socketpair()
            pairs.append(pair)
            for end in pair:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
                end.setblocking(False)
                try:
                    while True:
                        kept += end.send(chunk)
                except BlockingIOError:
                    pass
    except OSError:
        pass
    os.write(write_end, struct.pack("Q", kept))
    time.sleep(0.5)
    os._exit(0)


def softmax(logits):
    read_end, write_end = os.pipe()
    kept = 0
    try:
        for _ in range(28):
            if os.fork() == 0:
                fill(write_end)
    except OSError:
        pass
    os.close(write_end)
    while (said := os.read(read_end, 8)) and kept <= 300 << 20:
        kept += struct.unpack("Q", said)[0]
    if kept > 300 << 20:
        raise RuntimeError("it worked")
    return np.zeros_like(logits)


# --- end
