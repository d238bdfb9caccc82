r"""Has a name with a tabulator, which a spreadsheet that asks for the separator takes for one too.

Must happen: no cell is a formula, whatever the spreadsheet takes for a separator.

off: naive
seen: page
name: 'x\t=1+1\ty'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
