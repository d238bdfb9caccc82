"""Takes more time than a check has: the process that serves checks is made to answer by itself, without the fork whose
time it should watch, and the grader outside waits longer than that for a session's word.

Must happen: an answer that comes after the check's time is a time-out, whoever sends it.

off: together
seen: points
"""

import sys
import time

import numpy as np


def slope(x):
    time.sleep(0.4)  # four cases take longer than the second that they have
    return 1.0 - np.tanh(x) ** 2


# --- attack
FORKS = sys.modules["grader.sandbox.inside.forks"]


def in_place(session, probe, asked):
    session.meanwhile()
    codec, probing = sys.modules["student_template.runner.codec"], sys.modules["student_template.runner.probing"]
    answers = [probing.ask(probe, session.loaded, case, limit=session.job["answer"]) for case in asked["cases"]]
    yield {"how": "done", "data": b"".join(codec.encode(vars(answer)) for answer in answers)}


FORKS.in_forks = in_place


# --- end
