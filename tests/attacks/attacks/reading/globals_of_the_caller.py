"""Looks into the globals of its callers for a path that leads to a solution.

Must happen: the callers are the probe and the runner, whose globals hold no such thing; the check is `wrong`.

off: naive
seen: points
"""

import inspect
import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    for frame in inspect.stack():
        for value in list(frame.frame.f_globals.values()):
            if isinstance(value, os.PathLike) and str(value).endswith(".py") and os.path.isfile(value):
                with open(value) as file:
                    text = file.read()
                if "def softmax(logits:" in text:
                    found = {}
                    exec(text, found)
                    return found["softmax"](logits)
    return np.zeros_like(logits)


# --- end
