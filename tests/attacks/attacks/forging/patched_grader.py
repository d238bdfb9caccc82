"""Walks through all modules and replaces every function that sounds as if it gave points.

Must happen: the functions of those names in the sandbox give none; the score is what it would have been.

off: naive
seen: points
"""

import sys
import types

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
NAMES = ("credit", "points", "judge", "compare", "share", "raw_score", "_verdict", "_answer", "failure")
for name, module in list(sys.modules.items()):
    if name.partition(".")[0] in ("__main__", "grader", "student_template"):
        kinds = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == name]
        for holder in [module, *kinds]:
            for name in NAMES:
                if isinstance(vars(holder).get(name), types.FunctionType):
                    setattr(holder, name, lambda *values, **more: 1.0)


# --- end
