"""Puts `pass`, full credit and full points into every message that leaves its process, by its own codec.

Must happen: of an outcome's names only those of failures are believed.

off: naive
seen: points
"""

import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
CODEC = sys.modules["student_template.runner.codec"]
ENCODE = CODEC.encode


def encode(tree, **more):
    if isinstance(tree, dict) and "outcome" in tree:
        tree = {**tree, "outcome": "pass", "credit": 1.0, "points": 10.0, "score": 10.0, "key": "pass"}
    return ENCODE(tree, **more)


CODEC.encode = encode


# --- end
