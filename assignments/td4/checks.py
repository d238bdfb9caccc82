"""Optimisation: 24 checks, 10 points.

One mistake is paid once. Optimisers are given the gradients of all steps beforehand, so that a wrong step does not lead
to other gradients. Whoever makes new arrays instead of writing into those of `params` pays for that on checks of their
own: the others look for the values in the optimiser too (`moved`). AdamW, which most people build on their own Adam, is
compared with itself: with gradients of 0, and with and without decay; one check of 0.25 points asks for all of it.

Optimisers are compared to nine digits, in float64, and the checks say so: torch.optim's numbers are there to be had. On
numbers of order 1, right answers of another order of operations differ by 1e-14.
"""

import numpy as np

from grader.authoring import check, close, equal, predicate

DIGITS = close(rtol=1e-9, atol=1e-11)


# --- 4.1 gradient descent ---------------------------------------------------------------------------------------------


def bowls(rng):
    """Quadratics x^T A x / 2 - b^T x with curvatures between 0.5 and 3."""

    def values(d, steps):
        basis = np.linalg.qr(rng.normal(size=(d, d)))[0]
        A = basis * rng.uniform(0.5, 3.0, size=d) @ basis.T
        data = {"A": (A + A.T) / 2, "b": rng.normal(size=d), "x0": rng.normal(size=d)}
        return data | {"lr": float(rng.uniform(0.1, 0.4)), "steps": steps}

    return {
        "three_dimensions": values(3, 6),
        "two_dimensions": values(2, 4),
        "one_dimension": values(1, 5),
        "one_step": values(4, 1),
        "no_steps": values(3, 0),
        "beyond_the_limit": values(2, 5) | {"lr": float(rng.uniform(5.0, 6.0))},
    }


@check("4.1", points=1, cases=bowls, compare=close(rtol=1e-7, atol=1e-9))
def gradient_descent_iterates(td, A, b, x0, lr, steps):
    """Your gradient descent returns all its iterates, x_0 first: an array of shape (steps + 1, d)."""
    return td.gradient_descent(lambda x: A @ x - b, x0, lr, steps)


def a_few_bowls(rng):
    return {name: values for name, values in bowls(rng).items() if values["steps"] > 1}


def a_way_from_x0(values, answer):
    if np.shape(answer["iterates"]) != (values["steps"] + 1, len(values["x0"])):
        return f"the iterates have shape {np.shape(answer['iterates'])}, not (steps + 1, d)"
    if not np.array_equal(answer["x0"], values["x0"]):
        return "afterwards the array x0 holds other numbers than before"
    if not np.allclose(answer["iterates"][0], values["x0"]):
        return "the first row is not x0"
    stuck = np.array_equal(answer["iterates"][0], answer["iterates"][1])
    return "the second row is equal to the first: are all rows the same array?" if stuck else True


@check("4.1", points=0.5, cases=a_few_bowls, compare=predicate(a_way_from_x0), follows=["gradient_descent_iterates"])
def gradient_descent_leaves_x0_alone(td, A, b, x0, lr, steps):
    """Your gradient descent does not write into x0, and its rows are the points of a way that begins there."""
    return {"iterates": td.gradient_descent(lambda x: A @ x - b, x0, lr, steps), "x0": x0}


# --- 4.2 Newton -------------------------------------------------------------------------------------------------------


def exponential_bowls(rng):
    """Sums of exponentials, with |x|^2 / 2 so that there is a minimum: gradient and Hessian below. No exponent and no
    start is near 0, where the Hessian would hardly change on the way."""

    def away_from_0(low, high, size):
        return rng.choice([-1.0, 1.0], size=size) * rng.uniform(low, high, size=size)

    def values(d, steps):
        return {"a": away_from_0(0.5, 1.5, (2 * d, d)) / np.sqrt(d), "x0": away_from_0(1.0, 2.0, d), "steps": steps}

    return {
        "three_dimensions": values(3, 4),
        "two_dimensions": values(2, 3),
        "one_dimension": values(1, 3),
        "one_step": values(4, 1),
        "no_steps": values(2, 0),
    }


def slope_of(a):
    return lambda x: a.T @ np.exp(a @ x) + x


def curvature_of(a):
    return lambda x: (a.T * np.exp(a @ x)) @ a + np.eye(a.shape[1])


