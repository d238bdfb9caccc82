"""Changes what `linecache` knows of its file, so that tracebacks quote lines that it does not have.

Must happen: the page shows the line as text.

off: naive
seen: page
"""

import linecache

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    linecache.cache["tda.py"] = (100, None, ["<" + "pwned>\n"] * 100, "tda.py")
    raise ValueError("x")


# --- end
