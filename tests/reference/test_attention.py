"""reference.attention: torch's values and gradients, central differences, masks and large scores."""

from typing import Any

import numpy as np
import pytest

from reference.attention import attention, attention_backward, causal_mask, merge_heads, split_heads
from tests.reference.differences import differences
from tests.reference.torch_attention import MADE

A = MADE["attention"]
Q, K, V, MASK = A["Q"], A["K"], A["V"], A["mask"]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestMask:
    def test_square_and_wide(self) -> None:
        assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]
        assert causal_mask(2, 4).tolist() == [[True, True, True, False], [True] * 4]
        assert causal_mask(2).dtype == bool

    def test_more_queries_than_positions(self) -> None:
        with pytest.raises(ValueError, match="cannot be the last"):
            causal_mask(3, 2)


class TestAttention:
    def test_torchs(self) -> None:
        out, weights = attention(Q, K, V, MASK)
        np.testing.assert_allclose(out, A["out"], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(weights @ V, out, rtol=1e-14)
        np.testing.assert_allclose(weights.sum(axis=-1), 1.0, rtol=1e-14)
        assert np.all(weights[..., ~MASK] == 0)

    def test_no_mask_is_one_of_all(self) -> None:
        for one, other in zip(attention(Q, K, V), attention(Q, K, V, np.ones(6, dtype=bool)), strict=True):
            assert np.array_equal(one, other)

    def test_who_may_attend_to_nothing(self) -> None:
        out, weights = attention(Q, K, V, np.arange(4)[:, None] != 1)
        assert np.all(out[..., 1, :] == 0) and np.all(weights[..., 1, :] == 0)
        np.testing.assert_allclose(out[..., 2, :], attention(Q, K, V)[0][..., 2, :])

    def test_scores_of_a_million(self) -> None:
        q = np.array([[1e3, 0.0], [-1e3, 0.0], [0.0, 0.0]])
        _, weights = attention(q, np.array([[1e3, 5.0], [-1e3, 5.0]]), np.ones((2, 1)))
        assert weights.tolist() == [[1, 0], [0, 1], [0.5, 0.5]]

    @pytest.mark.parametrize(
        "shapes", [((2, 3), (4, 2), (4, 5)), ((2, 3), (4, 3), (3, 5)), ((2, 2, 3), (3, 4, 3), (3, 4, 5))]
    )
    def test_shapes_that_do_not_fit(self, shapes: Any) -> None:
        with pytest.raises(ValueError, match=r"matmul|broadcast"):
            attention(*map(np.ones, shapes))

    @pytest.mark.parametrize("shape", [(2, 6), (4, 5), (5, 4, 6), (1, 2, 3, 4, 6)])
    def test_masks_that_do_not_fit(self, shape: Any) -> None:
        with pytest.raises(ValueError, match=r"broadcast|more dimensions"):
            attention(Q, K, V, np.ones(shape, dtype=bool))


class TestBackward:
    def test_torchs(self) -> None:
        for name, found in zip(("dQ", "dK", "dV"), attention_backward(A["grad"], Q, K, V, MASK), strict=True):
            np.testing.assert_allclose(found, A[name], rtol=1e-11, atol=1e-14)

    @pytest.mark.parametrize("mask", [None, MASK, np.arange(4)[:, None] > 0])
    def test_central_differences(self, mask: Any) -> None:
        found = attention_backward(A["grad"], Q, K, V, mask)
        for i, gradient in enumerate(found):

            def loss(x: np.ndarray, i: int = i) -> float:
                inputs = [Q, K, V]
                inputs[i] = x
                return float(np.sum(A["grad"] * attention(*inputs, mask)[0]))

            np.testing.assert_allclose(gradient, differences(loss, [Q, K, V][i]), rtol=1e-6, atol=1e-9)

    def test_another_shape(self) -> None:
        with pytest.raises(ValueError, match="a gradient of shape"):
            attention_backward(np.ones((4, 2)), Q, K, V)


class TestHeads:
    def test_head_i_has_the_ith_columns(self) -> None:
        x = rng().normal(size=(2, 5, 6))
        heads = split_heads(x, 3)
        assert heads.shape == (2, 3, 5, 2)
        assert np.array_equal(heads[:, 1], x[..., 2:4])
        assert np.array_equal(merge_heads(heads), x)
        assert np.array_equal(merge_heads(split_heads(x[0], 2)), x[0])

    def test_heads_that_do_not_divide(self) -> None:
        with pytest.raises(ValueError, match="4 heads of 6 columns"):
            split_heads(np.ones((5, 6)), 4)
