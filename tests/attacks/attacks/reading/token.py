"""Opens the token's file by its name, and says what is in it.

Must happen: there is no such file in the sandbox; the check is `error`.

off: none
seen: leak
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    with open("@WORLD@/token") as file:
        raise ValueError(file.read())


# --- end
