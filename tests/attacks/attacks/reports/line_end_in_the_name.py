r"""Has a name with line ends, after which another student's line seems to begin.

Must happen: all of the name is in one cell.

off: naive
seen: page
name: 'x\ny,z,10\r=1+1'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
