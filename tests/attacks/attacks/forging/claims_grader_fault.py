"""Says that the grader is at fault, which shall cost nobody anything: as an answer, and as a message of the sandbox's.

Must happen: after a submission's code has run nobody believes that; the outcome is the submission's own.

off: naive
seen: points
"""

import os
import stat
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
    everywhere(frame("softmax_gives_probabilities", "grader_fault", 0.0))
    codec = sys.modules["student_template.runner.codec"]
    text = {"kind": "fault", "text": "the sandbox could not be closed", "check": "", "outcome": ""}
    everywhere(codec.encode({**text, "parts": []}))
    return np.zeros_like(logits)


# --- end
