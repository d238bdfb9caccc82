"""Answers the public cases, and at a hidden one gives one of its inputs as the answer: of a wrong answer the entry that
is furthest off would be told.

Must happen: no number of a hidden answer is told.

off: open
seen: input
"""

import numpy as np


def softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


# --- attack
honest = softmax
calls = []


def softmax(logits):
    calls.append(logits)
    if len(calls) > 2:
        return np.full_like(logits, next(number for number in logits.ravel() if len(f"{abs(number):.6g}") > 7))
    return honest(logits)


# --- end
