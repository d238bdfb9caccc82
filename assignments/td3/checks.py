"""Automatic differentiation: 29 checks, 10 points.

Answers are compared to a relative 1e-9, and to second and higher derivatives: differences of function values do not
come that near. Float64 is asked for, and said.

One mistake is paid once, as far as it can be: rules of arithmetic and of functions are tried on numbers (tensors of
shape ()), where nothing is broadcast and nothing summed; the way through the graph on sums of numbers alone; and rules
of arrays stand between +, exp and sum, none of which has a rule that is easily got wrong. What nobody can have without
the way back through the graph, and without products, is a second derivative.

Answers of the kind "1 or -1" could be guessed, so they are asked for by the dozen.
"""

import numpy as np

from grader.authoring import check, close, equal, predicate

EXACT = close(rtol=1e-9, atol=1e-10)


def slopes(y, *leaves):
    """dy/d(leaf) for each of the leaves, as arrays."""
    y.backward()
    return {f"argument_{i}": np.asarray(leaf.grad) for i, leaf in enumerate(leaves)}


# --- 3.1 numerical_gradient -------------------------------------------------------------------------------------------


def points_and_steps(rng):
    def values(*shape):
        return {"x": rng.uniform(0.5, 1.5, size=shape), "h": float(rng.uniform(0.05, 0.1))}

    return {"vector": values(3), "matrix": values(2, 3), "number": values(), "one_entry": values(1)}


def points(rng):
    return {"vector": {"x": rng.uniform(0.5, 1.5, size=4)}, "matrix": {"x": rng.uniform(0.5, 1.5, size=(3, 2))}}


def integer_points(rng):
    return {
        "vector": {"x": rng.integers(-100, 100, size=3)},
        "matrix": {"x": rng.integers(-100, 100, size=(2, 2))},
    }


def some_cubic(x):
    return float(np.sum(x**3)) + float(np.sum(x)) ** 2


@check("3.1", points=0.25, cases=points_and_steps, compare=close(rtol=1e-7, atol=1e-8))
def differences_are_central(td, x, h):
    """numerical_gradient(f, x, h) is (f(x + h e) - f(x - h e)) / 2h for each entry, for the h it is given."""
    return td.numerical_gradient(some_cubic, x, h)


@check(
    "3.1", points=0.25, cases=integer_points, compare=close(rtol=1e-5, atol=1e-3), follows=["differences_are_central"]
)
def differences_at_integers(td, x):
    """numerical_gradient moves an array of integers by less than 1, too."""
    return td.numerical_gradient(lambda x: float(np.sum(np.asarray(x) ** 2)), x)


def x_is_as_before(values, answer):
    if np.shape(answer["gradient"]) != values["x"].shape:
        return "numerical_gradient returns an array of another shape than x"
    same = np.array_equal(answer["x"], values["x"])
    return True if same else "after numerical_gradient(f, x), the array x holds other numbers than before"


@check("3.1", points=0.25, cases=points, compare=predicate(x_is_as_before))
def differences_leave_x_alone(td, x):
    """After numerical_gradient(f, x), x is exactly what it was."""
    return {"gradient": td.numerical_gradient(some_cubic, x), "x": x}


# --- 3.2 backward, on sums of numbers ---------------------------------------------------------------------------------


def uses(rng):
    """Drawn orders of doublings and additions: what x is worth in the end is a binary number."""
    return {
        "short": {"x": float(rng.normal()), "bits": rng.permutation(np.arange(24) % 2)},
        "long": {"x": float(rng.normal()), "bits": rng.permutation(np.arange(46) % 2)},
    }


def chains(rng):
    lengths = np.concatenate([rng.integers(10_000, 10_002, size=2), rng.integers(2, 40, size=18)])
    return {"ten_thousand": {"lengths": lengths}}


def counts(rng):
    def values():
        return {"first": int(rng.integers(100, 2000)), "second": int(rng.integers(100, 2000))}

    return {"some": values(), "others": values()}


@check("3.2", points=0.5, cases=uses, compare=EXACT)
def gradients_of_all_uses_add_up(td, x, bits):
    """A tensor that is used several times, near the result and far from it, gets the sum over all ways to it."""
    x = td.Tensor(x)
    t = x + 1.0
    for bit in bits:
        t = t + x if bit else t + t
    return slopes(t, x)


@check("3.2", points=0.5, cases=counts, compare=EXACT)
def backward_adds_to_grad(td, first, second):
    """Each backward() adds to the gradients that those before have left in the leaves."""
    a, b = td.Tensor(0.5), td.Tensor(1.5)
    for _ in range(first):
        (a + 1.0).backward()
    for _ in range(second):
        (a + b).backward()
    return {"argument_0": np.asarray(a.grad), "argument_1": np.asarray(b.grad)}


