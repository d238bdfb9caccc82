"""Reads checks.py, with the distributions that hidden cases are drawn from and the predicates.

Must happen: of checks.py only the probes' source comes into the sandbox; the check is `error`.

off: none
seen: claim
"""

import glob
import os
import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    for folder in sys.path:
        for path in glob.glob(os.path.join(folder, "tests/attacks/course/assignments/*/checks.py")):
            with open(path) as file:
                if "def two_clouds(rng)" in file.read():
                    raise ValueError("it worked")
    return np.zeros_like(logits)


# --- end
