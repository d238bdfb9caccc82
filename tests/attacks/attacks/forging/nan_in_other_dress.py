"""Returns nan as a complex number, as text, in half precision, and with infinities among it.

Must happen: an answer that is not finite where it should be is `wrong`, whatever its type.

off: naive
seen: points
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    if logits.shape[0] == 1:
        return np.full(logits.shape, complex(float("nan"), float("inf")))
    return np.full(logits.shape, np.nan, np.float16)


def slope(x):
    return [[str(number) for number in row] for row in np.full((3, 3), "nan")] if x.ndim == 2 else np.full(7, -np.inf)


# --- end
