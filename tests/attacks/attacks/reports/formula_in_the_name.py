"""Has a name that a spreadsheet takes for a formula: it would start a program.

Must happen: the table's cell is text.

off: naive
seen: page
name: '=cmd|" /C calc"!A0'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
