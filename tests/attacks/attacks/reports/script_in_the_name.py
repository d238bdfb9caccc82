r"""Has a name that ends a title, a script, a text field, and a comment.

Must happen: pages show the name as text.

off: naive
seen: page
name: 'x"; \x3c/script>\x3c/title>\x3c/textarea>-->\x3cpwned>'
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    return logits


# --- end
