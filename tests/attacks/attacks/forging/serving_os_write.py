"""Replaces os.write in the process that serves checks: each answer that it writes is the reference's, from the disk.

Must happen: there is no reference to take answers from; they are `wrong`.

off: none
seen: points
"""

import os
import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
WRITE = os.write
CODEC = sys.modules["student_template.runner.codec"]


def write(number, data):
    frame = sys._getframe(1)
    while frame is not None and "case" not in frame.f_locals:
        frame = frame.f_back
    tree = CODEC.decode(bytes(data))
    case = frame.f_locals["case"] if frame is not None else {}
    if "logits" in case and "value" in tree:
        for folder in sys.path:
            path = os.path.join(folder, "tests/attacks/course/reference/target.py")
            if os.path.exists(path):
                names = {}
                with open(path) as file:
                    exec(file.read(), names)
                tree["value"] = CODEC.encode(names["softmax"](case["logits"]))
    WRITE(number, CODEC.encode(tree))
    return len(data)


os.write = write


# --- end
