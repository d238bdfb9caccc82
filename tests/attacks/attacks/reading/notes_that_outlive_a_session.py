"""Writes hidden inputs down during a check, ends its process between checks, and prints them while it is loaded anew:
what is printed while loading is shown on the student's page.

Must happen: a new session has nothing of the old one's scratch space.

off: together
seen: inputs
"""

import os
import signal

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
NOTES = ["@WORLD@/tmp/notes", "/scratch/notes", "/tmp/notes", "/dev/shm/notes"]
for path in NOTES:
    if os.path.exists(path):
        with open(path) as file:
            print(file.read())


def softmax(logits):
    for path in NOTES:
        try:
            with open(path, "a") as file:
                file.write(" ".join(f"{number:.9f}" for number in logits.ravel()) + "\n")
        except OSError:
            pass
    os.kill(os.getppid(), signal.SIGKILL)
    return np.zeros_like(logits)


# --- end
