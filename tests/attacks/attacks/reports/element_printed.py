"""Prints an element while the file is loaded and during a check.

Must happen: the page shows what was printed as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
print("</code></pre><" + "pwned>")


def softmax(logits):
    print("</code></pre><" + "pwned>")
    return np.zeros_like(logits)


# --- end
