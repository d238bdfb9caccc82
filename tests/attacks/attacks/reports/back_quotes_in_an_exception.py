"""Raises an exception whose text stands in back quotes, and is indented, which pages show as code.

Must happen: what becomes code is escaped before.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    raise ValueError("`<" + 'pwned>` and `"><' + "pwned>`\n    <" + "pwned>\n`\n    <" + "pwned>`")


# --- end