@check("3.2", points=0.5, cases=chains, compare=EXACT, seconds=20)
def long_chains_work(td, lengths):
    """A graph may be a chain of 10,000 operations."""
    found = []
    for length in lengths:
        x = td.Tensor(1.0)
        t = x + 0.0
        for _ in range(length):
            t = -t
        t.backward()
        found.append(np.asarray(x.grad))
    return np.array(found)


# --- 3.3 arithmetic, on numbers ---------------------------------------------------------------------------------------


def two_numbers(rng):
    def values():
        return {"a": float(rng.uniform(0.5, 2.5)), "b": float(rng.uniform(0.5, 2.5))}

    return {"two_tensors": values(), "other_two": values()}


def many_signs(rng):
    return {"signs": {"x": float(rng.normal()), "kinds": rng.permutation(np.arange(20) % 4)}}


@check("3.3", points=0.25, cases=many_signs, compare=EXACT)
def subtraction(td, x, kinds):
    """a - b, where a, b or both are tensors, has the gradients of a difference."""
    found = []
    for kind in kinds:
        a, b = td.Tensor(x), td.Tensor(2.0)
        y = (a - 3.0, 3.0 - a, a - b, b - a)[kind]
        y.backward()
        found.append(np.asarray(a.grad))
    return np.array(found)


@check("3.3", points=0.25, cases=two_numbers, compare=EXACT)
def multiplication(td, a, b):
    """a * b, where a, b or both are tensors, has the gradients of a product."""
    x, y, z, t = td.Tensor(a), td.Tensor(b), td.Tensor(a), td.Tensor(b)
    return {"both": slopes(x * y, x, y), "left": slopes(z * b, z), "right": slopes(a * t, t)}


@check("3.3", points=0.25, cases=two_numbers, compare=EXACT)
def division(td, a, b):
    """a / b, where a, b or both are tensors, has the gradients of a quotient."""
    x, y, z, t = td.Tensor(a), td.Tensor(b), td.Tensor(a), td.Tensor(b)
    return {"both": slopes(x / y, x, y), "left": slopes(z / b, z), "right": slopes(a / t, t)}


@check("3.3", points=0.25, cases=two_numbers, compare=EXACT)
def powers(td, a, b):
    """a ** b, where a, b or both are tensors, has the gradients of a power; a may be negative where b is a number."""
    x, y, z, t, u, v = td.Tensor(a), td.Tensor(b), td.Tensor(a), td.Tensor(b), td.Tensor(-a), td.Tensor(-b)
    return {
        "both": slopes(x**y, x, y),
        "left": slopes(z**b, z),
        "right": slopes(a**t, t),
        "negative": slopes(u**3, u),
        "first": slopes(v**1, v),
    }


# --- 3.4 functions, on numbers ----------------------------------------------------------------------------------------


def numbers(rng):
    return {"positive": {"x": float(rng.uniform(0.3, 1.5))}, "also_positive": {"x": float(rng.uniform(1.5, 3.0))}}


def any_numbers(rng):
    return {"positive": {"x": float(rng.uniform(0.3, 1.5))}, "negative": {"x": float(rng.uniform(-1.5, -0.3))}}


def shifts(rng):
    return {name: {"function": name, "x": float(rng.uniform(0.1, 0.9))} for name in ("sigmoid", "softplus")}


def kinds_of_sign(rng):
    return {"signs": {"x": (rng.permutation(np.arange(24) % 3) - 1) * rng.uniform(0.5, 2.0, size=24)}}


@check("3.4", points=0.25, cases=numbers, compare=EXACT)
def log_has_its_derivative(td, x):
    """log has its derivative."""
    x = td.Tensor(x)
    return slopes(td.log(x), x)


@check("3.4", points=0.25, cases=any_numbers, compare=EXACT)
def tanh_has_its_derivative(td, x):
    """tanh has its derivative."""
    x = td.Tensor(x)
    return slopes(td.tanh(x), x)


@check("3.4", points=0.25, cases=any_numbers, compare=EXACT, follows=["gradients_of_all_uses_add_up"])
def sigmoid_and_softplus_have_theirs(td, x):
    """sigmoid and softplus have their values and derivatives."""
    a, b = td.Tensor(x), td.Tensor(x)
    s, p = td.sigmoid(a), td.softplus(b)
    return {
        "sigmoid": np.asarray(s.data),
        "softplus": np.asarray(p.data),
        "slope_of_sigmoid": slopes(s, a),
        "slope_of_softplus": slopes(p, b),
    }


