"""Raises an exception whose text is an element of HTML.

Must happen: the page shows the text as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    raise ValueError("<" + "pwned onload=alert(1)>")


# --- end
