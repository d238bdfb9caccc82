"""A small assignment, and submissions to it written as dictionaries: path → text or bytes."""

import json
from pathlib import Path

from grader.cli.main import say as in_words
from grader.contract import Assignment, Limits, Policy

STUB = '''"""TD 2."""
import numpy as np


def softmax(logits):
    """Softmax."""
    raise NotImplementedError("2.1")


class Linear:
    """A layer."""

    def forward(self, x):
        raise NotImplementedError("2.2")


def fit(X, y):
    raise NotImplementedError("2.3")


def predict(model, X):
    raise NotImplementedError("2.4")
'''
WORK = STUB.replace('raise NotImplementedError("2.1")', "return np.exp(logits)").replace(
    'raise NotImplementedError("2.2")', "return x + 1"
)
OTHER_WORK = WORK.replace("x + 1", "x + 2")
MORE_WORK = WORK.replace('raise NotImplementedError("2.3")', "return X @ y")


def notebook(*cells):
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def write(root: Path, files):
    """Write files below a folder; a path that ends with / is an empty folder."""
    for path, content in files.items():
        target = root / path
        if path.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def make_assignment(**changes):
    values = {
        "name": "td2",
        "title": "TD 2",
        "language": "en",
        "timezone": "Europe/Paris",
        "packages": ("numpy",),
        "data": ("digits.npz",),
        "handout_url": "",
        "hours": 3.0,
        "files": {"td2.py": ("reference.backprop",)},
        "limits": Limits(),
        "policy": Policy(),
        "checks": (),
        "manual": (),
        "interface": ("softmax", "Linear", "fit", "predict"),
        "stub": STUB,
        "probes": "",
        "folder": "",
        "version": "1",
    }
    return Assignment(**{**values, **changes})


def say(note):
    """A note in English."""
    return in_words(note.key, note.values)
