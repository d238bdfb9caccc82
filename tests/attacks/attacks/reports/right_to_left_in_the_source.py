r"""Has bidirectional controls in a comment, so that the code on the page reads otherwise than it runs.

Must happen: they are shown as `\u202e`.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
# access is checked ‮⁦ here⁩⁦
ACCESS = "user‮ ⁦# only for the teacher⁩⁦"


# --- end
