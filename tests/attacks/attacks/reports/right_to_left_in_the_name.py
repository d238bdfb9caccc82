r"""Has a name that turns the direction of what follows it.

Must happen: pages show the marks, and a name turns nothing but itself.

off: naive
seen: page
name: 'abc\u202e\u2067def\u200f'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
