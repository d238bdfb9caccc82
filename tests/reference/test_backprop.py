"""reference.backprop: gradients against central differences, values against closed forms, and networks that learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.datasets import make_moons

from reference.backprop import (
    CrossEntropyLoss,
    Linear,
    Module,
    ReLU,
    Sequential,
    SquaredLoss,
    fit,
    mlp,
    n_params,
    predict,
    softmax,
)
from tests.reference.differences import differences

ROWS = [1, 2, 7]
BATCHES = arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 6)), elements=st.floats(-50, 50))


def error(gradient: np.ndarray, expected: np.ndarray) -> float:
    """The relative error of a gradient, in norm."""
    assert gradient.shape == expected.shape
    return float(np.linalg.norm(gradient - expected) / np.linalg.norm(expected))


def away_from_zero(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers of both signs at which a ReLU has a derivative."""
    return rng.uniform(0.1, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)


class TestSoftmax:
    def test_is_what_the_formula_says(self) -> None:
        assert softmax([0.0, np.log(3.0)]) == pytest.approx([0.25, 0.75])

    @given(BATCHES)
    def test_rows_are_probabilities(self, logits: np.ndarray) -> None:
        probabilities = softmax(logits)
        assert probabilities.shape == logits.shape
        assert np.all(probabilities > 0)
        np.testing.assert_allclose(probabilities.sum(axis=-1), 1.0, rtol=1e-12)

    @given(BATCHES, st.floats(-50, 50))
    def test_a_constant_changes_nothing(self, logits: np.ndarray, constant: float) -> None:
        np.testing.assert_allclose(softmax(logits + constant), softmax(logits), rtol=1e-10)

    def test_survives_1000(self) -> None:
        np.testing.assert_array_equal(softmax([[1000.0, 0.0], [-1000.0, 0.0]]), [[1.0, 0.0], [0.0, 1.0]])
        np.testing.assert_allclose(softmax([-1000.0, -1000.0 + np.log(3.0)]), [0.25, 0.75], rtol=1e-12)

    def test_takes_lists_and_leaves_arrays_alone(self) -> None:
        logits = np.array([[1, 2], [3, 5]])
        np.testing.assert_allclose(softmax([[1, 2], [3, 5]]), softmax(logits))
        np.testing.assert_array_equal(logits, [[1, 2], [3, 5]])

    def test_runs_over_the_last_axis(self, rng: np.random.Generator) -> None:
        logits = rng.normal(size=(2, 3, 4))
        np.testing.assert_allclose(softmax(logits)[1, 2], softmax(logits[1, 2]))

    @pytest.mark.parametrize("nothing", [3.0, [], [[], []]])
    def test_refuses_nothing(self, nothing: object) -> None:
        with pytest.raises(ValueError, match="at least one score"):
            softmax(nothing)


class TestModule:
    def test_calling_is_forward(self, rng: np.random.Generator) -> None:
        layer, x = Linear(3, 2, rng), rng.normal(size=(4, 3))
        np.testing.assert_array_equal(layer(x), layer.forward(x))
        logits, y = rng.normal(size=(4, 3)), np.array([0, 2, 1, 1])
        assert CrossEntropyLoss()(logits, y) == CrossEntropyLoss().forward(logits, y)

    def test_says_what_is_not_there(self) -> None:
        with pytest.raises(NotImplementedError, match=r"Module\.forward"):
            Module()(1.0)
        with pytest.raises(NotImplementedError, match=r"Module\.backward"):
            Module().backward(1.0)


