"""Backpropagation by modules: 31 checks, 10 points.

One mistake is paid once. Layers get their weights from the check; `Sequential` is tried on layers of the check's own;
`step` and repeated `backward` are compared with the student's own gradients. Only training needs everything: what it
asks is so easy that a network which learns at all gets all the points, and one that does not gets none.

An answer computed in float32 passes every check: numbers are of order 1 and compared to 1e-4, and large logits are
multiples of 1/8, which float32 holds exactly.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import make_moons

from grader.authoring import accuracy, check, close, equal, gradient, predicate

DIGITS = Path(__file__).parent / "data" / "digits.npz"


# --- 2.1 softmax ------------------------------------------------------------------------------------------------------


def some_logits(rng):
    return {
        "batch": {"logits": rng.normal(size=(4, 3))},
        "square": {"logits": rng.normal(size=(3, 3))},
        "one_row": {"logits": rng.normal(size=(1, 5))},
        "three_axes": {"logits": rng.normal(size=(2, 3, 4))},
    }


def lists_of_logits(rng):
    return {
        "list": {"logits": rng.normal(size=4).tolist()},
        "list_of_lists": {"logits": rng.normal(size=(2, 3)).tolist()},
        "integers": {"logits": rng.integers(-8, 9, size=(3, 3)).tolist()},
    }


def large_logits(rng):
    small = rng.integers(-16, 17, size=(4, 3)) / 8
    return {
        "all_at_1000": {"logits": 1000.0 + small},
        "all_at_minus_1000": {"logits": -1000.0 + small},
        "far_apart": {"logits": small + np.array([1000.0, 1000.0, -1000.0]) * np.array([[1], [-1], [1], [0]])},
    }


def arrays_of_logits(rng):
    return {
        "floats": {"logits": rng.normal(size=(3, 4))},
        "one_row": {"logits": rng.normal(size=(1, 3))},
    }


@check("2.1", points=0.25, cases=some_logits, compare=close(atol=1e-6))
def softmax_gives_the_probabilities(td, logits):
    """Your softmax gives positive numbers that sum to 1 along the last axis, as the formula says."""
    return td.softmax(logits)


@check("2.1", points=0.25, cases=lists_of_logits, compare=close(atol=1e-6), follows=["softmax_gives_the_probabilities"])
def softmax_takes_lists(td, logits):
    """Your softmax takes a list of numbers, or a list of lists, as well as an array."""
    return td.softmax(logits)


@check("2.1", points=0.25, cases=large_logits, compare=close(atol=1e-6), follows=["softmax_gives_the_probabilities"])
def softmax_survives_large_logits(td, logits):
    """Your softmax neither overflows nor divides by zero at logits of 1000 and of -1000."""
    return td.softmax(logits)


def logits_are_as_before(values, answer):
    if np.shape(answer["probabilities"]) != values["logits"].shape:
        return "softmax returns an array of another shape than the logits"
    same = np.array_equal(answer["logits"], values["logits"])
    return True if same else "after softmax(logits), the array logits holds other numbers than before"


@check(
    "2.1",
    points=0.25,
    cases=arrays_of_logits,
    compare=predicate(logits_are_as_before),
    follows=["softmax_gives_the_probabilities"],
)
def softmax_leaves_its_input_alone(td, logits):
    """Your softmax returns a new array and does not write into the one that it is given."""
    return {"probabilities": td.softmax(logits), "logits": logits}


# --- 2.2 Linear: parameters and forward -------------------------------------------------------------------------------


def layers_and_inputs(rng):
    def values(n, dim_in, dim_out):
        return {
            "W": rng.normal(size=(dim_out, dim_in)),
            "b": rng.normal(size=dim_out),
            "x": rng.normal(size=(n, dim_in)),
        }

    return {
        "batch": values(4, 3, 2),
        "square": values(3, 3, 3),
        "one_row": values(1, 2, 4),
        "one_input_one_output": values(3, 1, 1),
        "a_row_of_zeros": values(2, 3, 2) | {"x": np.array([[0.0] * 3, rng.normal(size=3)])},
    }


def dimensions(rng):
    def values(dim_in, dim_out):
        return {"dim_in": int(dim_in), "dim_out": int(dim_out), "seed": int(rng.integers(1000))}

    return {  # many shapes, so that none is guessed, of few weights: a gradebook keeps them all
        "wide": values(rng.integers(10, 40), rng.integers(2, 9)),
        "tall": values(rng.integers(2, 9), rng.integers(10, 40)),
        "one_output": values(rng.integers(2, 400), 1),
    }


def linear(td, W, b):
    """The student's layer, with the weights of the check."""
    layer = td.Linear(W.shape[1], W.shape[0], np.random.default_rng(0))
    layer.W, layer.b = W.copy(), b.copy()
    return layer


