"""Raises an exception of a class whose name is an element.

Must happen: the page shows the name as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
Pwned = type("<" + "pwned>", (Exception,), {})


def softmax(logits):
    raise Pwned("x")


# --- end
