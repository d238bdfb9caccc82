"""Raises an exception that quotes the whole environment, with the token of the grader's.

Must happen: the sandbox's environment has nothing of the grader's; the check is `error`.

off: naive
seen: leak
"""

import os

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def softmax(logits):
    raise ValueError(os.environ.get("SURDIX_TOKEN") or dict(os.environ))


# --- end
