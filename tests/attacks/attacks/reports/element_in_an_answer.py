"""Returns text and dictionaries with elements for keys, which a message about the answer may quote.

Must happen: the page shows them as text, if at all.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return {"<" + "pwned>": "<" + "pwned>"}


def shuffled(n, seed):
    text = "<" + "pwned>"
    print(text)
    return [text] * n


# --- end
