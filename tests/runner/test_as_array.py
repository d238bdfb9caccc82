"""Answers that are no plain data: what numpy.asarray takes is an array, and of all else is said what it is."""

import array
import collections

import numpy as np
import pytest

from student_template.runner import codec, probing
from student_template.runner.loading import Loaded


class Tensor:
    """As torch's: no array while its gradient is followed."""

    def __init__(self, data, followed=True):
        self.data, self.followed = data, followed

    def detach(self):
        return Tensor(self.data, False)

    def __array__(self, dtype=None, copy=None):
        if self.followed:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return np.array(self.data, dtype)


class Sparse:
    def toarray(self):
        return np.eye(2)


class Loud(Exception):
    pass


class Broken:
    def __array__(self, dtype=None, copy=None):
        raise Loud("no")


def ask(answer):
    found = probing.ask(probing.Probe("p", lambda td: answer, ()), Loaded(probing), {})
    return codec.decode(found.value) if not found.outcome else (found.outcome, found.key, found.values["why"])


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (Tensor([1.0, 2.0]), [1.0, 2.0]),
        (Tensor(3.0), 3.0),
        (range(3), [0, 1, 2]),
        (array.array("d", [1.0]), [1.0]),
        (collections.deque([1, 2]), [1, 2]),
        (1 + 2j, 1 + 2j),
    ],
)
def test_what_numpy_takes(answer, value):
    assert np.array_equal(ask(answer), value)
    inside = ask({"a": [answer, (answer, 1)]})
    assert np.array_equal(inside["a"][0], value) and np.array_equal(inside["a"][1][0], value)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (object(), "an object of type object"),
        ({1}, "an object of type set"),
        (len, "an object of type builtin_function_or_method"),
        (Sparse(), "a sparse matrix (Sparse): give it with .toarray()"),
        (Broken(), "an object of type Broken, of which numpy makes no array (Loud: no)"),
        (np.array([object()]), "an array of dtype object"),
        (np.datetime64("2026-01-01"), "an array of dtype datetime64[D]"),
    ],
)
def test_what_it_does_not_take(answer, why):
    assert ask(answer) == ask([answer]) == ("wrong", "not_data", why)


def test_the_codec_itself_takes_no_objects():
    with pytest.raises(codec.CodecError, match="an object of type Tensor"):
        codec.encode(Tensor(1.0))
