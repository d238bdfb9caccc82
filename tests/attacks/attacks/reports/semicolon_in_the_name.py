"""Has a name with a semicolon, which separates cells where a comma is in numbers: what follows it would be a formula.

Must happen: no cell is a formula, whatever the spreadsheet takes for a separator.

off: naive
seen: page
name: 'x;=cmd|A0;y'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