def narrow_bowls(rng):
    """Curvatures from 1 to 10,000: gradient descent would take thousands of steps."""

    def values(d):
        basis = np.linalg.qr(rng.normal(size=(d, d)))[0]
        A = basis * np.geomspace(1.0, 1e4, d) @ basis.T
        return {"A": (A + A.T) / 2, "minimum": rng.normal(size=d), "x0": rng.normal(size=d)}

    return {"two_dimensions": values(2), "five_dimensions": values(5)}


@check("4.2", points=0.75, cases=exponential_bowls, compare=close(rtol=1e-6, atol=1e-8))
def newton_iterates(td, a, x0, steps):
    """Your Newton's method returns all its iterates, x_0 first, and takes the Hessian at each of them."""
    return td.newton(slope_of(a), curvature_of(a), x0, steps)


@check("4.2", points=0.5, cases=narrow_bowls, compare=close(rtol=1e-6, atol=1e-6), follows=["newton_iterates"])
def newton_needs_one_step_on_quadratics(td, A, minimum, x0):
    """From anywhere on a quadratic, your Newton's method is at the minimum after one step, and stays there."""
    return td.newton(lambda x: A @ (x - minimum), lambda x: A, x0, 2)[1:]


def curved_bowls(rng):
    return {name: values for name, values in exponential_bowls(rng).items() if values["steps"] > 1}


@check("4.2", points=0.25, cases=curved_bowls, compare=predicate(a_way_from_x0), follows=["newton_iterates"])
def newton_leaves_x0_alone(td, a, x0, steps):
    """Your Newton's method does not write into x0, and its rows are the points of a way that begins there."""
    return {"iterates": td.newton(slope_of(a), curvature_of(a), x0, steps), "x0": x0}


# --- 4.3 minibatches --------------------------------------------------------------------------------------------------


def epochs(rng):
    def values(n, batch_size):
        return {"n": int(n), "batch_size": int(batch_size), "seed": int(rng.integers(2**31))}

    size = int(rng.integers(11, 40))
    return {
        "short_last_batch": values(size * rng.integers(20, 90) + rng.integers(2, size), size),
        "whole_batches": values((size + 1) * rng.integers(20, 90), size + 1),
        "one_left_over": values((size + 2) * rng.integers(20, 90) + 1, size + 2),
        "one_batch": values(rng.integers(100, 2000), 5000),
    }


def every_index_once(values, answer):
    indices = [int(index) for batch in answer for index in np.asarray(batch).reshape(-1)]
    if len(indices) != len(set(indices)):
        return "an index is there twice"
    if not set(indices) <= set(range(values["n"])):
        return "an index is not in 0, 1, …, n - 1"
    missing = values["n"] - len(indices)
    return True if missing == 0 else f"{missing} of {values['n']} indices are in no batch"


@check("4.3", points=0.5, cases=epochs, compare=predicate(every_index_once))
def minibatches_hold_every_index_once(td, n, batch_size, seed):
    """Together your minibatches hold each of 0, 1, …, n - 1 exactly once."""
    return list(td.minibatches(n, batch_size, np.random.default_rng(seed)))


@check("4.3", points=0.5, cases=epochs, compare=equal())
def minibatches_have_the_right_sizes(td, n, batch_size, seed):
    """Each of your minibatches has batch_size indices, but for the last one, which has those that are left."""
    return [len(batch) for batch in td.minibatches(n, batch_size, np.random.default_rng(seed))]


def shuffled_by_rng(values, answer):
    first, again, other = (np.concatenate([np.ravel(b) for b in answer[key]]) for key in ("first", "again", "other"))
    short = values["n"] % values["batch_size"]  # whoever leaves them out pays for it on other checks
    if (
        len(first) not in {values["n"], values["n"] - short} - {0}
        or not 0 <= np.min(first) <= np.max(first) < values["n"]
    ):
        return "these are not the indices 0, 1, …, n - 1"
    if np.all(np.diff(first) > 0):
        return "the indices come in their old order"
    if not np.array_equal(first, again):
        return "two generators with the same seed give different batches: draw from rng, and from nothing else"
    return "another seed gives the same batches: draw from rng" if np.array_equal(first, other) else True