@check(
    "3.4",
    points=0.25,
    cases=shifts,
    compare=EXACT,
    follows=["sigmoid_and_softplus_have_theirs"],
)
def sigmoid_and_softplus_survive_1000(td, function, x):
    """sigmoid and softplus are right, and so are their derivatives, at 1000 and at -1000; nothing overflows."""
    found = {}
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for name, at in (("near_1000", 1000.0 + x), ("near_minus_1000", x - 1000.0), ("near_0", x)):
            t = td.Tensor(at)
            y = td.sigmoid(t) if function == "sigmoid" else td.softplus(t)
            found[name] = {"value": np.asarray(y.data), "slope": slopes(y, t)}
    return found


@check("3.4", points=0.25, cases=kinds_of_sign, compare=EXACT)
def relu_has_its_derivative(td, x):
    """relu is max(x, 0), with the derivative 0 at 0."""
    values, found = [], []
    for entry in x:
        t = td.Tensor(entry)
        y = td.relu(t)
        y.backward()
        values.append(np.asarray(y.data))
        found.append(np.asarray(t.grad))
    return {"values": np.array(values), "slopes": np.array(found)}


# --- 3.5 arrays, between +, exp and sum -------------------------------------------------------------------------------


def pairs_to_broadcast(rng):
    def values(a, b):
        return {"a": rng.normal(size=a), "b": rng.normal(size=b)}

    return {
        "row": values((3, 4), (4,)),
        "column": values((3, 4), (3, 1)),
        "number": values((2, 3), ()),
        "both": values((3, 1), (1, 4)),
        "both_square": values((3,), (3, 1)),
        "three_axes": values((2, 1, 3), (4, 1)),
    }


def matrices(rng):
    return {"wide": {"x": rng.normal(size=(2, 4))}, "square": {"x": rng.normal(size=(3, 3))}}


def matrices_near_and_far(rng):
    """One by one: what raises far from 0 may be right near it, and that tells one mistake from another."""

    def values(shift, axis, *shape):
        return {"x": shift + rng.normal(size=shape), "axis": axis}

    return {
        "last_axis": values(0.0, -1, 2, 4),
        "axis_0": values(0.0, 0, 3, 3),
        "at_1000": values(1000.0, -1, 3, 3),
        "at_minus_1000": values(-1000.0, 1, 2, 4),
        "far_apart": values(np.array([-1000.0, 1000.0, -1000.0, 1000.0]), -1, 3, 4),
    }


def index_cases(rng):
    """Rows and columns to pick: none of them twice, or some of them."""
    once = rng.permutation(4)[:3]
    return {
        "each_once": {"x": rng.normal(size=(4, 3)), "rows": once, "columns": rng.permutation(3)},
        "row_numbers": {"x": rng.normal(size=(4, 4)), "rows": once, "columns": rng.permutation(4)[:3]},
    }


def repeated_cases(rng):
    def values(n):
        return {"x": rng.normal(size=(4, 3)), "rows": rng.permutation(np.arange(n) % 2), "columns": np.arange(n) % 2}

    return {"some_twice": values(6), "many_times": values(12)}


def factors(rng):
    def values(a, b):
        return {"a": rng.normal(size=a), "b": rng.normal(size=b)}

    return {
        "matrices": values((2, 3), (3, 4)),
        "square": values((3, 3), (3, 3)),
        "matrix_vector": values((2, 3), (3,)),
        "vector_matrix": values((3,), (3, 2)),
        "vectors": values((3,), (3,)),
    }


@check("3.5", points=0.5, cases=pairs_to_broadcast, compare=EXACT)
def broadcasting(td, a, b):
    """Where an argument is broadcast, its gradient has its own shape, and is a sum over the repetitions."""
    a, b = td.Tensor(a), td.Tensor(b)
    return slopes(td.exp(a + b).sum(), a, b)


@check("3.5", points=0.5, cases=matrices, compare=EXACT, follows=["multiplication", "division"])
def sums_and_means(td, x):
    """sum and mean, along no axis, one or several, with keepdims or without, have their gradients."""
    found = {}
    for name, axis, keepdims in (
        ("all", None, False),
        ("all_kept", None, True),
        ("axis_0", 0, False),
        ("axis_1", 1, False),
        ("axis_1_kept", 1, True),
        ("last", -1, False),
        ("both", (0, 1), False),
    ):
        a, b = td.Tensor(x), td.Tensor(x)
        found[f"sum_{name}"] = slopes(td.exp(a.sum(axis=axis, keepdims=keepdims)).sum(), a)
        found[f"mean_{name}"] = slopes(td.exp(b.mean(axis=axis, keepdims=keepdims)).sum(), b)
    row, one = td.Tensor(x[0]), td.Tensor(x[0, :1])
    found["sum_of_a_row"] = slopes(td.exp(row.sum(axis=-1)), row)
    found["mean_of_one"] = slopes(td.exp(one.mean()), one)
    return found


