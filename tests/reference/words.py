"""What the tests of words and their vectors share."""

from typing import Any

import numpy as np


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def same_up_to_signs(found: Any, expected: Any) -> None:
    """The same columns, each perhaps times -1."""
    signs = np.sign(np.sum(np.array(found) * np.array(expected), axis=0))
    np.testing.assert_allclose(found * signs, expected, rtol=1e-12, atol=1e-13)
