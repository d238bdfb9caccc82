r"""Has a name that ends an attribute, with each kind of quotation mark, and begins one of its own.

Must happen: pages show the name as text, in attributes too.

off: naive
seen: page
name: 'x" pwned="1" onmouseover="alert(1)" \x27pwned=\x27'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
