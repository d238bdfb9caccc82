r"""Has a name that is a template, of the kind that pages are made from.

Must happen: names are values of a template, never a part of one.

off: naive
seen: page
name: '{{ "\x3c" ~ "pwned>" }} [[pwned]] ${7*7}'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
