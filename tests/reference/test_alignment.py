"""reference.alignment: rotations against scipy's, CSLS by its definition, and two clouds that find each other."""

import numpy as np
import pytest

from reference.alignment import csls, mutual_nearest_neighbours, orthogonalize, procrustes, refine
from tests.reference.made import made
from tests.reference.words import rng

MADE = made("scipy_words")
X, Y = np.array(MADE["X"]), np.array(MADE["Y"])


def rotation(d: int, seed: int) -> np.ndarray:
    return np.linalg.qr(rng(seed).normal(size=(d, d)))[0]


class TestProcrustes:
    def test_scipys(self) -> None:
        np.testing.assert_allclose(procrustes(X, Y), MADE["procrustes"], rtol=1e-12, atol=1e-13)

    @pytest.mark.parametrize("reflected", [1.0, -1.0])
    def test_finds_a_rotation_and_a_reflection(self, reflected: float) -> None:
        W = rotation(4, 0)
        W[0] *= reflected
        np.testing.assert_allclose(procrustes(X, X @ W.T), W, atol=1e-13)

    def test_refuses(self) -> None:
        for other in (Y[:5], Y[:, :3], Y[:, :3].T):
            with pytest.raises(ValueError, match="rows of shapes"):
                procrustes(X, other)


def test_orthogonalize_keeps_rotations_and_comes_nearer_to_them() -> None:
    W = rotation(4, 1)
    np.testing.assert_allclose(orthogonalize(W), W, atol=1e-15)
    far = W + 0.1 * rng(2).normal(size=(4, 4))
    distances = []
    for _ in range(5):
        distances.append(np.linalg.norm(far.T @ far - np.eye(4)))
        far = orthogonalize(far, 0.3)
    assert np.all(np.diff(distances) < 0)


class TestCsls:
    @pytest.mark.parametrize("k", [1, 3, 5])
    def test_the_definition(self, k: int) -> None:
        few = Y[:5]
        cosines = [[x @ y / np.sqrt((x @ x) * (y @ y)) for y in few] for x in X]
        found = csls(X, few, k)
        for i, j in np.ndindex(8, 5):
            of_x = sum(sorted(cosines[i])[-k:]) / k
            of_y = sum(sorted(row[j] for row in cosines)[-k:]) / k
            assert found[i, j] == pytest.approx(2 * cosines[i][j] - of_x - of_y, abs=1e-14)

    @pytest.mark.parametrize("k", [0, 6, 8, -1])
    def test_refuses(self, k: int) -> None:
        for pair in ((X, Y[:5]), (Y[:5], X)):
            with pytest.raises(ValueError, match="neighbours among"):
                csls(*pair, k)


def test_mutual_nearest_neighbours_by_hand() -> None:
    S = np.array([[0.9, 0.8, 0.0], [0.95, 0.1, 0.2], [0.0, 0.3, 0.3], [0.1, 0.0, 0.3]])
    assert mutual_nearest_neighbours(S).tolist() == [[1, 0]]
    S[2, 1] = 0.81
    assert mutual_nearest_neighbours(S).tolist() == [[1, 0], [2, 1]]
    assert mutual_nearest_neighbours(S.T).tolist() == [[0, 1], [1, 2]]
    assert mutual_nearest_neighbours(np.zeros((3, 4))).tolist() == [[0, 0]]


class TestRefine:
    def test_is_procrustes_of_mutual_neighbours(self) -> None:
        W = rotation(4, 3)
        pairs = mutual_nearest_neighbours(csls(X @ W.T, Y, 2))
        expected = procrustes(X[pairs[:, 0]], Y[pairs[:, 1]])
        np.testing.assert_array_equal(refine(X, Y, W, 2), expected)

    def test_goes_from_nearly_right_to_right(self) -> None:
        """The second cloud is the first one, turned and shuffled, with a little noise."""
        cloud, W = rng(4).normal(size=(60, 5)), rotation(5, 5)
        other = rng(6).permutation(cloud @ W.T + 0.01 * rng(7).normal(size=(60, 5)))
        turned = W + 0.25 * rng(8).normal(size=(5, 5))
        for _ in range(3):
            turned = refine(cloud, other, turned, 5)
        np.testing.assert_allclose(turned, W, atol=0.01)
