"""Starts a thread that an interpreter waits for when it ends, and then ends it.

Must happen: that check is `error`; nobody waits for the thread.

off: naive
seen: hang
"""

import sys
import threading
import time

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    threading.Thread(target=time.sleep, args=(3600,), daemon=False).start()
    sys.exit(0)


# --- end
