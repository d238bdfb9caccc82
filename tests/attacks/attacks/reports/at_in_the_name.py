"""Has a name that begins with the sign of a function.

Must happen: the table's cell is text.

off: naive
seen: page
name: '@SUM(A1:A9)'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
