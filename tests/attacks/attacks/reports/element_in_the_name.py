r"""Has a name that is an element.

Must happen: pages show the name as text.

off: naive
seen: page
name: '\x3cpwned>\x3c/h1>\x3cpwned>'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
