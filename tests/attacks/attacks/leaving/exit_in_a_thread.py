"""Starts a thread while it is loaded, which ends the process while a check is under way.

Must happen: at most the submission is lost; after three deaths it is `crashed`, and a person looks.

off: naive
seen: killed
"""

import os
import threading
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def leave():
    time.sleep(0.1)
    os._exit(0)


threading.Thread(target=leave, daemon=True).start()


def softmax(logits):
    time.sleep(0.4)
    return np.zeros_like(logits)


# --- end