class TestLinear:
    def test_starts_with_small_different_weights(self, rng: np.random.Generator) -> None:
        layer = Linear(400, 50, rng)
        assert layer.W.shape == layer.grad_W.shape == (50, 400)
        assert layer.b.shape == layer.grad_b.shape == (50,)
        assert np.std(layer.W) == pytest.approx(np.sqrt(2 / 400), rel=0.05)
        assert len(np.unique(layer.W)) == layer.W.size
        assert not layer.b.any()

    def test_draws_from_the_rng_alone(self) -> None:
        np.testing.assert_array_equal(
            Linear(3, 2, np.random.default_rng(5)).W, Linear(3, 2, np.random.default_rng(5)).W
        )

    def test_forward_by_hand(self, rng: np.random.Generator) -> None:
        layer = Linear(2, 3, rng)
        layer.W, layer.b = np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 1.0]]), np.array([0.0, 10.0, 100.0])
        np.testing.assert_array_equal(layer.forward(np.array([[1.0, 1.0], [2.0, 0.0]])), [[3, 11, 100], [2, 10, 98]])

    @pytest.mark.parametrize("n", ROWS)
    @pytest.mark.parametrize(("dim_in", "dim_out"), [(3, 2), (4, 4), (1, 5), (5, 1)])
    def test_gradients(self, n: int, dim_in: int, dim_out: int, rng: np.random.Generator) -> None:
        layer, x, grad = Linear(dim_in, dim_out, rng), rng.normal(size=(n, dim_in)), rng.normal(size=(n, dim_out))
        W, b = layer.W, rng.normal(size=dim_out)

        def loss(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> float:
            layer.W, layer.b = W, b
            return float(np.sum(grad * layer.forward(x)))

        loss(x, W, b)
        grad_x = layer.backward(grad)
        assert error(grad_x, differences(lambda x: loss(x, W, b), x)) < 1e-6
        assert error(layer.grad_W, differences(lambda W: loss(x, W, b), W)) < 1e-6
        assert error(layer.grad_b, differences(lambda b: loss(x, W, b), b)) < 1e-6

    def test_backward_stores_and_does_not_add_up(self, rng: np.random.Generator) -> None:
        layer, x, grad = Linear(3, 2, rng), rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
        layer.forward(x)
        layer.backward(grad)
        first = layer.grad_W, layer.grad_b
        layer.backward(grad)
        np.testing.assert_array_equal(layer.grad_W, first[0])
        np.testing.assert_array_equal(layer.grad_b, first[1])

    def test_step_goes_down(self, rng: np.random.Generator) -> None:
        layer = Linear(2, 1, rng)
        layer.W, layer.b = np.array([[1.0, 2.0]]), np.array([3.0])
        layer.grad_W, layer.grad_b = np.array([[10.0, -10.0]]), np.array([1.0])
        layer.step(0.1)
        np.testing.assert_allclose(layer.W, [[0.0, 3.0]], atol=1e-15)
        np.testing.assert_allclose(layer.b, [2.9])

    def test_refuses_other_dimensions(self, rng: np.random.Generator) -> None:
        layer = Linear(3, 2, rng)
        for x in (np.zeros((4, 2)), np.zeros(3)):
            with pytest.raises(ValueError, match="takes inputs of shape"):
                layer.forward(x)
        layer.forward(np.zeros((4, 3)))
        with pytest.raises(ValueError, match="their gradient"):
            layer.backward(np.zeros((4, 3)))


class TestReLU:
    def test_forward_by_hand(self) -> None:
        x = np.array([[-1.0, 0.0, 2.0]])
        np.testing.assert_array_equal(ReLU().forward(x), [[0.0, 0.0, 2.0]])
        np.testing.assert_array_equal(x, [[-1.0, 0.0, 2.0]])

    @pytest.mark.parametrize("n", ROWS)
    def test_gradient(self, n: int, rng: np.random.Generator) -> None:
        relu, x, grad = ReLU(), away_from_zero(rng, n, 5), rng.normal(size=(n, 5))
        relu.forward(x)
        expected = differences(lambda x: float(np.sum(grad * ReLU().forward(x))), x)
        assert error(relu.backward(grad), expected) < 1e-6

    def test_gradient_at_zero_is_zero(self) -> None:
        relu = ReLU()
        relu.forward(np.array([[0.0, -0.0, 1.0]]))
        np.testing.assert_array_equal(relu.backward(np.array([[5.0, 5.0, -5.0]])), [[0.0, 0.0, -5.0]])

    def test_has_nothing_to_move(self) -> None:
        relu = ReLU()
        relu.forward(np.ones((2, 2)))
        relu.step(0.1)
        with pytest.raises(ValueError, match="their gradient"):
            relu.backward(np.ones((2, 3)))


class TestSquaredLoss:
    def test_sums_over_outputs_and_averages_over_the_batch(self) -> None:
        assert SquaredLoss().forward(np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 1.0]])) == 3.0

    @pytest.mark.parametrize("n", ROWS)
    def test_gradient(self, n: int, rng: np.random.Generator) -> None:
        loss, outputs, y = SquaredLoss(), rng.normal(size=(n, 3)), rng.normal(size=(n, 3))
        loss.forward(outputs, y)
        assert error(loss.backward(), differences(lambda o: SquaredLoss().forward(o, y), outputs)) < 1e-6

    def test_refuses_other_shapes(self) -> None:
        with pytest.raises(ValueError, match="targets of shape"):
            SquaredLoss().forward(np.zeros((3, 1)), np.zeros(3))