def weights_are_random(values, answer):
    W, b, shape = np.asarray(answer["W"]), np.asarray(answer["b"]), (values["dim_out"], values["dim_in"])
    if W.shape != shape:
        return f"W has shape {W.shape}, it should be (dim_out, dim_in) = {shape}"
    if b.shape != shape[:1]:
        return f"b has shape {b.shape}, it should be (dim_out,) = {shape[:1]}"
    if np.any(b != 0):
        return "b is not 0"
    return True if np.ptp(W) > 0 else "all weights are equal"


@check("2.2", points=0.25, cases=dimensions, compare=predicate(weights_are_random))
def linear_starts_with_random_weights(td, dim_in, dim_out, seed):
    """A new Linear has W of shape (dim_out, dim_in), its weights not all equal, and b = 0 of shape (dim_out,)."""
    layer = td.Linear(dim_in, dim_out, np.random.default_rng(seed))
    return {"W": layer.W, "b": layer.b}


def only_the_rng_matters(values, answer):
    if np.shape(answer["W"]) != (values["dim_out"], values["dim_in"]):
        return f"W has shape {np.shape(answer['W'])}, it should be (dim_out, dim_in)"
    if not np.array_equal(answer["W"], answer["again"]):
        return "two generators with the same seed give different weights: draw from rng, and from nothing else"
    if np.array_equal(answer["W"], answer["other"]):
        return "generators with different seeds give the same weights: draw them from rng"
    return True


@check(
    "2.2",
    points=0.25,
    cases=dimensions,
    compare=predicate(only_the_rng_matters),
    follows=["linear_starts_with_random_weights"],
)
def linear_draws_from_its_rng(td, dim_in, dim_out, seed):
    """The same seed gives a Linear the same weights, another seed gives it others."""
    return {
        "W": td.Linear(dim_in, dim_out, np.random.default_rng(seed)).W,
        "again": td.Linear(dim_in, dim_out, np.random.default_rng(seed)).W,
        "other": td.Linear(dim_in, dim_out, np.random.default_rng(seed + 1)).W,
    }


@check("2.2", points=0.5, cases=layers_and_inputs, compare=close(atol=1e-5))
def linear_forward(td, W, b, x):
    """Your Linear turns inputs (n, dim_in) into the outputs x W^T + b, of shape (n, dim_out)."""
    return linear(td, W, b).forward(x)


# --- 2.3 Linear: backward and step ------------------------------------------------------------------------------------


def layers_and_gradients(rng):
    """Square layers but for one: where forward mixes up its dimensions, backward is tried all the same."""

    def values(n, dim_in, dim_out):
        return {
            "W": rng.normal(size=(dim_out, dim_in)),
            "b": rng.normal(size=dim_out),
            "x": rng.normal(size=(n, dim_in)),
            "grad": rng.normal(size=(n, dim_out)),
        }

    return {
        "batch": values(4, 3, 2),
        "square": values(3, 3, 3),
        "square_batch": values(5, 2, 2),
        "one_row": values(1, 3, 3),
        "a_row_of_zeros": values(2, 3, 3) | {"x": np.array([[0.0] * 3, rng.normal(size=3)])},
    }


def two_batches(rng):
    def with_another(values):
        x, grad = values["x"], values["grad"]
        return values | {"x2": rng.normal(size=x.shape), "grad2": rng.normal(size=grad.shape)}

    return {name: with_another(values) for name, values in layers_and_gradients(rng).items()}


