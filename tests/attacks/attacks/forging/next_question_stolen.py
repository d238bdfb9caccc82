"""Reads the control socket itself, from a thread of the serving process, and answers in its place with the reference.

Must happen: there is no reference; the messages that are torn in two end the session.

off: none
seen: points
"""

import os
import socket
import stat
import sys

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
CODEC = sys.modules["student_template.runner.codec"]


def answer(sock):
    names = {}
    for folder in sys.path:
        path = os.path.join(folder, "tests/attacks/course/reference/target.py")
        if os.path.exists(path):
            with open(path) as file:
                exec(file.read(), names)
    wire = sys.modules["grader.sandbox.inside.wire"]
    for _ in range(wire.receive(sock)["questions"]):
        asked, said = wire.receive(sock), b""
        for case in asked["cases"]:
            value = CODEC.encode(names["softmax"](case["logits"]) if "logits" in case and names else 0)
            said += CODEC.encode({"outcome": "", "value": value, "key": "", "values": {}, "extra": b""})
        wire.send(sock, {"kind": "check", "check": asked["check"], "parts": [{"how": "done", "data": said}]})
    wire.receive(sock)


for number in range(3, 32):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            sock = socket.socket(fileno=os.dup(number))
            # Loading is over for the grader once this is said; the serving process never gets to say it.
            wire = sys.modules["grader.sandbox.inside.wire"]
            wire.send(sock, {"kind": "loaded", "left_out": [], "notes": [], "names": ["softmax"], "printed": ""})
            answer(sock)
    except OSError:
        pass


# --- end
