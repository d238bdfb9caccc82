"""reference.adversarial: losses, gradients and steps against torch's, and the theory's optimum against all others."""

import warnings
from typing import Any

import numpy as np
import pytest

from reference.adversarial import (
    discriminator_gradient,
    discriminator_loss,
    gan_step,
    gan_value,
    generator_gradient,
    generator_loss,
    optimal_discriminator,
)
from tests.reference.differences import differences
from tests.reference.made import made

MADE = made("torch_generating")
LOSSES, STEPS = MADE["losses"], MADE["gan_steps"]
REAL, FAKE = np.array(LOSSES["real"]), np.array(LOSSES["fake"])
KINDS = ["minimax", "non_saturating"]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestLosses:
    def test_the_discriminators_are_torchs(self) -> None:
        assert discriminator_loss(REAL, FAKE) == pytest.approx(LOSSES["discriminator"]["loss"], rel=1e-14)
        for found, expected in zip(
            discriminator_gradient(REAL, FAKE), LOSSES["discriminator"]["gradient"], strict=True
        ):
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_generators_are_torchs(self, kind: str) -> None:
        assert generator_loss(FAKE, kind) == pytest.approx(LOSSES[kind]["loss"], rel=1e-14)
        np.testing.assert_allclose(generator_gradient(FAKE, kind), LOSSES[kind]["gradient"], rtol=1e-12, atol=1e-15)

    @pytest.mark.parametrize("kind", KINDS)
    def test_gradients_are_central_differences(self, kind: str) -> None:
        real, fake = rng().normal(size=5), rng(1).normal(size=3)
        by_real, by_fake = discriminator_gradient(real, fake)
        np.testing.assert_allclose(by_real, differences(lambda real: discriminator_loss(real, fake), real), atol=1e-9)
        np.testing.assert_allclose(by_fake, differences(lambda fake: discriminator_loss(real, fake), fake), atol=1e-9)
        expected = differences(lambda fake: generator_loss(fake, kind), fake)
        np.testing.assert_allclose(generator_gradient(fake, kind), expected, atol=1e-9)

    @pytest.mark.parametrize("logit", [-1000.0, 1000.0])
    def test_no_warning_far_away(self, logit: float) -> None:
        far = np.full(3, logit)
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            assert discriminator_loss(far, far) == 1000.0
            assert generator_loss(far, "minimax") == -max(logit, 0.0)
            assert generator_loss(far, "non_saturating") == max(-logit, 0.0)
            sure = float(logit > 0)
            assert discriminator_gradient(far, far)[0].tolist() == [-(1 - sure) / 3] * 3
            assert generator_gradient(far, "minimax").tolist() == [-sure / 3] * 3

    def test_refuses(self) -> None:
        none, some = np.zeros(0), np.zeros(2)
        for function in (discriminator_loss, discriminator_gradient):
            for logits in ((none, some), (some, none)):
                with pytest.raises(ValueError, match="no logit"):
                    function(*logits)
        for function in (generator_loss, generator_gradient):
            with pytest.raises(ValueError, match="no logit"):
                function(none, "minimax")
            with pytest.raises(ValueError, match="of kind 'least_squares'"):
                function(some, "least_squares")


class TestOptimum:
    def test_is_the_share_of_the_data(self) -> None:
        p, q = rng().uniform(size=5), rng(1).uniform(size=5)
        np.testing.assert_allclose(optimal_discriminator(np.log(p), np.log(q)), p / (p + q), rtol=1e-13)

    def test_far_and_nowhere(self) -> None:
        log_p = np.array([-2000.0, -2000.0, -np.inf, -3.0, -np.inf, 900.0])
        log_q = np.array([-2001.0, -5000.0, -3.0, -np.inf, -np.inf, 900.0])
        with warnings.catch_warnings(action="error"):
            found = optimal_discriminator(log_p, log_q)
        np.testing.assert_allclose(found, [1 / (1 + np.exp(-1)), 1.0, 0.0, 1.0, 0.5, 0.5], rtol=1e-14)

    def test_no_other_discriminator_has_a_larger_value(self) -> None:
        p, q = rng().dirichlet(np.ones(4), size=2)
        best = optimal_discriminator(np.log(p), np.log(q))
        for scale in (0.0, 0.01, 0.1, -0.05):
            D = np.clip(best + scale * rng(2).normal(size=4), 1e-6, 1 - 1e-6)
            assert p @ np.log(D) + q @ np.log(1 - D) <= gan_value(p, q) + 1e-14

    def test_value_is_torchs_and_smallest_where_both_agree(self) -> None:
        made = MADE["gan_value"]
        p, q = np.array(made["p"]), np.array(made["q"])
        assert gan_value(p, q) == pytest.approx(made["value"], rel=1e-13)
        assert gan_value(p, p) == pytest.approx(-np.log(4), rel=1e-14)
        assert gan_value(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 0.0

    @pytest.mark.parametrize("q", [[0.5, 0.4], [0.5, 0.5 + 3e-9], [1.5, -0.5], [0.5, 0.25, 0.25]])
    def test_refuses(self, q: list[float]) -> None:
        for pair in (([0.5, 0.5], q), (q, [0.5, 0.5])):
            with pytest.raises(ValueError, match="probabilities"):
                gan_value(*map(np.array, pair))
        with pytest.raises(ValueError, match="log densities"):
            optimal_discriminator(np.zeros(2), np.zeros(3))


class TestStep:
    def test_three_are_torchs(self) -> None:
        params: Any = np.array(STEPS["params"])
        before = params.copy()
        for expected in STEPS["after"]:
            after = gan_step(params, np.array(STEPS["x"]), np.array(STEPS["z"]), STEPS["lr"])
            np.testing.assert_allclose(after, expected, rtol=1e-12)
            params = after
        assert np.array_equal(before, STEPS["params"])

    def test_the_generator_circles_around_the_data(self) -> None:
        """Two players that follow their gradients need not meet (Mescheder et al., 2018): b crosses the mean often."""
        params, draws = np.array([1.0, 0.0, 0.0, 0.0]), rng()
        b = []
        for _ in range(4000):
            params = gan_step(params, 3 + draws.normal(size=100), draws.normal(size=100), 0.1)
            b.append(params[1])
        assert np.sum(np.diff(np.sign(np.array(b) - 3)) != 0) >= 2
