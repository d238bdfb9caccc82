"""Fitting: 18 checks, 10 points.

One mistake is paid once as far as can be: Newton's method is tried on functions of the check's own, and the cases of
cross-validation have no remainder, which k_fold is asked about. What is built on an earlier question is worth little.

An answer computed in float32 passes every check: numbers are of order 1, problems are well conditioned (points are
spread evenly, degrees are at most 4), and where a system is solved the tolerance is 1e-3.
"""

import warnings

import numpy as np

from grader.authoring import check, close, equal, gradient

SOLVED = {"rtol": 1e-3, "atol": 1e-3}


# --- 1.1 and 1.2 least squares ----------------------------------------------------------------------------------------


def regressions(rng):
    def values(n, d):
        X = rng.uniform(-0.5, 1.5, size=(n, d)) + 3.0 * np.eye(n, d)
        y = X @ rng.uniform(0.5, 2.0, size=d) + rng.uniform(1.0, 2.0) + rng.normal(size=n)
        return {"X": X, "y": 10.0 ** rng.uniform(0.0, 2.0) * y}  # so that not even one number is alike in two draws

    exact = values(12, 3)
    return {
        "batch": values(15, 3),
        "one_column": values(10, 1),
        "two_rows_more": values(6, 4),
        "no_error": exact | {"y": exact["X"] @ rng.uniform(0.5, 2.0, size=3)},
    }


@check("1.1", points=0.75, cases=regressions, compare=close(**SOLVED))
def linear_regression_minimises_the_error(td, X, y):
    """linear_regression returns the theta, of shape (d,), with the smallest squared error, without an intercept."""
    return td.linear_regression(X, y)


def predictions(rng):
    return {
        "many": {"y": rng.normal(size=12), "y_hat": rng.normal(size=12)},
        "three": {"y": rng.uniform(2.0, 4.0, size=3), "y_hat": rng.uniform(-1.0, 1.0, size=3)},
        "integers": {"y": rng.integers(-90, 90, size=7), "y_hat": rng.integers(-90, 90, size=7)},
    }


@check("1.2", points=0.5, cases=predictions, compare=close(atol=1e-6))
def mse_is_the_mean_of_squares(td, y, y_hat):
    """mse is the mean of the squared differences."""
    return td.mse(y, y_hat)


# --- 1.3 and 1.4 polynomials ------------------------------------------------------------------------------------------


def points_to_raise(rng):
    return {
        "cubic": {"x": rng.uniform(-2.0, 2.0, size=6), "degree": 3},
        "square": {"x": rng.uniform(-2.0, 2.0, size=5), "degree": 4},
        "line": {"x": rng.uniform(-2.0, 2.0, size=3), "degree": 1},
        "constant": {"x": rng.uniform(-2.0, 2.0, size=4), "degree": 0},
    }


@check("1.3", points=0.5, cases=points_to_raise, compare=close(atol=1e-5), public=["cubic", "square", "line"])
def polynomial_features_are_the_powers(td, x, degree):
    """polynomial_features has degree + 1 columns, and column j is x**j."""
    return td.polynomial_features(x, degree)


def spread(rng, n):
    """n numbers in [-1, 1], in no order, no two of them near each other."""
    return rng.permutation(np.linspace(-0.95, 0.95, n) + rng.uniform(-0.2, 0.2, size=n) / n)


def points_to_fit(rng):
    def values(n, degree):
        x = spread(rng, n)
        level = rng.choice([-1.0, 1.0]) * rng.uniform(5.0, 25.0)  # unlike other coefficients and draws
        return {"x": x, "y": level + 2.0 * x - 1.5 * x**2 + 0.3 * rng.normal(size=n), "degree": degree}

    return {
        "line": values(12, 1),
        "cubic": values(15, 3),
        "quartic": values(20, 4),
        "through_all_points": values(3, 2),
        "constant": values(9, 0),
    }


@check(
    "1.4",
    points=0.75,
    cases=points_to_fit,
    compare=close(**SOLVED),
    follows=["linear_regression_minimises_the_error", "polynomial_features_are_the_powers"],
)
def fit_polynomial_gives_the_coefficients(td, x, y, degree):
    """fit_polynomial returns the degree + 1 coefficients of the nearest polynomial, the constant first."""
    return td.fit_polynomial(x, y, degree)


# --- 1.5 Lagrange -----------------------------------------------------------------------------------------------------


def nodes(rng):
    def values(k, m):
        return {"x_nodes": spread(rng, k), "y_nodes": rng.normal(size=k) + 1.0, "x": rng.uniform(-1.0, 1.0, size=m)}

    return {"three_nodes": values(3, 5), "five_nodes": values(5, 8), "two_nodes": values(2, 4), "as_many": values(4, 4)}


def at_the_nodes(rng):
    found = {}
    for name, values in nodes(rng).items():
        found[name] = values | {"x": np.concatenate([values["x_nodes"], values["x"][:1]])}
    return found


