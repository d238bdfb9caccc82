"""reference.transformer: torch's layer norm, gelu and encoder layer, central differences, and steps with a cache."""

from typing import Any

import numpy as np
import pytest

from reference.transformer import (
    gelu,
    gpt_block,
    gpt_logits,
    gpt_step,
    layer_norm,
    layer_norm_backward,
    sinusoidal_positions,
)
from tests.reference.differences import differences
from tests.reference.torch_attention import MADE

N = MADE["layer_norm"]
SHAPES = dict.fromkeys(("W_q", "W_k", "W_v", "W_o"), (6, 6))
SHAPES |= {"W_1": (9, 6), "b_1": (9,), "W_2": (6, 9), "b_2": (6,)}
SHAPES |= dict.fromkeys(("ln1_gamma", "ln1_beta", "ln2_gamma", "ln2_beta"), (6,))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def drawn_params(draws: np.random.Generator) -> dict[str, Any]:
    blocks = [{name: draws.normal(size=shape) for name, shape in SHAPES.items()} for _ in range(2)]
    return {"E": draws.normal(size=(7, 6)), "blocks": blocks, "lnf_gamma": np.ones(6), "lnf_beta": np.zeros(6)}


class TestLayerNorm:
    def test_torchs(self) -> None:
        np.testing.assert_allclose(layer_norm(N["x"], N["gamma"], N["beta"]), N["out"], rtol=1e-12, atol=1e-14)
        found = layer_norm_backward(N["grad"], N["x"], N["gamma"])
        for name, gradient in zip(("dx", "dgamma", "dbeta"), found, strict=True):
            np.testing.assert_allclose(gradient, N[name], rtol=1e-11, atol=1e-13)

    @pytest.mark.parametrize("eps", [1e-5, 0.5])
    def test_central_differences(self, eps: float) -> None:
        def loss(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> float:
            return float(np.sum(N["grad"] * layer_norm(x, gamma, beta, eps)))

        dx, dgamma, dbeta = layer_norm_backward(N["grad"], N["x"], N["gamma"], eps)
        x, gamma, beta = N["x"], N["gamma"], N["beta"]
        near = {"rtol": 1e-6, "atol": 1e-9}
        np.testing.assert_allclose(dx, differences(lambda x: loss(x, gamma, beta), x), **near)
        np.testing.assert_allclose(dgamma, differences(lambda gamma: loss(x, gamma, beta), gamma), **near)
        np.testing.assert_allclose(dbeta, differences(lambda beta: loss(x, gamma, beta), beta), **near)

    def test_a_constant_row_becomes_beta(self) -> None:
        assert np.array_equal(layer_norm(np.full((1, 6), 3.0), N["gamma"], N["beta"])[0], N["beta"])

    @pytest.mark.parametrize("shape", [(1,), (5,), (3, 6), ()])
    def test_shapes_that_do_not_fit(self, shape: Any) -> None:
        for gamma, beta in ((np.ones(shape), np.ones(6)), (np.ones(6), np.ones(shape))):
            with pytest.raises(ValueError, match="gamma"):
                layer_norm(N["x"], gamma, beta)
        with pytest.raises(ValueError, match="gamma"):
            layer_norm_backward(N["grad"], N["x"], np.ones(shape))
        with pytest.raises(ValueError, match="a gradient"):
            layer_norm_backward(np.ones((3, 6)), N["x"], N["gamma"])


class TestPositions:
    def test_sines_and_cosines(self) -> None:
        found = sinusoidal_positions(5, 4)
        p = np.arange(5)
        np.testing.assert_allclose(found.T, [np.sin(p), np.cos(p), np.sin(p / 100), np.cos(p / 100)], atol=1e-15)

    def test_a_shift_is_a_rotation(self) -> None:
        """What Vaswani et al. like about them: the vectors' products depend on the distance alone."""
        products = sinusoidal_positions(9, 8) @ sinusoidal_positions(9, 8).T
        np.testing.assert_allclose(products[:-1, :-1], products[1:, 1:], rtol=1e-12)

    def test_odd(self) -> None:
        with pytest.raises(ValueError, match="do not fit 3 columns"):
            sinusoidal_positions(2, 3)


class TestGPT:
    def test_gelu_is_torchs(self) -> None:
        np.testing.assert_allclose(gelu(N["x"]), MADE["gelu"], rtol=1e-13)

    def test_block_is_torchs(self) -> None:
        B = MADE["block"]
        np.testing.assert_allclose(gpt_block(B["x"], B["p"], 2), B["out"], rtol=1e-11, atol=1e-12)

    def test_logits_are_made_of_blocks(self) -> None:
        params, ids = drawn_params(rng()), rng(1).integers(7, size=(3, 5))
        x = params["E"][ids] + sinusoidal_positions(5, 6)
        for p in params["blocks"]:
            x = gpt_block(x, p, 3)
        expected = layer_norm(x, np.ones(6), np.zeros(6)) @ params["E"].T
        np.testing.assert_allclose(gpt_logits(ids, params, 3), expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(gpt_logits(ids[1], params, 3), expected[1], rtol=1e-12, atol=1e-12)

    def test_the_future_is_not_seen(self) -> None:
        params = drawn_params(rng())
        whole, part = gpt_logits([1, 2, 3, 4], params, 2), gpt_logits([1, 2], params, 2)
        np.testing.assert_allclose(whole[:2], part, rtol=1e-12, atol=1e-12)

    def test_steps_give_the_same_rows(self) -> None:
        params, ids, cache = drawn_params(rng()), [3, 0, 6, 6, 1], None
        rows, caches = [], []
        for i in ids:
            row, cache = gpt_step(i, cache, params, 2)
            rows.append(row)
            caches.append(cache)
        np.testing.assert_allclose(rows, gpt_logits(ids, params, 2), rtol=1e-12, atol=1e-12)
        assert [[K.shape for K, _ in cache] for cache in caches] == [[(2, t, 3)] * 2 for t in range(1, 6)]
        again, _ = gpt_step(6, caches[1], params, 2)
        assert np.array_equal(again, rows[2])

    @pytest.mark.parametrize("i", [-1, 7])
    def test_ids_outside_of_the_vocabulary(self, i: int) -> None:
        with pytest.raises(ValueError, match="an id outside"):
            gpt_logits([0, i], drawn_params(rng()), 2)
        with pytest.raises(ValueError, match="an id outside"):
            gpt_step(i, None, drawn_params(rng()), 2)
