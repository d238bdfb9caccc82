"""Raises an exception with an address that holds a quotation mark, where pages make addresses links.

Must happen: no attribute of the page's is ended by it.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    raise ValueError('https://example.org/"pwned="1 and [a](javascript:pwned) and [[javascript:pwned]]')


# --- end
