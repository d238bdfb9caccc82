r"""Has a name with control characters, colours of a terminal and line ends.

Must happen: pages show none of them as they are; the table keeps the name in one cell.

off: naive
seen: page
name: 'A\x1b[31mB\x07\x00\x9bC\x7fD'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
