"""reference.skipgram: windows by hand, the loss against scipy's, gradients against central differences, training."""

from typing import Any

import numpy as np
import pytest

from reference.skipgram import (
    build_vocabulary,
    encode,
    negative_sampling_gradients,
    negative_sampling_loss,
    sample_negatives,
    sampling_distribution,
    skipgram_pairs,
    train_skipgram,
)
from tests.reference.differences import differences
from tests.reference.made import made
from tests.reference.words import rng

MADE = made("scipy_words")
U, V = np.array(MADE["U"]), np.array(MADE["V"])
IDS = (np.array(MADE["centers"]), np.array(MADE["contexts"]), np.array(MADE["negatives"]))


class TestVocabulary:
    def test_scikit_learns_counts(self) -> None:
        words, counts = build_vocabulary(MADE["sentences"])
        assert dict(zip(words, counts.tolist(), strict=True)) == MADE["counts"]
        assert words == sorted(words, key=lambda word: (-MADE["counts"][word], word))

    def test_rare_words_are_left_out(self) -> None:
        words, counts = build_vocabulary([["b", "a", "B"], ["a", "b", "c", "a"]], min_count=2)
        assert (words, counts.tolist()) == (["a", "b"], [3, 2])

    @pytest.mark.parametrize(("sentences", "min_count"), [([], 1), ([[]], 1), ([["a", "b", "a"]], 3)])
    def test_refuses_to_be_empty(self, sentences: Any, min_count: int) -> None:
        with pytest.raises(ValueError, match="none of"):
            build_vocabulary(sentences, min_count)

    def test_unknown_words_are_dropped(self) -> None:
        assert encode(["the", "cat", "the", "dog"], ["dog", "the"]).tolist() == [1, 1, 0]
        assert encode(["cat"], ["dog"]).tolist() == encode([], ["dog"]).tolist() == []


class TestPairs:
    def test_by_hand(self) -> None:
        found = skipgram_pairs([[7, 8, 9], [], [4], [5, 5]], 1)
        assert found.tolist() == [[7, 8], [8, 7], [8, 9], [9, 8], [5, 5], [5, 5]]

    @pytest.mark.parametrize("window", [1, 2, 5])
    def test_the_definition(self, window: int) -> None:
        sentences = [rng(n).integers(4, size=n) for n in range(7)]
        expected = [
            [s[i], s[j]] for s in sentences for i in range(len(s)) for j in range(len(s)) if 0 < abs(i - j) <= window
        ]
        assert skipgram_pairs(sentences, window).tolist() == expected

    def test_none(self) -> None:
        assert skipgram_pairs([[1], []], 2).shape == skipgram_pairs([], 2).shape == (0, 2)
        assert skipgram_pairs([], 2).dtype == int

    @pytest.mark.parametrize("window", [0, -1])
    def test_refuses(self, window: int) -> None:
        with pytest.raises(ValueError, match="a window of"):
            skipgram_pairs([[1, 2]], window)


class TestSampling:
    def test_by_hand(self) -> None:
        np.testing.assert_allclose(sampling_distribution(np.array([16, 0, 81])), np.array([8, 0, 27]) / 35, rtol=1e-15)
        assert sampling_distribution(np.array([5, 0, 15]), 1.0).tolist() == [0.25, 0.0, 0.75]
        assert sampling_distribution(np.array([5, 0, 15]), 0.0).tolist() == [0.5, 0.0, 0.5]

    @pytest.mark.parametrize("counts", [[0, 0], [3, -1], []])
    def test_refuses(self, counts: list[int]) -> None:
        with pytest.raises(ValueError, match="counts are not negative"):
            sampling_distribution(np.array(counts))

    def test_draws_as_agreed(self) -> None:
        p = np.array([0.2, 0.0, 0.8])
        assert np.array_equal(sample_negatives(p, (50, 3), rng()), rng().choice(3, size=(50, 3), p=p))


class TestLoss:
    def test_scipys(self) -> None:
        assert negative_sampling_loss(U, V, *IDS) == pytest.approx(MADE["loss"], rel=1e-13)

    def test_exact_far_from_0(self) -> None:
        big = np.array([[1000.0], [-1000.0]]), np.array([[1.0], [-1.0]])
        for center, context in np.ndindex(2, 2):
            pair = np.array([center]), np.array([context])
            same = center == context
            # one right negative and one wrong one, whatever the centre
            assert negative_sampling_loss(*big, *pair, np.array([[0, 1]])) == (1000.0 if same else 2000.0)
            dU, dV = negative_sampling_gradients(*big, *pair, np.array([[center]]))
            assert dU[center, 0] == big[1][center, 0] * 1.0 - (0.0 if same else big[1][context, 0])
            assert np.all(np.isfinite(dV))

    @pytest.mark.parametrize("k", [0, 1, 3])
    def test_gradients(self, k: int) -> None:
        ids = (IDS[0], IDS[1], IDS[2][:, :k])
        dU, dV = negative_sampling_gradients(U, V, *ids)
        np.testing.assert_allclose(dU, differences(lambda U: negative_sampling_loss(U, V, *ids), U), atol=1e-9)
        np.testing.assert_allclose(dV, differences(lambda V: negative_sampling_loss(U, V, *ids), V), atol=1e-9)

    def test_repeated_ids_add_up(self) -> None:
        once = negative_sampling_gradients(U, V, np.array([2]), np.array([3]), np.array([[1]]))
        thrice = negative_sampling_gradients(U, V, np.full(3, 2), np.full(3, 3), np.full((3, 1), 1))
        for one, three in zip(once, thrice, strict=True):
            np.testing.assert_allclose(one, three, rtol=1e-13)


class TestTraining:
    def test_words_of_the_same_company_become_alike(self) -> None:
        """Two topics of five words each: all words of a topic are nearer to each other than to any other word."""
        sentences = [rng(i).integers(5, size=4) + 5 * (i % 2) for i in range(60)]
        U, V = train_skipgram(sentences, 10, 4, 2, 3, 10, 0.2, rng())
        assert U.shape == V.shape == (10, 4)
        unit = U / np.linalg.norm(U, axis=1, keepdims=True)
        cosines = unit @ unit.T
        assert np.min(cosines[:5, :5]) > np.max(cosines[:5, 5:])
        assert np.min(cosines[5:, 5:]) > np.max(cosines[5:, :5])

    def test_the_same_draws_give_the_same_vectors(self) -> None:
        one, other = (train_skipgram([[0, 1, 2], [2, 0]], 4, 3, 2, 2, 3, 0.1, rng(1)) for _ in range(2))
        assert np.array_equal(one, other)
