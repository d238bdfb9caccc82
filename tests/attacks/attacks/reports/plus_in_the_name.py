"""Has a name that begins with a plus sign, which makes it a formula.

Must happen: the table's cell is text.

off: naive
seen: page
name: '+1+HYPERLINK(A1)'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
