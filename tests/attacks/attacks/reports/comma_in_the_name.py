"""Has a name with commas, quotation marks and line ends, after which a formula would stand in a cell of its own.

Must happen: all of the name is in one cell.

off: naive
seen: page
name: 'x,10,=1+1,"y"",=2+2'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
