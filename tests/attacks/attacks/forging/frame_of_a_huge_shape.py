"""Writes a frame with an array of a shape without bounds and no bytes.

Must happen: sizes are compared with the bytes that are there; the answer is none, and the grader goes on.

off: naive
seen: killed
"""

import json
import os
import stat
import struct
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


def everywhere(data):
    for number in range(3, 64):
        try:
            mode = os.fstat(number).st_mode
            if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
                os.write(number, data)
        except OSError:
            pass


def softmax(logits):
    for shape in ([1 << 39], [0, 1 << 39], [1 << 20] * 3):
        header = json.dumps({"d": [["outcome", ""], ["value", {"a": ["<f8", shape]}], ["extra", ""]]}).encode()
        everywhere(struct.pack("<4sIQ", b"sdx1", len(header), 0) + header)
    return np.zeros_like(logits)


# --- end
