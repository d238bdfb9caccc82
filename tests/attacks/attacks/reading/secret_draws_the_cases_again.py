"""Reads the secret and draws the hidden cases again with the grader's own code: then it knows the labels.

Must happen: neither the secret nor the grader's code is in the sandbox; the check is `error`.

off: none
seen: points
"""

import importlib
import os
import pathlib

import numpy as np


def learns(points, labels, others):
    return np.zeros(len(others), int)


# --- attack
def learns(points, labels, others):
    with open("@WORLD@/secret", "rb") as file:
        secret = file.read()
    load = importlib.import_module("grader.authoring.load")
    draws = importlib.import_module("grader.authoring.draws")
    top = os.path.dirname(os.path.dirname(importlib.import_module("grader").__file__ or ""))
    loaded = load.load(pathlib.Path(top, "tests", "attacks", "course"), "tda")
    for cases in draws.draw(loaded, secret):
        for case in cases["learns_two_clouds"]:
            if np.array_equal(case.values["others"], others):
                return case.values["answers"]
    return np.zeros(len(others), int)


# --- end
