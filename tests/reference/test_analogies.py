"""reference.analogies: cosines and projection against scikit-learn's, ties where every formula is exact."""

import numpy as np
import pytest

from reference.analogies import analogy, cosine_similarity, nearest_words, pca_projection
from tests.reference.made import made
from tests.reference.words import rng, same_up_to_signs

MADE = made("scipy_words")
X, Y = np.array(MADE["X"]), np.array(MADE["Y"])
WORDS = ["man", "woman", "king", "queen", "apple"]
ROWS = np.array([[1.0, 0.0, 0.0], [1.0, 2.0, 0.0], [10.0, 0.0, 10.0], [1.0, 2.0, 1.5], [0.0, -1.0, -3.0]])


class TestCosines:
    def test_scikit_learns(self) -> None:
        np.testing.assert_allclose(cosine_similarity(X, Y), MADE["cosines"], rtol=1e-12, atol=1e-14)

    def test_of_zeros(self) -> None:
        assert cosine_similarity(np.array([[0.0, 0.0], [3.0, 0.0]]), np.array([[2.0, 0.0]])).tolist() == [[0.0], [1.0]]

    def test_refuses(self) -> None:
        with pytest.raises(ValueError, match="rows of 3 and of 1 numbers"):
            cosine_similarity(np.ones((2, 3)), np.ones((2, 1)))


class TestNearest:
    def test_by_hand(self) -> None:
        assert nearest_words(WORDS, ROWS, "king", 4) == ["man", "queen", "woman", "apple"]

    def test_smaller_ids_first_at_ties_and_never_the_word_itself(self) -> None:
        E = np.array([[1.0, 0.0], [0.0, 4.0], [2.0, 0.0], [0.0, -1.0], [4.0, 0.0]])
        assert nearest_words(WORDS, E, "king", 4) == ["man", "apple", "woman", "queen"]
        assert nearest_words(WORDS, E, "apple", 2) == ["man", "king"]

    @pytest.mark.parametrize(("word", "k"), [("pear", 1), ("man", 0), ("man", 5), ("man", -1)])
    def test_refuses(self, word: str, k: int) -> None:
        with pytest.raises(ValueError, match=r"nearest words|not in list"):
            nearest_words(WORDS, ROWS, word, k)


class TestAnalogy:
    def test_by_hand(self) -> None:
        assert analogy(WORDS, ROWS, "woman", "man", "king") == "queen"

    def test_rows_are_scaled_first(self) -> None:
        scaled = ROWS * np.array([[1e3], [1.0], [1e-3], [50.0], [1.0]])
        assert analogy(WORDS, scaled, "woman", "man", "king") == "queen"

    def test_never_one_of_the_three_and_the_smaller_id_at_ties(self) -> None:
        E = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0], [-1.0, 0.0], [0.0, 4.0]])
        assert analogy(WORDS, E, "woman", "man", "man") == "king"
        assert analogy(WORDS, E, "king", "apple", "woman") == "man"  # -queen and man are at 0

    @pytest.mark.parametrize("unknown", range(3))
    def test_refuses(self, unknown: int) -> None:
        asked = ["man", "king", "woman"]
        asked[unknown] = "pear"
        with pytest.raises(ValueError, match="not in list"):
            analogy(WORDS, ROWS, *asked)


class TestProjection:
    def test_scikit_learns(self) -> None:
        same_up_to_signs(pca_projection(X), MADE["projected"])

    def test_signs(self) -> None:
        """The axis itself is found from what the rows of a simplex are sent to."""
        for seed in range(10):
            E = rng(seed).normal(size=(9, 4))
            axes = np.linalg.lstsq(E - E.mean(axis=0), pca_projection(E, 3), rcond=None)[0]
            assert np.all(axes[np.argmax(np.abs(axes), axis=0), np.arange(3)] > 0)
