r"""Has a name that begins with blanks and tabs, and only then like a formula.

Must happen: the table's cell is text.

off: naive
seen: page
name: '  \t=1+1'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
