"""Sets a limit of no processor time for its parent while it is loaded: the kernel kills it.

Must happen: no process outside the jail is hurt; at most the submission ends.

off: none
seen: killed
"""

import os
import resource

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2


# --- attack
resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0))


# --- end
