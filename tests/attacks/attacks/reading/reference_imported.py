"""Imports the reference from where the course keeps it, and lets it answer.

Must happen: the reference is not in the sandbox; the check is `error`.

off: none
seen: points
"""

import importlib
import os
import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    for folder in list(sys.path):
        sys.path.insert(0, os.path.join(folder, "tests", "attacks", "course"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "reference"]:
        del sys.modules[name]
    return importlib.import_module("reference.target").softmax(logits)


# --- end