def steps(rng):
    rates = iter([0.1, 1.0, 0.5, 0.01, 0.1])
    return {name: values | {"lr": next(rates)} for name, values in layers_and_gradients(rng).items()}


def loss_of_W(td, W, b, x, grad):
    return (lambda W: float(np.sum(np.asarray(linear(td, W, b).forward(x)) * grad))), W


def loss_of_b(td, W, b, x, grad):
    return (lambda b: float(np.sum(np.asarray(linear(td, W, b).forward(x)) * grad))), b


def loss_of_x(td, W, b, x, grad):
    return (lambda x: float(np.sum(np.asarray(linear(td, W, b).forward(x)) * grad))), x


@check("2.3", points=0.5, cases=layers_and_gradients, compare=gradient(atol=1e-5, of=loss_of_W))
def linear_backward_stores_grad_W(td, W, b, x, grad):
    """After backward(grad), your Linear's grad_W is dL/dW."""
    layer = linear(td, W, b)
    layer.forward(x)
    layer.backward(grad)
    return layer.grad_W


@check("2.3", points=0.5, cases=layers_and_gradients, compare=gradient(atol=1e-5, of=loss_of_b))
def linear_backward_stores_grad_b(td, W, b, x, grad):
    """After backward(grad), your Linear's grad_b is dL/db."""
    layer = linear(td, W, b)
    layer.forward(x)
    layer.backward(grad)
    return layer.grad_b


@check("2.3", points=0.5, cases=layers_and_gradients, compare=gradient(atol=1e-5, of=loss_of_x))
def linear_backward_returns_grad_x(td, W, b, x, grad):
    """Your Linear's backward(grad) returns dL/dx."""
    layer = linear(td, W, b)
    layer.forward(x)
    return layer.backward(grad)


@check(
    "2.3",
    points=0.25,
    cases=two_batches,
    compare=close(atol=1e-5),
    follows=["linear_backward_stores_grad_W", "linear_backward_stores_grad_b"],
)
def linear_backward_forgets_the_batch_before(td, W, b, x, grad, x2, grad2):
    """A second forward and backward leave in grad_W and grad_b the gradients of the second batch alone."""
    layer = linear(td, W, b)
    layer.forward(x)
    layer.backward(grad)
    layer.forward(x2)
    layer.backward(grad2)
    return {"grad_W": layer.grad_W, "grad_b": layer.grad_b}


def moved_down(values, answer):
    for name in ("W", "b"):
        before, after, grad = values[name], np.asarray(answer[name]), np.asarray(answer[f"grad_{name}"])
        if grad.shape != before.shape or after.shape != before.shape:
            return f"{name} has shape {after.shape} and its gradient {grad.shape}, both should be {before.shape}"
        if not np.allclose(before - after, values["lr"] * grad, rtol=1e-4, atol=1e-5):
            return f"{name} has not moved by lr times grad_{name}, downhill"
    return True


@check(
    "2.3",
    points=0.25,
    cases=steps,
    compare=predicate(moved_down),
    follows=["linear_backward_stores_grad_W", "linear_backward_stores_grad_b"],
)
def linear_step_goes_downhill(td, W, b, x, grad, lr):
    """step(lr) moves W and b downhill, each by lr times the gradient that your backward has stored."""
    layer = linear(td, W, b)
    layer.forward(x)
    layer.backward(grad)
    grad_W, grad_b = np.array(layer.grad_W), np.array(layer.grad_b)
    layer.step(lr)
    return {"W": layer.W, "b": layer.b, "grad_W": grad_W, "grad_b": grad_b}


# --- 2.4 ReLU ---------------------------------------------------------------------------------------------------------


def away_from_zero(rng, *shape):
    """Numbers of order 1, none of them near 0, whose signs do not depend on the draw: +, -, -, +, -, -, …"""
    signs = np.where(np.arange(np.prod(shape)) % 3 == 0, 1.0, -1.0).reshape(shape)
    return signs * rng.uniform(0.5, 2.0, size=shape)


