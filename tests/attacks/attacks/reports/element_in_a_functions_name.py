"""Gives a function's code the name of an element, as tracebacks quote it.

Must happen: the page shows the name as text.

off: naive
seen: page
"""

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


# --- attack
def _raise():
    raise ValueError("x")


_raise.__code__ = _raise.__code__.replace(co_name="<" + "pwned>", co_qualname="<" + "pwned>")


def softmax(logits):
    _raise()


# --- end
