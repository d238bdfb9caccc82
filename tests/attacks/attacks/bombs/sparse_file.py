"""Makes a file that says it has 150 MB and has none: whoever copies or reads it fills memory.

Must happen: a file cannot say that it is larger than what may be written.

off: none
seen: claim
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
def softmax(logits):
    try:
        with open("sparse", "wb") as file:
            file.truncate(150 << 20)
        print("it worked")
    except OSError:
        pass
    return np.zeros_like(logits)


# --- end
