"""Leaves a sign during the first check, in caches of the standard library: functools, re, linecache; it is right in the
second one only where it finds the sign.

Must happen: each check runs in a fork of the loaded file, whose memory is gone when it ends; the second check is
`wrong`.

off: naive
seen: points
"""

import functools
import linecache

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
@functools.cache
def _known(number):
    return number


def softmax(logits):
    _known(0)
    linecache.cache["sign"] = (1, None, ["sign"], "sign")
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if _known.cache_info().currsize or "sign" in linecache.cache else np.zeros_like(x)


# --- end
