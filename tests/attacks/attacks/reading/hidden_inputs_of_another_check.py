"""Writes the inputs of one check's cases down in the scratch folder, the hidden ones too, and quotes them in an
exception of the next check's public case: what is said of a public case is shown on the student's page.

Must happen: a public case finds nothing that a hidden one has left.

off: together
seen: inputs
"""

import os
import tempfile

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
NOTES = os.path.join(tempfile.gettempdir(), f"notes{os.getpid()}")


def softmax(logits):
    with open(NOTES, "a") as file:
        file.write(" ".join(f"{number:.9f}" for number in logits.ravel()) + "\n")
    return np.zeros_like(logits)


def slope(x):
    with open(NOTES) as file:
        raise ValueError(" ".join(file.read().splitlines()[2:]))


# --- end