def activations(rng):
    def values(x):  # the gradients' signs are independent of the inputs': + + - - + + - - …
        signs = np.where(np.arange(x.size) % 4 < 2, 1.0, -1.0).reshape(x.shape)
        return {"x": x, "grad": signs * rng.uniform(0.5, 2.0, size=x.shape)}

    negative_row = away_from_zero(rng, 3, 3)
    negative_row[1] = -np.abs(negative_row[1])
    return {
        "batch": values(away_from_zero(rng, 4, 5)),
        "square": values(away_from_zero(rng, 4, 4)),
        "one_row": values(away_from_zero(rng, 1, 6)),
        "a_negative_row": values(negative_row),
    }


def activations_at_zero(rng):
    column, row = away_from_zero(rng, 2, 3), away_from_zero(rng, 3, 4)
    column[:, 1] = row[1] = 0.0
    return {
        "a_column_of_zeros": {"x": column, "grad": rng.uniform(0.5, 2.0, size=column.shape)},
        "a_row_of_zeros": {"x": row, "grad": rng.uniform(0.5, 2.0, size=row.shape)},
    }


def loss_of_relu(td, x, grad):
    return (lambda x: float(np.sum(np.asarray(td.ReLU().forward(x)) * grad))), x


@check("2.4", points=0.25, cases=activations, compare=close(atol=1e-6))
def relu_forward(td, x):
    """Your ReLU keeps what is positive and puts 0 in the place of the rest."""
    return td.ReLU().forward(x)


def x_is_as_before(values, answer):
    if np.shape(answer["outputs"]) != values["x"].shape:
        return "forward returns an array of another shape than x"
    same = np.array_equal(answer["x"], values["x"])
    return True if same else "after forward(x), the array x holds other numbers than before"


@check("2.4", points=0.25, cases=activations, compare=predicate(x_is_as_before), follows=["relu_forward"])
def relu_leaves_its_input_alone(td, x):
    """Your ReLU returns a new array and does not write into the one that it is given."""
    return {"outputs": td.ReLU().forward(x), "x": x}


@check("2.4", points=0.25, cases=activations, compare=gradient(atol=1e-6, of=loss_of_relu))
def relu_backward(td, x, grad):
    """Your ReLU's backward(grad) returns dL/dx: it depends on which inputs were positive."""
    relu = td.ReLU()
    relu.forward(x)
    return relu.backward(grad)


@check("2.4", points=0.25, cases=activations_at_zero, compare=close(atol=1e-6), follows=["relu_backward"])
def relu_gradient_at_zero_is_zero(td, x, grad):
    """Where an input is exactly 0, your ReLU's gradient is 0."""
    relu = td.ReLU()
    relu.forward(x)
    return relu.backward(grad)


# --- 2.5 SquaredLoss --------------------------------------------------------------------------------------------------


def outputs_and_targets(rng):
    shapes = {"batch": (5, 3), "square": (4, 4), "one_row": (1, 3), "one_output": (4, 1)}
    return {name: {"outputs": rng.normal(size=s), "y": rng.normal(size=s)} for name, s in shapes.items()}


def squared_loss_of(td, outputs, y):
    return (lambda outputs: float(td.SquaredLoss().forward(outputs, y))), outputs


@check("2.5", points=0.25, cases=outputs_and_targets, compare=close(atol=1e-6))
def squared_loss_forward(td, outputs, y):
    """Your squared loss is summed over the outputs of a row and averaged over the rows."""
    return td.SquaredLoss().forward(outputs, y)


@check("2.5", points=0.5, cases=outputs_and_targets, compare=gradient(atol=1e-6, of=squared_loss_of))
def squared_loss_backward(td, outputs, y):
    """backward() returns the gradient of your squared loss with respect to the outputs."""
    loss = td.SquaredLoss()
    loss.forward(outputs, y)
    return loss.backward()


# --- 2.6 CrossEntropyLoss ---------------------------------------------------------------------------------------------


def logits_and_classes(rng):
    shapes = {"batch": (5, 3), "square": (4, 4), "one_row": (1, 3), "two_classes": (6, 2)}
    return {
        name: {"logits": rng.normal(size=(n, k)), "y": rng.permutation(np.arange(n) % k)}
        for name, (n, k) in shapes.items()
    }