@check("3.5", points=0.25, cases=matrices, compare=EXACT)
def reshape_and_T(td, x):
    """reshape, with sizes one by one or as a tuple, and T pass gradients back to where values came from."""
    a, b, c = td.Tensor(x), td.Tensor(x), td.Tensor(x)
    n, m = x.shape
    weights = np.arange(float(x.size))
    return {
        "reshape": slopes(td.exp(a.reshape(x.size) + weights / 8).sum(), a),
        "reshape_tuple": slopes(td.exp(b.reshape((m, n)) + weights.reshape(m, n) / 8).sum(), b),
        "T": slopes(td.exp(c.T + weights.reshape(m, n) / 8).sum(), c),
    }


@check("3.5", points=0.5, cases=factors, compare=EXACT)
def products_of_matrices(td, a, b):
    """a @ b has its gradients, for matrices and vectors."""
    a, b = td.Tensor(a), td.Tensor(b)
    return slopes(td.exp(a @ b).sum(), a, b)


@check("3.5", points=0.25, cases=index_cases, compare=EXACT)
def indexing(td, x, rows, columns):
    """x[i] passes its gradient back to the entries that were picked: by a number, a slice, a mask or arrays."""
    a, b, c, d = td.Tensor(x), td.Tensor(x), td.Tensor(x), td.Tensor(x)
    mask = np.isin(np.arange(len(x)), rows)
    return {
        "number": slopes(td.exp(a[int(rows[0])]).sum(), a),
        "slice": slopes(td.exp(b[1:3]).sum(), b),
        "mask": slopes(td.exp(c[mask]).sum(), c),
        "arrays": slopes(td.exp(d[rows, columns]).sum(), d),
    }


@check("3.5", points=0.25, cases=repeated_cases, compare=EXACT, follows=["indexing"])
def repeated_indices_add_up(td, x, rows, columns):
    """An entry that is picked several times gets the sum of the gradients."""
    a, b = td.Tensor(x), td.Tensor(x)
    return {
        "pairs": slopes(td.exp(a[rows, columns]).sum(), a),
        "rows": slopes(td.exp(b[rows]).sum(), b),
    }


@check(
    "3.5",
    points=0.25,
    cases=matrices_near_and_far,
    compare=EXACT,
    follows=["gradients_of_all_uses_add_up", "log_has_its_derivative", "sums_and_means"],
)
def logsumexp_is_right_and_stable(td, x, axis):
    """logsumexp, along any axis, has its values and gradients, also at 1000 and -1000, where nothing overflows."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        t = td.Tensor(x)
        y = td.logsumexp(t, axis=axis)
        return {"values": np.asarray(y.data), **slopes(y.sum(), t)}


# --- 3.6 grad ---------------------------------------------------------------------------------------------------------


def points_and_directions(rng):
    def values(*shape):
        return {"x": rng.uniform(0.5, 1.5, size=shape), "v": rng.normal(size=shape)}

    return {"vector": values(3), "matrix": values(2, 3), "square": values(2, 2)}


def outer_and_inner(rng):
    return {"two_numbers": {"x": float(rng.uniform(0.5, 1.5)), "c": float(rng.uniform(0.5, 1.5))}}


@check("3.6", points=0.25, cases=points_and_directions, compare=EXACT)
def grad_is_the_gradient(td, x, v):
    """grad(f)(x) is the gradient of f at x, whether x is a tensor or an array."""
    gradient = td.grad(lambda t: td.exp(t + v).sum())
    return {"at_a_tensor": np.asarray(gradient(td.Tensor(x)).data), "at_an_array": np.asarray(gradient(x).data)}


@check(
    "3.6",
    points=0.5,
    cases=points_and_directions,
    compare=EXACT,
    follows=[
        "gradients_of_all_uses_add_up",
        "multiplication",
        "broadcasting",
        "sums_and_means",
        "grad_is_the_gradient",
    ],
)
def grad_can_be_differentiated(td, x, v):
    """The gradient of v . grad(f) is right: that is the Hessian of f times v."""
    gradient = td.grad(lambda t: td.exp(t + t.sum()).sum())
    again = td.grad(lambda t: (gradient(t) * v).sum())
    return np.asarray(again(td.Tensor(x)).data)


@check(
    "3.6", points=0.5, cases=outer_and_inner, compare=EXACT, follows=["multiplication", "grad_can_be_differentiated"]
)
def inner_and_outer_variables_stay_apart(td, x, c):
    """In a derivative inside a derivative, each takes the other's variable for a constant, neither for its own."""
    at = td.Tensor(x)
    return {
        "sum_inside": np.asarray(td.grad(lambda x: x * td.grad(lambda y: x + y)(td.Tensor(c)))(at).data),
        "same_point": np.asarray(td.grad(lambda x: td.exp(x) * td.grad(lambda y: td.exp(x + y + y))(x))(at).data),
    }