@check("4.3", points=0.5, cases=epochs, compare=predicate(shuffled_by_rng))
def minibatches_are_shuffled(td, n, batch_size, seed):
    """Your minibatches come in an order drawn from rng: the same for the same seed, another for another one."""
    return {
        "first": list(td.minibatches(n, batch_size, np.random.default_rng(seed))),
        "again": list(td.minibatches(n, batch_size, np.random.default_rng(seed))),
        "other": list(td.minibatches(n, batch_size, np.random.default_rng(seed + 1))),
    }


# --- optimisers -------------------------------------------------------------------------------------------------------


def lists_of_arrays(rng, steps, options):
    """Arrays to move, a gradient for each at each step, and options: four cases of different shapes."""

    def values(*shapes):
        return {
            "params": [rng.normal(size=shape) for shape in shapes],
            "grads": [[rng.normal(size=shape) for shape in shapes] for _ in range(steps)],
            "options": options(),
        }

    return {
        "one_array": values((3,)),
        "a_layer": values((2, 3), (2,)),
        "equal_shapes": values((2,), (2,), (2,)),
        "one_number": values((1,)),
    }


def moved(optimizer, given, params, before):
    """The parameters' new values: in the arrays themselves, else in the list or the optimiser that holds new ones."""
    for arrays in (given, params, getattr(optimizer, "params", given)):
        if not all(map(np.array_equal, arrays, before)):
            return [np.array(array) for array in arrays]
    return before


def run(make, params, grads, options):
    """The parameters' values after each step of an optimiser."""
    given, before = list(params), [np.array(p) for p in params]
    optimizer = make(params, **options)
    values = []
    for step in grads:
        optimizer.step([np.array(g) for g in step])
        values.append(moved(optimizer, given, params, before))
    return {f"params_{i}": np.stack([arrays[i] for arrays in values]) for i in range(len(before))}


def into_the_arrays(values, answer):
    if not all(map(np.array_equal, answer["grads"], values["grads"][0])):
        return "after step(grads), the arrays in grads hold other numbers than before"
    for i, start in enumerate(values["params"]):
        array = answer["params"][i]
        if np.shape(array) != np.shape(start):
            return f"an array of shape {np.shape(start)} has become one of shape {np.shape(array)}"
        if np.array_equal(array, start):
            return "the arrays in params are as before: write the new values into them, `p[...] = …` or `p -= …`"
        if np.max(np.abs(np.asarray(array) - start)) > 0.1:
            return "after two steps of a very small lr, an array in params is far away from where it was"
    return True


def two_steps(make, params, grads, options):
    """The arrays themselves after two steps with the same gradients."""
    given = list(params)
    optimizer = make(params, **options)
    optimizer.step(grads[0])
    optimizer.step(grads[0])
    return {"params": given, "grads": grads[0]}


# --- 4.4 SGD ----------------------------------------------------------------------------------------------------------


def plain_steps(rng):
    return lists_of_arrays(rng, 3, lambda: {"lr": float(rng.uniform(0.05, 0.3))})


def momentum_steps(rng):
    return lists_of_arrays(
        rng, 5, lambda: {"lr": float(rng.uniform(0.05, 0.3)), "momentum": float(rng.uniform(0.6, 0.95))}
    )


def nesterov_steps(rng):
    return {name: v | {"options": v["options"] | {"nesterov": True}} for name, v in momentum_steps(rng).items()}


def decaying_steps(rng):
    return {
        name: v | {"options": v["options"] | {"weight_decay": float(rng.uniform(0.2, 0.8))}}
        for name, v in plain_steps(rng).items()
    }


def short_steps(rng):
    """Steps so short that nobody's formula leads far away: no gradient is near 0, by which some divide. With weight
    decay, for which some write into grads."""
    return {
        name: {
            "params": v["params"],
            "grads": [[np.copysign(2.0 + np.abs(g), g) for g in step] for step in v["grads"]],
            "options": {"lr": float(rng.uniform(1e-4, 2e-4)), "weight_decay": float(rng.uniform(0.2, 0.8))},
        }
        for name, v in plain_steps(rng).items()
    }


@check("4.4", points=0.25, cases=plain_steps, compare=DIGITS)
def sgd_without_momentum(td, params, grads, options):
    """Without momentum, your SGD is gradient descent, to nine digits: it wants float64."""
    return run(td.SGD, params, grads, options)


