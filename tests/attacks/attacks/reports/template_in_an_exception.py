"""Raises an exception whose text is a template of the kind that pages are made from, and which writes an element.

Must happen: texts are values of a template, never a part of one.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    raise ValueError("{{ '<' ~ 'pwned>' }} ${7*7} #{7*7} <%= 7*7 %>")


# --- end
