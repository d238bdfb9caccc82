"""Has a block that fails while the file is loaded, in whose message and first line there are elements.

Must happen: the notes on what was left out show them as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def lost(text="<pwned>"):
    raise ValueError(text + "<" + "pwned>")


try:
    lost()
except ValueError as error:
    LOST = str(error)
print(LOST)


# --- end
