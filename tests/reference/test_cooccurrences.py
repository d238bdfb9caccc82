"""reference.cooccurrences: counts by hand, PPMI and singular vectors against scipy's."""

import numpy as np
import pytest

from reference.cooccurrences import cooccurrence, ppmi, svd_embedding
from tests.reference.made import made
from tests.reference.words import rng, same_up_to_signs

MADE = made("scipy_words")
C = np.array(MADE["C"])


def test_counts_by_hand() -> None:
    found = cooccurrence([[0, 1, 1], [2], [1, 0]], 4, 1)
    assert found.dtype == np.float64
    assert found.tolist() == [[0, 2, 0, 0], [2, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_counts_are_symmetric() -> None:
    found = cooccurrence([rng(i).integers(9, size=8) for i in range(20)], 9, 3)
    assert np.array_equal(found, found.T)
    assert found.sum() == 20 * sum(min(8, i + 4) - max(0, i - 3) - 1 for i in range(8))


def test_ppmi_is_scipys() -> None:
    np.testing.assert_allclose(ppmi(C), MADE["ppmi"], rtol=1e-12, atol=1e-13)


def test_ppmi_of_empty_rows_and_of_weights() -> None:
    assert np.array_equal(ppmi(np.zeros((3, 3))), np.zeros((3, 3)))
    wider = np.zeros((9, 9))
    wider[1:8, 1:8] = C
    np.testing.assert_array_equal(ppmi(wider)[1:8, 1:8], ppmi(C))
    assert np.count_nonzero(ppmi(wider)) == np.count_nonzero(ppmi(C))
    np.testing.assert_allclose(ppmi(C / 1000), ppmi(C), atol=1e-13)


def test_svd_is_scipys() -> None:
    same_up_to_signs(svd_embedding(C, 3), MADE["svd"])


def test_svd_signs_and_product() -> None:
    M = rng().normal(size=(6, 6))
    symmetric = M @ M.T
    E = svd_embedding(symmetric, 6)
    np.testing.assert_allclose(E @ E.T, symmetric, rtol=1e-10)
    assert np.all(E[np.argmax(np.abs(E), axis=0), np.arange(6)] > 0)


@pytest.mark.parametrize(("shape", "dim"), [((3, 3), 0), ((3, 3), 4), ((5, 2), 3), ((2, 5), 3)])
def test_svd_refuses(shape: tuple[int, int], dim: int) -> None:
    with pytest.raises(ValueError, match="dimensions of a table"):
        svd_embedding(np.ones(shape), dim)