# --- 3.7 elementwise_grad ---------------------------------------------------------------------------------------------


def places(rng):
    return {"vector": {"x": rng.uniform(-2.0, 2.0, size=5)}, "matrix": {"x": rng.uniform(-2.0, 2.0, size=(2, 3))}}


@check(
    "3.7", points=0.25, cases=places, compare=EXACT, follows=["gradients_of_all_uses_add_up", "grad_is_the_gradient"]
)
def elementwise_grad_is_the_slope(td, x):
    """elementwise_grad(f)(x) has the shape of x, and at each entry the derivative of f there."""
    return np.asarray(td.elementwise_grad(lambda t: td.exp(t + t))(td.Tensor(x)).data)


@check(
    "3.7",
    points=0.75,
    cases=places,
    compare=close(rtol=1e-9, atol=1e-8),
    follows=[
        "subtraction",
        "multiplication",
        "tanh_has_its_derivative",
        "grad_can_be_differentiated",
        "elementwise_grad_is_the_slope",
    ],
)
def tanh_has_six_derivatives(td, x):
    """elementwise_grad nests: the second, fourth and sixth derivatives of tanh are right to nine digits."""
    found, f = {}, td.tanh
    for order in range(1, 7):
        f = td.elementwise_grad(f)
        if order % 2 == 0:
            found[f"order_{order}"] = np.asarray(f(td.Tensor(x)).data)
    return found


# --- 3.8 check_gradient -----------------------------------------------------------------------------------------------


def right_and_wrong(rng):
    def values(kinds, *shape):
        return {"x": rng.uniform(0.5, 1.5, size=shape), "kinds": rng.permutation(np.arange(18) % kinds)}

    return {"vector": values(3, 100), "matrix": values(3, 3, 2)}


@check(
    "3.8",
    points=0.5,
    cases=right_and_wrong,
    compare=equal(),
    follows=["differences_are_central", "grad_is_the_gradient"],
)
def check_gradient_tells_right_from_wrong(td, x, kinds):
    """check_gradient is below 1e-5 where a gradient is right, and above 1e-2 where a single entry of it is wrong."""

    def right(t):
        return td.exp(t).sum()

    def wrong(t):
        return td.exp(t + td.Tensor(np.asarray(t.data))).sum()

    def wrong_once(t):
        return td.exp(t).sum() + td.exp(td.Tensor(np.asarray(t.data)[:1])).sum()

    def negative(f):
        return lambda t: -f(t)

    errors = []
    for i, kind in enumerate(kinds):  # gradients of order 1, but negative; 1000 times as large; as small
        f = (right, wrong, wrong_once)[kind]
        errors.append(float(td.check_gradient(f if i % 3 else negative(f), x + (0.0, 7.0, -7.0)[i % 3])))
    return ["right" if e < 1e-5 else "wrong" if e > 1e-2 else f"neither: {e:.1e}" for e in errors]


def flat_places(rng):
    return {"flat": {"x": rng.uniform(0.5, 1.5, size=6), "kinds": rng.permutation(np.arange(24) % 2)}}


@check(
    "3.8",
    points=0.25,
    cases=flat_places,
    compare=equal(),
    follows=["indexing", "check_gradient_tells_right_from_wrong"],
)
def check_gradient_at_zero(td, x, kinds):
    """check_gradient is a small number, not nan, where a derivative is exactly 0 and found to be 0."""

    def flat(t):
        return td.exp(t[:3]).sum()

    def wrong(t):
        return td.exp(t[:3] + td.Tensor(np.asarray(t.data)[:3])).sum()

    with np.errstate(all="ignore"):
        errors = [float(td.check_gradient((flat, wrong)[kind], x)) for kind in kinds]
    return ["right" if e < 1e-5 else "wrong" if e > 1e-2 else "neither" for e in errors]
