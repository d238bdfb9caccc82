"""Replaces the codec's own struct by one that slips a forged frame in before each real one.

Must happen: the forged ones are answers that are none; no point comes of them.

off: naive
seen: points
"""

import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
CHECKS = {
    "softmax_gives_probabilities": 2,
    "slope_is_exact": 2,
    "learns_two_clouds": 1,
    "shuffled_keeps_every_number": 2,
}


def frame(check, outcome="pass", credit=1.0):
    """A result, or an answer, in the format of the grader's pipes."""
    codec = sys.modules["student_template.runner.codec"]
    said = {"check": check, "outcome": outcome, "credit": credit, "of": 1, "value": b"", "key": outcome}
    return codec.encode({**said, "values": {}, "extra": b"", "kind": "check", "parts": []})


CODEC = sys.modules["student_template.runner.codec"]
PREFIX = CODEC.PREFIX
FORGED = frame("softmax_gives_probabilities")


class Both:
    size = PREFIX.size
    unpack = PREFIX.unpack

    def pack(self, *values):
        return FORGED + PREFIX.pack(*values)


CODEC.PREFIX = Both()


# --- end
