"""reference.optim: optimisers against torch's own numbers, iterates against closed forms, dropout against its mean."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import reference.optim as optim
from reference.optim import (
    SGD,
    Adam,
    AdamW,
    Optimizer,
    dropout,
    follow,
    gradient_descent,
    minibatches,
    newton,
    rosenbrock,
    rosenbrock_gradient,
    rosenbrock_hessian,
)
from tests.reference.made import made

RUNS = made("torch_optim")["runs"]
A = np.array([[3.0, 1.0], [1.0, 2.0]])
B = np.array([1.0, -1.0])
MINIMUM = np.linalg.solve(A, B)


def slope(x: np.ndarray) -> np.ndarray:
    """The gradient of x^T A x / 2 - B^T x."""
    return A @ x - B


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


class TestTorch:
    """To 1e-12, after each step, with the gradients that torch was given (make_torch_optim.py)."""

    @pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run['optimizer']}-{run['options']}")
    def test_same_values(self, run: dict[str, Any]) -> None:
        params = [np.array(p) for p in run["start"]]
        optimizer = getattr(optim, run["optimizer"])(params, **run["options"])
        for grads, after in zip(run["grads"], run["after"], strict=True):
            assert optimizer.step([np.array(g) for g in grads]) is None
            for p, expected in zip(params, after, strict=True):
                np.testing.assert_allclose(p, np.array(expected), rtol=1e-12, atol=1e-12)

    def test_every_optimiser_is_there(self) -> None:
        assert {run["optimizer"] for run in RUNS} == {"SGD", "Adam", "AdamW"}


class TestGradientDescent:
    def test_follows_the_closed_form_on_a_quadratic(self) -> None:
        x0 = np.array([2.0, -3.0])
        iterates = gradient_descent(slope, x0, 0.2, 10)
        assert iterates.shape == (11, 2)
        for k, x in enumerate(iterates):
            expected = MINIMUM + np.linalg.matrix_power(np.eye(2) - 0.2 * A, k) @ (x0 - MINIMUM)
            np.testing.assert_allclose(x, expected, rtol=1e-12, atol=1e-12)

    def test_step_sizes_up_to_2_over_L_converge(self) -> None:
        largest = np.linalg.eigvalsh(A)[-1]
        start = np.array([1.0, 1.0])
        assert np.allclose(gradient_descent(slope, start, 1.98 / largest, 3000)[-1], MINIMUM)
        assert np.linalg.norm(gradient_descent(slope, start, 2.02 / largest, 3000)[-1]) > 1e6

    def test_no_steps(self) -> None:
        np.testing.assert_array_equal(gradient_descent(slope, B, 0.1, 0), [B])

    def test_leaves_x0_alone_even_if_of_integers(self) -> None:
        x0 = np.array([2, 3])
        assert gradient_descent(slope, x0, 0.1, 3)[1] == pytest.approx([1.2, 2.1])
        np.testing.assert_array_equal(x0, [2, 3])

    @pytest.mark.parametrize(("x0", "steps"), [(np.zeros((2, 2)), 1), (np.zeros(2), -1)])
    @pytest.mark.parametrize("method", [gradient_descent, newton])
    def test_refuses(self, method: Callable[..., Any], x0: np.ndarray, steps: int) -> None:
        with pytest.raises(ValueError, match="x0 of shape"):
            method(slope, lambda x: A, x0, steps)


class TestNewton:
    def test_one_step_on_a_quadratic(self) -> None:
        iterates = newton(slope, lambda x: A, np.array([5.0, 7.0]), 2)
        assert iterates.shape == (3, 2)
        np.testing.assert_allclose(iterates[1:], [MINIMUM, MINIMUM], rtol=1e-12)

    def test_reaches_the_end_of_the_valley_in_a_few_steps(self) -> None:
        iterates = newton(rosenbrock_gradient, rosenbrock_hessian, np.array([-1.2, 1.0]), 8)
        np.testing.assert_allclose(iterates[-1], [1.0, 1.0], rtol=1e-12)

    def test_digits_double(self) -> None:
        """Square convergence, on x log x - x whose minimum is 1."""
        x = newton(np.log, lambda x: np.diag(1 / x), np.array([0.5]), 4)[:, 0]
        errors = np.abs(x - 1)
        np.testing.assert_allclose(errors[2:4], errors[1:3] ** 2 / 2, rtol=0.2)


class TestRosenbrock:
    @pytest.mark.parametrize("x", [np.array([-1.2, 1.0]), np.array([0.3, 0.7])])
    def test_derivatives_by_differences(self, x: np.ndarray) -> None:
        h = 1e-6
        shifts = h * np.eye(2)
        first = [(rosenbrock(x + s) - rosenbrock(x - s)) / (2 * h) for s in shifts]
        second = [(rosenbrock_gradient(x + s) - rosenbrock_gradient(x - s)) / (2 * h) for s in shifts]
        np.testing.assert_allclose(rosenbrock_gradient(x), first, rtol=1e-7)
        np.testing.assert_allclose(rosenbrock_hessian(x), second, rtol=1e-7)

    def test_paths_are_drawn(self) -> None:
        class Axes:
            drawn: list[str]

            def __init__(self) -> None:
                self.drawn = []

            def __getattr__(self, name: str) -> Callable[..., None]:
                return lambda *args, **options: self.drawn.append(options.get("label", name))

        axes = Axes()
        x = np.array([-1.2, 1.0])
        path = follow(SGD([x], lr=1e-3, momentum=0.9), rosenbrock_gradient, x, 2000)
        assert path.shape == (2001, 2)
        np.testing.assert_array_equal(path[[0, -1]], [[-1.2, 1.0], x])
        assert rosenbrock(x) < 1e-6
        optim.draw_paths(axes, rosenbrock, {"momentum": path})
        assert axes.drawn == ["contour", "momentum", "set_xlim", "set_ylim", "legend"]


class TestMinibatches:
    @pytest.mark.parametrize(("n", "size", "sizes"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 5, [3]), (0, 2, [])])
    def test_partitions(self, n: int, size: int, sizes: list[int]) -> None:
        batches = minibatches(n, size, rng())
        assert [len(batch) for batch in batches] == sizes
        assert sorted(np.concatenate([*batches, []])) == list(range(n))

    def test_shuffles_with_its_rng_alone(self) -> None:
        first, again = minibatches(100, 100, rng()), minibatches(100, 100, rng())
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first[0], np.arange(100))
        generator = rng()
        assert not np.array_equal(minibatches(100, 100, generator), minibatches(100, 100, generator))

    def test_refuses_empty_batches(self) -> None:
        with pytest.raises(ValueError, match="batches of 0"):
            minibatches(3, 0, rng())


class TestOptimizers:
    @pytest.mark.parametrize(
        "make",
        [
            lambda params: SGD(params, 0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
            lambda params: Adam(params, weight_decay=0.1),
            lambda params: AdamW(params),
        ],
    )
    def test_write_into_params_and_not_into_grads(self, make: Callable[[list[np.ndarray]], Optimizer]) -> None:
        params = [rng().normal(size=(2, 3)), rng().normal(size=3)]
        before = [p.copy() for p in params]
        optimizer = make(params)
        grads = [np.ones((2, 3)), np.ones(3)]
        optimizer.step(grads)
        optimizer.step(grads)
        assert all(np.all(p < b) for p, b in zip(params, before, strict=True))
        assert all(np.all(g == 1) for g in grads)

    def test_adam_begins_with_steps_of_lr_whatever_the_scale(self) -> None:
        p = np.zeros(3)
        Adam([p], lr=0.25).step([np.array([1e3, -1.0, 1e-3])])
        np.testing.assert_allclose(p, [-0.25, 0.25, -0.25], rtol=1e-4)

    def test_nesterov_needs_momentum(self) -> None:
        with pytest.raises(ValueError, match="momentum"):
            SGD([np.zeros(2)], 0.1, nesterov=True)

    @pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
    @pytest.mark.parametrize("grads", [[], [np.zeros(3)]])
    def test_gradients_must_match(self, kind: Callable[..., Optimizer], grads: list[np.ndarray]) -> None:
        with pytest.raises(ValueError, match="shapes"):
            kind([np.zeros(2)], lr=0.1).step(grads)

    def test_a_step_is_to_be_written(self) -> None:
        with pytest.raises(NotImplementedError, match="Optimizer"):
            Optimizer([]).step([])


class TestDropout:
    @pytest.mark.parametrize("p", [0.0, 0.2, 0.9])
    def test_keeps_the_mean(self, p: float) -> None:
        y = dropout(np.ones(100_000), p, rng())
        assert np.mean(y == 0) == pytest.approx(p, abs=0.01)
        assert np.mean(y) == pytest.approx(1.0, abs=0.03)
        np.testing.assert_allclose(y[y != 0], 1 / (1 - p), rtol=1e-14)

    def test_keeps_where_the_draw_is_at_least_p(self) -> None:
        x = np.full((4, 5), 2.0)
        np.testing.assert_array_equal(dropout(x, 0.3, rng()) != 0, rng().random((4, 5)) >= 0.3)
        np.testing.assert_array_equal(x, 2.0)

    def test_does_nothing_at_test_time(self) -> None:
        x = rng().normal(size=(3, 3))
        y = dropout(x, 0.5, rng(), training=False)
        np.testing.assert_array_equal(y, x)
        assert not np.shares_memory(x, y)

    @pytest.mark.parametrize("p", [-0.1, 1.0, float("nan")])
    def test_refuses(self, p: float) -> None:
        with warnings.catch_warnings(), pytest.raises(ValueError, match="probability"):
            dropout(np.ones(2), p, rng())
