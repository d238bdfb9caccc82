"""Has an element in a comment, in a docstring, in a variable's value and as text of its own.

Must happen: the page shows the code as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
# </span></code></pre><pwned>
NAME = """</span></code></pre></details><pwned>"""


def softmax(logits):
    """<pwned>"""
    return np.zeros_like(logits)


# --- end