@check("1.5", points=1.0, cases=nodes, compare=close(rtol=1e-3, atol=1e-4))
def lagrange_between_the_nodes(td, x_nodes, y_nodes, x):
    """lagrange returns the values at x of the polynomial through all the nodes."""
    return td.lagrange(x_nodes, y_nodes, x)


@check(
    "1.5",
    points=0.25,
    cases=at_the_nodes,
    compare=close(rtol=1e-3, atol=1e-4),
    follows=["lagrange_between_the_nodes"],
)
def lagrange_at_the_nodes(td, x_nodes, y_nodes, x):
    """lagrange also works where some of the numbers in x are nodes."""
    return td.lagrange(x_nodes, y_nodes, x)


# --- 1.6 and 1.7 cross-validation -------------------------------------------------------------------------------------


def sizes(rng):
    m = [int(n) for n in rng.integers(40, 2000, size=4)]
    few = int(rng.integers(40, 600))
    return {
        "even": {"n": 4 * m[0], "k": 4},
        "one_left_over": {"n": 3 * m[1] + 1, "k": 3},
        "all_but_one_left_over": {"n": 5 * m[2] + 4, "k": 5},
        "two_folds": {"n": 2 * m[3] + 1, "k": 2},
        "one_each": {"n": few, "k": few},
    }


def fewer_folds(rng):
    return {name: values for name, values in sizes(rng).items() if name != "one_each"}


@check("1.6", points=0.5, cases=sizes, compare=equal())
def k_fold_tests_each_index_once(td, n, k):
    """k_fold has k test sets, contiguous and in order, of the right lengths."""
    tests = [np.asarray(test) for _, test in td.k_fold(n, k)]
    return {"lengths": [len(test) for test in tests], "indices": np.concatenate(tests)}


@check("1.6", points=0.5, cases=fewer_folds, compare=equal())
def k_fold_trains_on_the_rest(td, n, k):
    """With each test set of k_fold come all the other indices to train on, each once, in whatever order."""
    folds = td.k_fold(n, k)
    together = np.concatenate([np.sort(np.concatenate([train, test])) for train, test in folds])
    return {"in_both": [np.intersect1d(train, test).size for train, test in folds], "together": together}


def noisy_points(rng):
    def values(n, degree, k):
        x = spread(rng, n)
        noise = 0.7 * rng.normal(size=n)  # less than what each power of x adds: each degree has errors of its own
        return {"x": x, "y": 5.0 + 2.0 * x - 3.0 * x**2 + 4.0 * x**3 + noise, "degree": degree, "k": k}

    return {
        "line": values(24, 1, 4),
        "cubic": values(30, 3, 5),
        "parabola_two_folds": values(16, 2, 2),
        "constant": values(12, 0, 3),
    }


@check(
    "1.7",
    points=0.75,
    cases=noisy_points,
    compare=close(rtol=1e-3, atol=1e-4),
    follows=[
        "fit_polynomial_gives_the_coefficients",
        "k_fold_tests_each_index_once",
        "k_fold_trains_on_the_rest",
        "mse_is_the_mean_of_squares",
    ],
)
def cross_validate_tests_what_was_not_seen(td, x, y, degree, k):
    """cross_validate returns the k mean squared errors on the test folds, of polynomials fitted without them."""
    return td.cross_validate(x, y, degree, k)


# --- 1.8 Newton -------------------------------------------------------------------------------------------------------


def cubics(rng):
    """c x^3 + b x - a, with one root; from x0 the iterates come down to it."""

    def values(steps):
        a, b, c = rng.uniform(0.5, 2.0, size=3)
        return {"a": float(a), "b": float(b), "c": float(c), "x0": float(rng.uniform(2.0, 3.0)), "steps": steps}

    return {"one_step": values(1), "three_steps": values(3), "seven_steps": values(7)}


def starts(rng):
    none = cubics(rng)["one_step"] | {"steps": 0}
    return cubics(rng) | {"no_step": none}


@check("1.8", points=0.25, cases=starts, compare=close(atol=1e-6))
def newton_returns_all_iterates(td, a, b, c, x0, steps):
    """newton returns steps + 1 numbers, and the first is x0."""
    iterates = np.asarray(td.newton(lambda x: c * x**3 + b * x - a, lambda x: 3 * c * x**2 + b, x0, steps))
    return {"number": len(iterates), "first": iterates[0]}


@check("1.8", points=1.0, cases=cubics, compare=close(atol=1e-5), follows=["newton_returns_all_iterates"])
def newton_follows_the_tangent(td, a, b, c, x0, steps):
    """Each iterate of newton is where the tangent at the one before it is zero."""
    iterates = np.asarray(td.newton(lambda x: c * x**3 + b * x - a, lambda x: 3 * c * x**2 + b, x0, steps))
    return {"last": iterates[-1], "one before": iterates[-2]} if len(iterates) > 1 else iterates


