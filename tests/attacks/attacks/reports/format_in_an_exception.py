"""Raises exceptions with the placeholders of sentences, and with names of other sentences in their place.

Must happen: what a sentence is filled with is not filled again, and is shown as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
class Why(Exception):
    pass


def softmax(logits):
    raise Why("{error.__class__.__init__.__globals__} {block} %s {0} {why} <" + "pwned>")


def slope(x):
    raise NotImplementedError("question 2: {what} <" + "pwned>")


# --- end
