"""Leaves a sign during the first check, in what the kernel keeps of a process: its folder, its umask, a limit, a
signal's handler; it is right in the second one only where it finds the sign.

Must happen: each check runs in a fork of the loaded file, whose memory is gone when it ends; the second check is
`wrong`.

off: naive
seen: points
"""

import os
import resource
import signal
import tempfile

import numpy as np


def softmax(logits):
    return np.zeros_like(logits)


def slope(x):
    return np.zeros_like(x)


# --- attack
def softmax(logits):
    os.chdir(tempfile.gettempdir())
    os.umask(0o123)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    return np.zeros_like(logits)


def slope(x):
    return 1.0 - np.tanh(x) ** 2 if signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN else np.zeros_like(x)


# --- end
