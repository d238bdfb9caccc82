"""The four checks as pytest, nbgrader, otter and the bare computation do them: the same cases, the same comparison.

`cases.pkl` lies beside this file: by function, pairs of arguments and of what the reference gives for them.
"""

import pickle
from pathlib import Path

import numpy as np

CASES = pickle.loads((Path(__file__).parent / "cases.pkl").read_bytes())


def check(function):
    """Put every case to a student's function; raises where an answer is not the reference's."""
    for arguments, expected in CASES[function.__name__]:
        answer = function(**arguments)
        if isinstance(expected, dict):
            assert answer.keys() == expected.keys()
            for name, value in expected.items():
                assert_close(answer[name], value)
        else:
            assert_close(answer, expected)


def assert_close(answer, expected):
    assert np.shape(answer) == np.shape(expected)
    assert np.allclose(answer, expected, rtol=1e-4, atol=1e-8)
