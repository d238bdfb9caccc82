r"""Raises and prints text with bidirectional controls, which makes a line read otherwise than it stands.

Must happen: they are shown as `\u202e`.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
MARKS = "\u202e\u2066\u200f\u061c\u2067"
print(MARKS + "abc")


def softmax(logits):
    raise ValueError(MARKS + "abc")


# --- end