def large_logits_and_classes(rng):
    y = np.array([0, 1, 2, 0])
    far = (np.eye(3)[y] * rng.integers(8000, 16000, size=(4, 1))) / 8  # 1000 to 2000 at the right class
    small = rng.integers(-16, 17, size=(4, 3)) / 8
    return {
        "all_at_1000": {"logits": 1000 + small, "y": y},
        "right_class_far_below": {"logits": small - far, "y": y},
        "one_row_far_off": {"logits": small + np.array([[0.0], [0], [0], [-1000]]) - far * np.eye(4)[:, :1], "y": y},
    }


def cross_entropy_of(td, logits, y):
    return (lambda logits: float(td.CrossEntropyLoss().forward(logits, y))), logits


@check(
    "2.6", points=0.25, cases=logits_and_classes, compare=close(atol=1e-6), follows=["softmax_gives_the_probabilities"]
)
def cross_entropy_forward(td, logits, y):
    """Your cross-entropy is the mean of -log of the probability given to the right class."""
    return td.CrossEntropyLoss().forward(logits, y)


@check(
    "2.6",
    points=0.25,
    cases=large_logits_and_classes,
    compare=close(rtol=1e-5, atol=1e-6),
    follows=["cross_entropy_forward", "softmax_survives_large_logits"],
)
def cross_entropy_survives_large_logits(td, logits, y):
    """Your cross-entropy is finite and right at logits of 1000, where a probability may be too small for a float."""
    return td.CrossEntropyLoss().forward(logits, y)


@check(
    "2.6",
    points=0.5,
    cases=logits_and_classes,
    compare=gradient(atol=1e-6, of=cross_entropy_of),
    follows=["softmax_gives_the_probabilities"],
)
def cross_entropy_backward(td, logits, y):
    """backward() returns the gradient of your cross-entropy with respect to the logits."""
    loss = td.CrossEntropyLoss()
    loss.forward(logits, y)
    return loss.backward()


# --- 2.7 Sequential, on layers of the check's own ---------------------------------------------------------------------


class Twist:
    """A layer of the check's own: each entry squared, times its column's factor, then moved one column to the right.

    In a chain of them the order matters, forward and backward. It keeps the gradient and the lr that it is given.
    """

    def __init__(self, factors):
        self.factors = factors
        self.given = self.lr = None

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.inputs = np.asarray(x)
        return np.roll(self.factors * np.square(self.inputs), 1, axis=1)

    def backward(self, grad):
        self.given = np.asarray(grad)
        return 2 * self.factors * self.inputs * np.roll(self.given, -1, axis=1)

    def step(self, lr):
        self.lr = lr


def chains(rng):
    def values(n, width, depth):
        return {
            "factors": rng.uniform(0.5, 1.5, size=(depth, width)),
            "x": rng.uniform(0.5, 1.2, size=(n, width)),
            "grad": rng.uniform(0.5, 1.5, size=(n, width)),
            "lr": float(rng.uniform(0.01, 1.0)),
        }

    return {
        "two_layers": values(4, 3, 2),
        "three_layers": values(3, 3, 3),
        "one_row": values(1, 4, 2),
        "one_layer": values(3, 2, 1),
    }


def chain_of(td, factors, x, grad):
    return (lambda x: float(np.sum(np.asarray(td.Sequential([Twist(f) for f in factors]).forward(x)) * grad))), x


@check("2.7", points=0.25, cases=chains, compare=close(atol=1e-6))
def sequential_forward(td, factors, x):
    """Your Sequential gives what each layer returns to the next one, and returns what the last one returns."""
    return td.Sequential([Twist(f) for f in factors]).forward(x)


@check("2.7", points=0.25, cases=chains, compare=close(atol=1e-6), follows=["sequential_forward"])
def sequential_hands_gradients_back(td, factors, x, grad):
    """backward(grad) gives each layer of your Sequential the gradient at its own output."""
    layers = [Twist(f) for f in factors]
    model = td.Sequential(layers)
    model.forward(x)
    model.backward(grad)
    return {f"layer_{i}": layer.given for i, layer in enumerate(layers)}


