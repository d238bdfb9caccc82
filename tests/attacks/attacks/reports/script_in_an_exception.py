"""Raises an exception whose text ends the page's own elements first, one after another.

Must happen: the page shows the text as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    raise ValueError("-->]]></code></span></pre></script></style></title></textarea><" + "pwned>")


# --- end
