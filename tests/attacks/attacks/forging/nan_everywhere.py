"""Returns nan, of which no comparison says that it is far from anything.

Must happen: an answer that is not finite where it should be is `wrong`.

off: naive
seen: points
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return np.full_like(logits, np.nan)


# --- end
