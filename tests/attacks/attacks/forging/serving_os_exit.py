"""Replaces os._exit: where a check's process ends itself, it leaves a child in a session of its own and goes on.

Must happen: the namespace is swept after every check; nothing is left.

off: none
seen: left
"""

import os
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
EXIT = os._exit


def leave(status):
    if os.fork() == 0:
        os.setsid()
        time.sleep(30)
    EXIT(status)


os._exit = leave


def softmax(logits):
    os._exit(0)


# --- end
