"""Opens a named pipe that nobody writes to.

Must happen: that check is `timeout`; the others count.

off: naive
seen: hang
"""

import os
import pathlib
import tempfile

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    path = pathlib.Path(tempfile.mkdtemp()) / "pipe"
    os.mkfifo(path)
    return np.array(path.read_bytes())


# --- end
