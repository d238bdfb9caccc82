"""Imports packages that the TD does not allow, and the grader's own modules, past the guard of `import`.

Must happen: neither is in the sandbox; the check is `error`.

off: none
seen: claim
"""

import importlib

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    judge = importlib.import_module("grader.judging.judge")
    importlib.import_module("jinja2")
    raise ValueError("it worked" if judge.judge else "")


# --- end