@check(
    "2.7",
    points=0.25,
    cases=chains,
    compare=gradient(atol=1e-6, of=chain_of),
    follows=["sequential_forward", "sequential_hands_gradients_back"],
)
def sequential_backward_returns_grad_x(td, factors, x, grad):
    """backward(grad) of your Sequential returns dL/dx, x being the input of the first layer."""
    model = td.Sequential([Twist(f) for f in factors])
    model.forward(x)
    return model.backward(grad)


@check("2.7", points=0.25, cases=chains, compare=close())
def sequential_steps_every_layer(td, factors, lr):
    """step(lr) of your Sequential calls step(lr) of each of its layers."""
    layers = [Twist(f) for f in factors]
    td.Sequential(layers).step(lr)
    return {f"layer_{i}": layer.lr for i, layer in enumerate(layers)}


# --- 2.8 networks -----------------------------------------------------------------------------------------------------


def network_sizes(rng):
    a, b, c, d = (int(n) for n in rng.integers(2, 100, size=4))
    return {
        "one_layer": {"sizes": [a, b]},
        "two_layers": {"sizes": [b, c, d]},
        "equal_layers": {"sizes": [a, d, d, d]},
        "one_unit_between": {"sizes": [c, 1, b]},
    }


@check("2.8", points=0.25, cases=network_sizes, compare=equal())
def n_params_counts_weights_and_biases(td, sizes):
    """n_params counts every weight and every bias."""
    return td.n_params(sizes)


@check("2.8", points=0.5, cases=network_sizes, compare=equal(), follows=["linear_starts_with_random_weights"])
def mlp_alternates_linear_and_relu(td, sizes):
    """mlp makes a Sequential of Linear layers of the right shapes, with a ReLU between each two and none at the end."""
    layers = td.mlp(sizes, np.random.default_rng(0)).layers
    kinds = ["Linear" if isinstance(l, td.Linear) else "ReLU" if isinstance(l, td.ReLU) else "other" for l in layers]
    return {"layers": kinds, "W": [list(np.shape(l.W)) for l in layers if isinstance(l, td.Linear)]}


# --- 2.9 training -----------------------------------------------------------------------------------------------------


def rows_to_classify(rng):
    def values(n, k):
        return {"factors": rng.normal(size=k), "X": rng.normal(size=(n, k))}

    return {
        "five_classes": values(8, 5),
        "two_classes": values(24, 2),
        "negative_logits": values(12, 3) | {"factors": -rng.uniform(0.5, 1.5, size=3)},
    }


# Ramps lie where nobody's accuracy does (benchmarks/thresholds.py --seeds 150; smallest and largest of a case):
#                                                            corners        moons          digits
#   right: reference and independent, ten draws of weights   0.990  1       0.988  1       0.750  0.980
#   untrained, uphill or on shuffled labels                  0      0.800   0.152  0.833   0      0.245
#   no ReLU, a wrong one, or one layer that moves            -              0.767  0.915   -
#   no shuffling                                             -              -              0.095  0.505
# The lowest right digits are those of weights of variance 1; all others are at least 0.81. The student's rng has one
# seed for all secrets, only data are drawn anew: whoever starts from unlucky weights sees it at home too. With these
# seeds, an mlp that ends in a ReLU, some of whose outputs are dead from the start, fares alike at all secrets.


def corners(rng):
    """Classes around points that a linear layer separates and an untrained one cannot.

    Five on the axes, with one sample each, in one epoch of batches of 2, 2 and 1: whoever leaves out a sample has never
    seen its class. Then eight, one at each corner of a cube. Labels to train on are the same in all draws: the class
    that is left out by mistake shall not depend on the secret, as the first weights may know some of them by luck.
    """

    def values(centres, n, scale, **options):
        y = np.concatenate([np.arange(n) % len(centres), rng.permutation(np.arange(200) % len(centres))])
        X = centres[y] + rng.normal(scale=scale, size=(n + 200, centres.shape[1]))
        data = {"X_train": X[:n], "y_train": y[:n], "X_test": X[n:], "y_test": y[n:]}
        return data | options | {"sizes": list(centres.T.shape)}

    cube = np.array([[i, j, k] for i in (-2, 2) for j in (-2, 2) for k in (-2, 2)])
    return {
        "last_batch_is_short": values(20.0 * np.eye(5), 5, 0.1, epochs=1, lr=0.5, batch_size=2, seed=21),
        "only_batch_is_short": values(cube, 100, 0.5, epochs=100, lr=0.2, batch_size=1000, seed=23),
    }