@check("4.4", points=0.75, cases=momentum_steps, compare=DIGITS, follows=["sgd_without_momentum"])
def sgd_with_momentum(td, params, grads, options):
    """With momentum, your SGD gives torch.optim.SGD's values to nine digits, step after step: it wants float64."""
    return run(td.SGD, params, grads, options)


@check("4.4", points=0.5, cases=nesterov_steps, compare=DIGITS, follows=["sgd_with_momentum"])
def sgd_with_nesterov(td, params, grads, options):
    """With Nesterov's momentum, your SGD gives torch.optim.SGD's values to nine digits: it wants float64."""
    return run(td.SGD, params, grads, options)


@check("4.4", points=0.25, cases=decaying_steps, compare=DIGITS, follows=["sgd_without_momentum"])
def sgd_with_weight_decay(td, params, grads, options):
    """With weight decay, your SGD gives torch.optim.SGD's values to nine digits: it wants float64."""
    return run(td.SGD, params, grads, options)


@check("4.4", points=0.25, cases=short_steps, compare=predicate(into_the_arrays), follows=["sgd_without_momentum"])
def sgd_writes_into_params(td, params, grads, options):
    """step(grads) of your SGD writes the new values into the arrays of params, and leaves those of grads alone."""
    return two_steps(td.SGD, params, grads, options)


# --- 4.5 Adam ---------------------------------------------------------------------------------------------------------


def adam_options(rng):
    """With an eps so small that its place does not matter, which a check of its own asks for."""
    return {
        "lr": float(rng.uniform(0.05, 0.3)),
        "betas": [float(rng.uniform(0.6, 0.9)), float(rng.uniform(0.92, 0.99))],
        "eps": 1e-30,
    }


def adam_steps(rng):
    defaults = {"default_lr": lists_of_arrays(rng, 4, lambda: {"eps": 1e-30})["a_layer"]}
    return lists_of_arrays(rng, 6, lambda: adam_options(rng)) | defaults


def adam_steps_where_eps_matters(rng):
    """eps of the size of the gradients; and the other way round, gradients as small as the default eps."""
    cases = lists_of_arrays(rng, 4, lambda: adam_options(rng) | {"eps": float(rng.uniform(0.2, 0.8))})
    small = lists_of_arrays(rng, 4, lambda: adam_options(rng))["one_array"]
    del small["options"]["eps"]
    small["grads"] = [[1e-8 * g for g in step] for step in small["grads"]]
    return {"large_eps": cases["one_array"], "large_eps_for_a_layer": cases["a_layer"], "small_gradients": small}


def adam_steps_with_decay(rng):
    return lists_of_arrays(rng, 4, lambda: adam_options(rng) | {"weight_decay": float(rng.uniform(0.2, 0.8))})


@check("4.5", points=0.5, cases=adam_steps, compare=DIGITS)
def adam_moves_like_torch(td, params, grads, options):
    """Your Adam gives torch.optim.Adam's values, step after step, to nine digits: it wants float64."""
    return run(td.Adam, params, grads, options)


@check("4.5", points=0.5, cases=adam_steps_where_eps_matters, compare=DIGITS, follows=["adam_moves_like_torch"])
def adam_has_eps_in_its_place(td, params, grads, options):
    """Your Adam gives torch.optim.Adam's values where eps is as large as the gradients, to nine digits, in float64."""
    return run(td.Adam, params, grads, options)


@check("4.5", points=0.25, cases=adam_steps_with_decay, compare=DIGITS, follows=["adam_moves_like_torch"])
def adam_with_weight_decay(td, params, grads, options):
    """With weight decay, your Adam gives torch.optim.Adam's values to nine digits: it wants float64."""
    return run(td.Adam, params, grads, options)


@check("4.5", points=0.25, cases=short_steps, compare=predicate(into_the_arrays), follows=["adam_moves_like_torch"])
def adam_writes_into_params(td, params, grads, options):
    """step(grads) of your Adam writes the new values into the arrays of params, and leaves those of grads alone."""
    return two_steps(td.Adam, params, grads, options)


# --- 4.6 AdamW --------------------------------------------------------------------------------------------------------


def adamw_steps(rng):
    defaults = {"default_lr": lists_of_arrays(rng, 4, lambda: {"eps": 1e-30})["a_layer"]}
    return adam_steps_with_decay(rng) | defaults


def steps_without_slope(rng):
    cases = adam_steps_with_decay(rng)
    return {n: v | {"grads": [[np.zeros_like(g) for g in step] for step in v["grads"]]} for n, v in cases.items()}


