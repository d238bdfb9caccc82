r"""Prints and raises escape sequences of a terminal, which clear its screen and set its title.

Must happen: they are taken out, or shown as `\x1b`.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
print("\x1b[2J\x1b]0;title\x07\x1b[31mred\x9b31m\x00\x08")


def softmax(logits):
    raise ValueError("\x1b[2J\x1b]0;title\x07\x1b[31mred\x9b31m\x00\x08")


# --- end