# --- 1.9 sigmoid ------------------------------------------------------------------------------------------------------


def scores(rng):
    return {
        "both_signs": {"z": rng.uniform(-4.0, 4.0, size=9)},
        "matrix": {"z": rng.uniform(-4.0, 4.0, size=(3, 2))},
    }


def large_scores(rng):
    small = rng.integers(-2048, 2049, size=5) / 1024
    return {
        "positive": {"z": np.append(1000.0 + small, small)},
        "negative": {"z": np.append(-1000.0 - small, small)},
        "both": {"z": np.array([1000.0, -1000.0, 0.0, -800.0, 800.0]) + np.append(small[:3], [0.0, 0.0])},
    }


@check("1.9", points=0.25, cases=scores, compare=close(atol=1e-6))
def sigmoid_is_what_the_formula_says(td, z):
    """sigmoid is 1 / (1 + exp(-z)), for arrays of any shape."""
    return td.sigmoid(z)


@check("1.9", points=0.25, cases=large_scores, compare=close(atol=1e-6), follows=["sigmoid_is_what_the_formula_says"])
def sigmoid_survives_large_scores(td, z):
    """At 1000 and at -1000 sigmoid is right, and numpy has nothing to warn of."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        p = td.sigmoid(z)
    return {"sigmoid": p, "warnings": sum(issubclass(w.category, RuntimeWarning) for w in caught)}


# --- 1.10 loss, gradient, Hessian -------------------------------------------------------------------------------------


def labelled(rng):
    def values(n, d):
        y = (np.arange(n) * 2 // 3 + 1) % 2
        return {"w": rng.uniform(0.3, 1.0, size=d), "X": rng.normal(size=(n, d)) + 0.3, "y": y}

    floats = values(6, 4)
    return {
        "batch": values(8, 3),
        "square": values(3, 3),
        "one_row": values(1, 2),
        "labels_are_floats": floats | {"y": floats["y"].astype(float)},
    }


def far_away(rng):
    def values(z, y):
        column = np.round(8.0 * np.array(z) * rng.uniform(0.8, 1.5, size=len(z))) / 8
        return {"w": np.array([1.0, 0.0]), "X": np.stack([column, rng.normal(size=len(z))], axis=1), "y": np.array(y)}

    return {
        "wrong_by_1000": values([1000.0, -1000.0, 1000.0], [0, 1, 1]),
        "wrong_and_near": values([-1000.0, 9.0, 12.0], [1, 0, 1]),
        "one_row": values([-1000.0], [1]),
    }


def own_loss(td, w, X, y):
    return (lambda w: float(td.logistic_loss(w, X, y))), w


@check("1.10", points=0.5, cases=labelled, compare=close(atol=1e-6), follows=["sigmoid_is_what_the_formula_says"])
def logistic_loss_is_the_mean(td, w, X, y):
    """logistic_loss is the mean over the rows of -log of the probability of the label, which is 0 or 1."""
    return td.logistic_loss(w, X, y)


@check(
    "1.10",
    points=0.5,
    cases=far_away,
    compare=close(atol=1e-5),
    follows=["logistic_loss_is_the_mean", "sigmoid_survives_large_scores"],
)
def logistic_loss_survives_large_scores(td, w, X, y):
    """logistic_loss is finite and right where a score is 1000 or -1000, on whichever side."""
    return td.logistic_loss(w, X, y)


@check(
    "1.10",
    points=0.5,
    cases=labelled,
    compare=gradient(atol=1e-5, of=own_loss),
    follows=["sigmoid_is_what_the_formula_says"],
)
def logistic_gradient_is_right(td, w, X, y):
    """logistic_gradient is the gradient of logistic_loss with respect to w."""
    return td.logistic_gradient(w, X, y)


@check("1.10", points=0.5, cases=labelled, compare=close(atol=1e-5), follows=["sigmoid_is_what_the_formula_says"])
def logistic_hessian_is_right(td, w, X, y):
    """logistic_hessian is the (d, d) matrix of second derivatives of logistic_loss."""
    return td.logistic_hessian(w, X, y)


# --- 1.11 Newton for logistic regression ------------------------------------------------------------------------------


def two_clouds(rng):
    def values(n, d, steps):
        y = np.arange(n) % 2
        X = rng.normal(size=(n, d)) + 0.5 * (2 * y[:, None] - 1)
        return {"X": np.column_stack([np.ones(n), X]), "y": y, "steps": steps}

    return {"one_step": values(60, 2, 1), "two_steps": values(60, 1, 2), "to_the_end": values(80, 2, 7)}


@check(
    "1.11",
    points=0.75,
    cases=two_clouds,
    compare=close(**SOLVED),
    follows=["logistic_gradient_is_right", "logistic_hessian_is_right"],
)
def logistic_newton_takes_newton_steps(td, X, y, steps):
    """logistic_newton returns the weights after that many Newton steps from w = 0."""
    return td.logistic_newton(X, y, steps)