@check(
    "4.6",
    points=0.25,
    cases=steps_without_slope,
    compare=DIGITS,
    follows=["adam_moves_like_torch", "adam_writes_into_params"],
)
def adamw_shrinks_without_gradients(td, params, grads, options):
    """Where all gradients are 0, your AdamW shrinks the parameters at each step, to nine digits: it wants float64."""
    return run(td.AdamW, params, grads, options)


@check(
    "4.6",
    points=0.25,
    cases=adam_steps_with_decay,
    compare=DIGITS,
    follows=["adam_moves_like_torch", "adam_writes_into_params"],
)
def adamw_decays_before_the_step(td, params, grads, options):
    """At the first step, your AdamW with weight decay differs from itself without by the decay alone (float64)."""
    others = [np.array(p) for p in params]
    with_decay = run(td.AdamW, params, grads[:1], options)
    without = run(td.AdamW, others, grads[:1], dict(options, weight_decay=0.0))
    return {name: with_decay[name] - without[name] for name in with_decay}


@check(
    "4.6",
    points=0.25,
    cases=adamw_steps,
    compare=DIGITS,
    follows=[
        "adam_moves_like_torch",
        "adam_writes_into_params",
        "adamw_shrinks_without_gradients",
        "adamw_decays_before_the_step",
    ],
)
def adamw_moves_like_torch(td, params, grads, options):
    """Your AdamW moves the arrays of params to torch.optim.AdamW's values, to nine digits: it wants float64."""
    optimizer = td.AdamW(params, **options)
    for step in grads:
        optimizer.step(step)
    return {f"params_{i}": array for i, array in enumerate(params)}


# --- 4.7 dropout ------------------------------------------------------------------------------------------------------


def activations(rng):
    def values(shape, p):
        x = rng.uniform(0.5, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)
        return {"x": x, "p": float(p), "seed": int(rng.integers(2**31))}

    return {
        "few_dropped": values((8, 10), rng.uniform(0.15, 0.4)),
        "most_dropped": values((12, 10), rng.uniform(0.6, 0.85)),
        "one_row": values((1, 60), rng.uniform(0.2, 0.4)),
        "three_axes": values((4, 5, 6), rng.uniform(0.2, 0.4)),
    }


@check("4.7", points=0.5, cases=activations, compare=equal())
def dropout_keeps_the_right_entries(td, x, p, seed):
    """Your dropout keeps the entries where rng.random(x.shape) >= p, and no others; this looks at which are not 0."""
    return (np.asarray(td.dropout(x, p, np.random.default_rng(seed))) != 0).astype(int)


def scaled(values, answer):
    y, x = np.asarray(answer), values["x"]
    if y.shape != x.shape:
        return f"the answer has shape {y.shape}, not {x.shape}"
    kept = y != 0
    if not np.any(kept):
        return "nothing is left"
    wanted = x[kept] / (1 - values["p"])
    return True if np.allclose(y[kept], wanted, rtol=1e-4) else "entries that are kept have not grown by 1 / (1 - p)"


@check("4.7", points=0.25, cases=activations, compare=predicate(scaled))
def dropout_scales_what_it_keeps(td, x, p, seed):
    """What your dropout keeps, whichever it is, grows so that each entry's mean stays what it was."""
    return td.dropout(x, p, np.random.default_rng(seed))


@check("4.7", points=0.25, cases=activations, compare=close(atol=1e-6))
def dropout_does_nothing_at_test_time(td, x, p, seed):
    """With training=False, your dropout returns what it was given."""
    return td.dropout(x, p, np.random.default_rng(seed), training=False)


def x_is_as_before(values, answer):
    if np.shape(answer["y"]) != values["x"].shape or np.array_equal(answer["y"], values["x"]):
        return "dropout does not return an array of x's shape in which entries have changed"
    same = np.array_equal(answer["x"], values["x"])
    return True if same else "after dropout(x, …), the array x holds other numbers than before"


@check("4.7", points=0.25, cases=activations, compare=predicate(x_is_as_before))
def dropout_leaves_its_input_alone(td, x, p, seed):
    """Your dropout returns a new array and does not write into the one that it is given."""
    return {"y": td.dropout(x, p, np.random.default_rng(seed)), "x": x}