class TestCrossEntropyLoss:
    def test_by_hand(self) -> None:
        logits = np.log([[1.0, 3.0], [1.0, 1.0]])
        assert CrossEntropyLoss().forward(logits, np.array([1, 0])) == pytest.approx((np.log(4 / 3) + np.log(2)) / 2)

    @given(BATCHES, st.data())
    def test_is_minus_the_mean_log_probability(self, logits: np.ndarray, data: st.DataObject) -> None:
        y = data.draw(arrays(int, len(logits), elements=st.integers(0, logits.shape[1] - 1)))
        expected = -np.mean(np.log(softmax(logits)[np.arange(len(y)), y]))
        assert CrossEntropyLoss().forward(logits, y) == pytest.approx(expected, rel=1e-9, abs=1e-12)

    def test_survives_1000(self) -> None:
        loss, logits = CrossEntropyLoss(), np.array([[1000.0, 0.0], [-1000.0, 1000.0]])
        assert loss.forward(logits, np.array([1, 0])) == 1500.0
        np.testing.assert_allclose(loss.backward(), [[0.5, -0.5], [-0.5, 0.5]])

    @pytest.mark.parametrize("n", ROWS)
    def test_gradient(self, n: int, rng: np.random.Generator) -> None:
        loss, logits, y = CrossEntropyLoss(), rng.normal(size=(n, 4)), rng.integers(0, 4, size=n)
        loss.forward(logits, y)
        grad = loss.backward()
        assert error(grad, differences(lambda z: CrossEntropyLoss().forward(z, y), logits)) < 1e-6
        np.testing.assert_allclose(grad.sum(axis=1), 0.0, atol=1e-15)

    def test_one_class_costs_nothing(self) -> None:
        loss = CrossEntropyLoss()
        assert loss.forward(np.array([[3.0], [-2.0]]), np.array([0, 0])) == 0.0
        np.testing.assert_array_equal(loss.backward(), [[0.0], [0.0]])

    @pytest.mark.parametrize(
        ("y", "message"),
        [([0], "class for each row"), ([[0], [1]], "each row"), ([0, 3], "from 0 to 2"), ([-1, 0], "0")],
    )
    def test_refuses_other_classes(self, y: list[int], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            CrossEntropyLoss().forward(np.zeros((2, 3)), np.array(y))


class TestSequential:
    def test_gradient_through_a_network_and_a_loss(self, rng: np.random.Generator) -> None:
        model, loss = mlp([3, 4, 4, 2], rng), CrossEntropyLoss()
        x, y = rng.normal(size=(6, 3)), rng.integers(0, 2, size=6)

        def value(x: np.ndarray) -> float:
            return loss.forward(model.forward(x), y)

        value(x)
        assert error(model.backward(loss.backward()), differences(value, x)) < 1e-6
        for layer in model.layers[::2]:
            assert isinstance(layer, Linear)

            def value_at(W: np.ndarray, layer: Linear = layer) -> float:
                layer.W = W
                return value(x)

            W = layer.W
            assert error(layer.grad_W, differences(value_at, W)) < 1e-6
            layer.W = W

    def test_step_moves_every_layer(self, rng: np.random.Generator) -> None:
        model = mlp([2, 3, 2], rng)
        before = [layer.W for layer in model.layers[::2] if isinstance(layer, Linear)]
        model.forward(np.ones((4, 2)))
        model.backward(np.ones((4, 2)))
        model.step(0.5)
        for layer, W in zip(model.layers[::2], before, strict=True):
            assert isinstance(layer, Linear)
            np.testing.assert_array_equal(layer.W, W - 0.5 * layer.grad_W)

    def test_without_layers_is_the_identity(self) -> None:
        model, x = Sequential([]), np.array([[1.0, 2.0]])
        np.testing.assert_array_equal(model.forward(x), x)
        np.testing.assert_array_equal(model.backward(x), x)


class TestNetworks:
    @given(st.lists(st.integers(1, 20), min_size=2, max_size=5))
    def test_n_params_counts_what_mlp_makes(self, sizes: list[int]) -> None:
        layers = [layer for layer in mlp(sizes, np.random.default_rng(0)).layers if isinstance(layer, Linear)]
        assert n_params(sizes) == sum(layer.W.size + layer.b.size for layer in layers)

    def test_mlp_has_a_relu_between_layers_and_none_at_the_end(self, rng: np.random.Generator) -> None:
        assert [type(layer) for layer in mlp([5, 4, 3, 2], rng).layers] == [Linear, ReLU, Linear, ReLU, Linear]
        assert [type(layer) for layer in mlp([5, 2], rng).layers] == [Linear]

    @pytest.mark.parametrize("sizes", [[], [3]])
    def test_a_network_has_layers(self, sizes: list[int], rng: np.random.Generator) -> None:
        with pytest.raises(ValueError, match="two sizes"):
            n_params(sizes)
        with pytest.raises(ValueError, match="two sizes"):
            mlp(sizes, rng)

    @pytest.mark.parametrize("batch_size", [16, 1000])
    def test_fit_learns_moons(self, batch_size: int, rng: np.random.Generator) -> None:
        X, y = make_moons(400, noise=0.1, random_state=1)
        model = fit(X[:200], y[:200], sizes=[2, 32, 2], epochs=300, lr=0.5, batch_size=batch_size, rng=rng)
        assert np.mean(predict(model, X[200:]) == y[200:]) > 0.97

    def test_fit_depends_on_the_rng_alone_and_leaves_its_data(self) -> None:
        X, y = make_moons(50, noise=0.1, random_state=1)
        X_before, y_before = X.copy(), y.copy()
        settings = {"sizes": [2, 4, 2], "epochs": 3, "lr": 0.1, "batch_size": 8}
        first = fit(X, y, **settings, rng=np.random.default_rng(3))
        second = fit(X, y, **settings, rng=np.random.default_rng(3))
        np.testing.assert_array_equal(first.forward(X), second.forward(X))
        np.testing.assert_array_equal(X, X_before)
        np.testing.assert_array_equal(y, y_before)

    def test_fit_refuses_what_does_not_fit_together(self, rng: np.random.Generator) -> None:
        for X, y, batch_size in [(np.zeros((3, 2)), np.zeros(2, int), 1), (np.zeros((3, 2)), np.zeros(3, int), 0)]:
            with pytest.raises(ValueError, match="batches of"):
                fit(X, y, sizes=[2, 2], epochs=1, lr=0.1, batch_size=batch_size, rng=rng)

    def test_predict_takes_the_largest_logit(self) -> None:
        np.testing.assert_array_equal(predict(Sequential([]), np.array([[0.0, 2.0, 1.0], [5.0, 0.0, 0.0]])), [1, 0])


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)