def moons(rng):
    X, y = make_moons(600, noise=0.08, random_state=int(rng.integers(2**31)))
    X = 2 * (X - np.array([0.5, 0.25]))  # around 0 and of order 1: small weights get going sooner
    return {"moons": {"X_train": X[:200], "y_train": y[:200], "X_test": X[200:], "y_test": y[200:], "seed": 5}}


def digits(rng):
    """Digits sorted by class; once with pixels shuffled and classes renamed, which no one has by heart."""
    with np.load(DIGITS) as file:
        images, labels = file["X"], file["y"].astype(int)

    def values(pixels, names):
        drawn = rng.permutation(len(images))[:500]
        X, y = images[drawn][:, pixels], names[labels[drawn]]
        order = np.argsort(y[:300], kind="stable")
        return {"X_train": X[:300][order], "y_train": y[:300][order], "X_test": X[300:], "y_test": y[300:], "seed": 7}

    return {
        "digits": values(np.arange(64), np.arange(10)),
        "shuffled_pixels": values(rng.permutation(64), rng.permutation(10)),
        "shuffled_again": values(rng.permutation(64), rng.permutation(10)),  # of three, one by chance counts little
    }


# Checks of all that training is made of, without which it can hardly succeed, in the order of the questions.
TRAINING = [
    "linear_starts_with_random_weights",
    "linear_forward",
    "linear_backward_stores_grad_W",
    "linear_backward_stores_grad_b",
    "linear_backward_forgets_the_batch_before",
    "linear_step_goes_downhill",
    "cross_entropy_backward",
    "sequential_forward",
    "sequential_hands_gradients_back",
    "sequential_steps_every_layer",
    "mlp_alternates_linear_and_relu",
    "predict_takes_the_largest_logit",
]


@check("2.9", points=0.25, cases=rows_to_classify, compare=equal(), follows=["sequential_forward"])
def predict_takes_the_largest_logit(td, factors, X):
    """predict gives for each row the class, counted from 0, whose logit is the largest."""
    model = td.Sequential([Twist(factors)])
    return {"together": td.predict(model, X), "one_by_one": [td.predict(model, row) for row in np.split(X, len(X))]}


@check("2.9", points=0.5, cases=corners, compare=accuracy("y_test", full=0.9, none=0.85), follows=TRAINING)
def fit_uses_short_batches_too(td, X_train, y_train, X_test, sizes, epochs, lr, batch_size, seed):
    """fit goes through all samples, epoch after epoch, even where the last batch, or the only one, is short."""
    rng = np.random.default_rng(seed)
    model = td.fit(X_train, y_train, sizes=sizes, epochs=epochs, lr=lr, batch_size=batch_size, rng=rng)
    return td.predict(model, X_test)


@check(
    "2.9",
    points=0.5,
    cases=moons,
    compare=accuracy("y_test", full=0.97, none=0.945),
    follows=[*TRAINING, "linear_backward_returns_grad_x", "relu_forward", "relu_backward"],
)
def fit_learns_moons(td, X_train, y_train, X_test, seed):
    """A 2-20-2 network that you train tells two moons apart, where no straight line can."""
    rng = np.random.default_rng(seed)
    model = td.fit(X_train, y_train, sizes=[2, 20, 2], epochs=150, lr=1.0, batch_size=20, rng=rng)
    return td.predict(model, X_test)


@check("2.9", points=0.25, cases=digits, compare=accuracy("y_test", full=0.635, none=0.61), follows=TRAINING)
def fit_reads_sorted_digits(td, X_train, y_train, X_test, seed):
    """A 64-10 network that you train on digits sorted by class reads most digits that it has not seen."""
    rng = np.random.default_rng(seed)
    model = td.fit(X_train / 16, y_train, sizes=[64, 10], epochs=3, lr=0.3, batch_size=3, rng=rng)
    return td.predict(model, X_test / 16)
