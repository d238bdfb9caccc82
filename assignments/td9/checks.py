"""Other kinds of learning: 52 checks, 10 points; 8 of them for questions 9.1 to 9.6, the TD's three hours.

One mistake is paid once, as far as functions that are built on others allow: large scores, terminal states, ties and
baselines are asked for apart. What is refused is asked of many inputs at once, of which about half are right, so that
neither raising always nor never is worth anything. Ties are tried on integers, where every formula is exact.

An answer computed in float32 passes, but where actions are equal to 1e-9, which the check says.
"""

import numpy as np

from grader.authoring import accuracy, check, close, equal, gradient, predicate


def refused(function, *arguments):
    """Does a call raise ValueError?"""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


# --- 9.1 spreading labels ---------------------------------------------------------------------------------------------


def clouds(rng):
    def values(n, d):
        return {"X": rng.normal(size=(n, d)), "gamma": float(rng.uniform(0.2, 0.8))}

    return {"plane": values(6, 2), "space": values(5, 4), "one_column": values(4, 1)}


def graphs(rng):
    """Every point has neighbours. In the second, nobody has label 1; in the third, weights are small."""

    def values(labels, n, largest=2.0):
        W = largest * rng.uniform(0.05, 1.0, size=(n, n))
        W = np.triu(W, 1)
        y = rng.permutation(np.concatenate([labels, np.full(n - len(labels), -1)]).astype(int))
        return {"W": W + W.T, "y": y, "alpha": float(rng.uniform(0.3, 0.9))}

    return {
        "three_labels": values([0, 1, 2, 2, 0], 9),
        "a_label_without_points": values([2, 0], 7),
        "one_label": values([0, 0], 5, 0.1),
        "deaf": values([1, 0, 1], 6) | {"alpha": 0.0},
    }


def graphs_with_holes(rng):
    """Two points have no neighbour, one that is labelled and one that is not; of the others each label has one."""

    def values(n):
        order, W = rng.permutation(n), np.triu(rng.uniform(0.1, 2.0, size=(n, n)), 1)
        W[order[:2]], W[:, order[:2]] = 0.0, 0.0
        y = np.full(n, -1)
        y[order[1:5]] = [rng.integers(3), 0, 1, 2]
        return {"W": W + W.T, "y": y, "alpha": float(rng.uniform(0.3, 0.9))}

    return {"eight_points": values(8), "nine_points": values(9)}


def graphs_to_refuse(rng):
    n = rng.integers(1, 5, size=30)
    shapes = np.repeat(n[:, None], 2, axis=1)
    wrong = rng.random(30) < 0.25
    shapes[wrong, rng.integers(2, size=30)[wrong]] += 1
    labelled = rng.random(30) < 0.85
    alpha = rng.choice([-0.1, 0.0, 0.5, 0.5, 0.5, 0.9, 1.0, 1.5], size=30)
    n[:6], shapes[:6], labelled[:6] = 3, 3, True
    alpha[:6], shapes[0], labelled[1] = [0.5, 0.5, 0.0, 1.0, -0.1, 0.5], [4, 4], False
    return {"thirty_calls": {"sizes": np.column_stack([n, shapes, labelled]), "alpha": alpha}}


@check("9.1", points=0.3, cases=clouds, compare=close(atol=1e-6))
def affinities_fall_with_the_squared_distance(td, X, gamma):
    """rbf_affinity is exp(-gamma |x - x'|²), and 0 for a point and itself."""
    return td.rbf_affinity(X, gamma)


@check("9.1", points=0.6, cases=graphs, compare=close(atol=1e-6))
def spreading_solves_the_equations(td, W, y, alpha):
    """label_spreading is (1 - alpha) (I - alpha S)⁻¹ Y, with max(y) + 1 columns; W and y stay as they are."""
    spread = td.label_spreading(W, y, alpha)
    return {"spread": spread, "W": W, "y": y}


@check("9.1", points=0.2, cases=graphs_with_holes, compare=close(atol=1e-6), follows=["spreading_solves_the_equations"])
def spreading_leaves_lonely_points_alone(td, W, y, alpha):
    """Where a point has no neighbour, S is 0 in your label_spreading, and nothing is nan."""
    return td.label_spreading(W, y, alpha)


@check("9.1", points=0.15, cases=graphs_to_refuse, compare=equal())
def spreading_refuses_what_makes_no_sense(td, sizes, alpha):
    """label_spreading raises ValueError unless W is (n, n), some y >= 0 and 0 <= alpha < 1."""
    found = []
    for i, (n, a, b, labelled) in enumerate(sizes.tolist()):
        y = np.full(n, -1)
        y[-1] = 0 if labelled else -1
        # Small weights: not even unnormalised is I - αW singular, whose LinAlgError is a ValueError.
        found.append(refused(td.label_spreading, np.full((a, b), 0.2), y, float(alpha[i])))
    return found


# --- 9.2 positive and unlabelled --------------------------------------------------------------------------------------


def plausible(rng, n_p, n_u, d):
    """Data and weights whose R⁻ is well above 0."""
    while True:
        w, X_p, X_u = 0.7 * rng.normal(size=d), rng.normal(size=(n_p, d)) + 0.3, rng.normal(size=(n_u, d))
        prior = float(rng.uniform(0.15, 0.35))
        if np.mean(np.logaddexp(0, X_u @ w)) - prior * np.mean(np.logaddexp(0, X_p @ w)) > 0.1:
            return {"w": w, "X_p": X_p, "X_u": X_u, "prior": prior}


def too_good(rng, n_p, n_u, d):
    """Data and weights whose R⁻ is well below 0."""
    return {
        "w": rng.uniform(0.5, 1.0, size=d),
        "X_p": 0.5 * rng.normal(size=(n_p, d)) + 1.0,
        "X_u": 0.5 * rng.normal(size=(n_u, d)) - 1.0,
        "prior": float(rng.uniform(0.6, 0.8)),
    }


def positives_and_others(rng):
    return {
        "batch": plausible(rng, 5, 9, 3),
        "one_positive": plausible(rng, 1, 6, 2),
        "below_0": too_good(rng, 6, 4, 3),
    }


def large_scores(rng):
    """Scores of ±1000, right ones and wrong ones."""

    def values(signs_p, signs_u):
        w = np.array([1000.0, rng.uniform(-1.0, 1.0)])
        rows = [np.column_stack([signs, rng.normal(size=len(signs))]) for signs in (signs_p, signs_u)]
        return {"w": w, "X_p": rows[0], "X_u": rows[1], "prior": float(rng.uniform(0.2, 0.4))}

    return {"both_signs": values([1, -1, 1], [1, -1, -1, 1, -1]), "all_wrong": values([-1, -1], [1, 1, 1])}


def priors(rng, n_functions):
    which = rng.permutation(np.arange(30) % n_functions)
    prior = rng.choice([-0.5, 0.0, 0.2, 0.5, 0.7, 0.9, 1.0, 1.5], size=30)
    which[: 2 * n_functions] = np.arange(2 * n_functions) // 2
    prior[: 2 * n_functions] = np.tile([0.0, 1.0], n_functions)
    return {"thirty_calls": {"which": which, "priors": prior}}


def priors_of_upu(rng):
    return priors(rng, 2)


def risk_of(td, w, X_p, X_u, prior):
    return (lambda w: td.upu_risk(w, X_p, X_u, prior)), w


@check("9.2", points=0.45, cases=positives_and_others, compare=close(atol=1e-6))
def upu_risk_needs_no_negatives(td, w, X_p, X_u, prior):
    """upu_risk is π mean ℓ(g) over positives, plus R⁻, which may be negative."""
    return td.upu_risk(w, X_p, X_u, prior)


@check("9.2", points=0.2, cases=large_scores, compare=close(), follows=["upu_risk_needs_no_negatives"])
def upu_risk_at_large_scores(td, w, X_p, X_u, prior):
    """upu_risk is finite and right where scores are 1000 and -1000."""
    return td.upu_risk(w, X_p, X_u, prior)


@check("9.2", points=0.4, cases=positives_and_others, compare=gradient(atol=1e-6, of=risk_of))
def upu_gradient_is_the_risks(td, w, X_p, X_u, prior):
    """upu_gradient is the gradient of upu_risk with respect to w."""
    return td.upu_gradient(w, X_p, X_u, prior)


@check("9.2", points=0.1, cases=large_scores, compare=close(atol=1e-6), follows=["upu_gradient_is_the_risks"])
def upu_gradient_at_large_scores(td, w, X_p, X_u, prior):
    """upu_gradient is finite and right where scores are 1000 and -1000."""
    return td.upu_gradient(w, X_p, X_u, prior)


@check("9.2", points=0.05, cases=priors_of_upu, compare=equal())
def upu_refuses_priors(td, which, priors):
    """upu_risk and upu_gradient raise ValueError unless 0 < prior < 1."""
    functions = [td.upu_risk, td.upu_gradient]
    X = np.array([[1.0, 2.0], [0.0, 1.0]])
    return [refused(functions[which[i]], X[0], X, X, float(priors[i])) for i in range(len(which))]


# --- 9.3 not below 0 --------------------------------------------------------------------------------------------------


def on_both_sides_of_0(rng):
    return {
        "above_0": plausible(rng, 5, 9, 3),
        "below_0": too_good(rng, 6, 4, 3),
        "one_column": too_good(rng, 3, 5, 1),
    }


def at_0(rng):
    """With a prior of 1/2, R⁻ is exactly 0, in whatever form ℓ is written: it is 0 or |g|. R⁻'s slope is not 0."""

    def values():
        g, a, b, c = rng.integers([800, 1, -500, -500], [2001, 500, 0, 0]).tolist()
        return {"w": np.array([1, 0]), "X_p": np.array([[g, a]]), "X_u": np.array([[g, b], [-1000, c]])}

    return {"at_0": values(), "at_0_too": values()}


def first_steps(rng):
    def values(data, **options):
        return data | {"lr": float(rng.uniform(0.3, 0.9))} | options

    return {
        "plausible": values(plausible(rng, 5, 9, 3), beta=0.0, gamma=float(rng.uniform(0.3, 0.7))),
        "too_good": values(too_good(rng, 6, 4, 3), beta=0.0, gamma=1.0),
        "too_good_and_gamma": values(too_good(rng, 4, 5, 2), beta=0.0, gamma=float(rng.uniform(0.3, 0.7))),
    }


def steps_with_beta(rng):
    """R⁻ is below -0.3, and above -5."""

    def values(beta):
        return too_good(rng, 6, 4, 3) | {"lr": float(rng.uniform(0.3, 0.9)), "beta": beta}

    return {"beta_is_large": values(5.0), "beta_is_small": values(0.2)}


def steps_at_0(rng):
    return {name: values | {"lr": float(rng.uniform(0.3, 0.9))} for name, values in at_0(rng).items()}


def short_fits(rng):
    """In the last, R⁻ falls below 0 after a few steps, and is pushed up again."""

    def values(data, lr, steps):
        return {"X_p": data["X_p"], "X_u": data["X_u"], "prior": data["prior"], "lr": lr, "steps": steps}

    return {
        "one_step": values(plausible(rng, 5, 9, 3), 0.4, 1),
        "five_steps": values(plausible(rng, 4, 8, 2), 0.4, 5),
        "up_and_down": values(too_good(rng, 6, 4, 3), 0.8, 9),
    }


def priors_of_nnpu(rng):
    return priors(rng, 4)


def clipped_risk_of(td, w, X_p, X_u, prior):
    return (lambda w: td.nnpu_risk(w, X_p, X_u, prior)), w


@check("9.3", points=0.25, cases=on_both_sides_of_0, compare=close(atol=1e-6), follows=["upu_risk_needs_no_negatives"])
def nnpu_risk_is_cut_at_0(td, w, X_p, X_u, prior):
    """nnpu_risk has max(0, R⁻) in place of R⁻."""
    return td.nnpu_risk(w, X_p, X_u, prior)


@check(
    "9.3",
    points=0.25,
    cases=on_both_sides_of_0,
    compare=gradient(atol=1e-6, of=clipped_risk_of),
    follows=["upu_gradient_is_the_risks"],
)
def nnpu_gradient_is_the_risks(td, w, X_p, X_u, prior):
    """nnpu_gradient is the gradient of nnpu_risk with respect to w."""
    return td.nnpu_gradient(w, X_p, X_u, prior)


@check(
    "9.3",
    points=0.1,
    cases=large_scores,
    compare=close(atol=1e-6),
    follows=[
        "upu_risk_at_large_scores",
        "upu_gradient_at_large_scores",
        "nnpu_risk_is_cut_at_0",
        "nnpu_gradient_is_the_risks",
    ],
)
def nnpu_at_large_scores(td, w, X_p, X_u, prior):
    """nnpu_risk and nnpu_gradient are finite and right where scores are 1000 and -1000."""
    return {"risk": td.nnpu_risk(w, X_p, X_u, prior), "gradient": td.nnpu_gradient(w, X_p, X_u, prior)}


@check(
    "9.3",
    points=0.1,
    cases=at_0,
    compare=close(atol=1e-6),
    follows=["nnpu_gradient_is_the_risks", "nnpu_at_large_scores"],
)
def nnpu_gradient_at_0(td, w, X_p, X_u):
    """Where R⁻ is exactly 0, the gradient of R⁻ counts in nnpu_gradient."""
    return td.nnpu_gradient(1.0 * w, 1.0 * X_p, 1.0 * X_u, 0.5)


@check("9.3", points=0.3, cases=first_steps, compare=close(atol=1e-6), follows=["upu_gradient_is_the_risks"])
def nnpu_step_goes_down_or_up(td, w, X_p, X_u, prior, lr, beta, gamma):
    """nnpu_step goes down upu's gradient where R⁻ >= 0, and γ lr up R⁻'s where not; the w given stays as it is."""
    moved = td.nnpu_step(w, X_p, X_u, prior, lr, beta, gamma)
    return {"moved": moved, "given": w}


@check("9.3", points=0.1, cases=steps_with_beta, compare=close(atol=1e-6), follows=["nnpu_step_goes_down_or_up"])
def nnpu_step_allows_beta(td, w, X_p, X_u, prior, lr, beta):
    """nnpu_step goes down as long as R⁻ >= -beta; gamma is 1 if it is not given."""
    return td.nnpu_step(w, X_p, X_u, prior, lr, beta)


@check(
    "9.3",
    points=0.1,
    cases=steps_at_0,
    compare=close(atol=1e-6),
    follows=["nnpu_step_goes_down_or_up", "upu_risk_at_large_scores", "upu_gradient_at_large_scores"],
)
def nnpu_step_at_0(td, w, X_p, X_u, lr):
    """Where R⁻ is exactly 0, nnpu_step goes down; beta is 0 if it is not given."""
    return td.nnpu_step(1.0 * w, 1.0 * X_p, 1.0 * X_u, 0.5, lr)


@check("9.3", points=0.05, cases=priors_of_nnpu, compare=equal())
def nnpu_refuses_priors(td, which, priors):
    """nnpu_risk, nnpu_gradient, nnpu_step and fit_nnpu raise ValueError unless 0 < prior < 1."""
    X = np.array([[1.0, 2.0], [0.0, 1.0]])
    found = []
    for i, prior in enumerate(priors.tolist()):
        if which[i] < 2:
            found.append(refused([td.nnpu_risk, td.nnpu_gradient][which[i]], X[0], X, X, prior))
        elif which[i] == 2:
            found.append(refused(td.nnpu_step, X[0], X, X, prior, 0.1))
        else:
            found.append(refused(td.fit_nnpu, X, X, prior, 0.1, 2))
    return found


@check("9.3", points=0.15, cases=short_fits, compare=close(atol=1e-6), follows=["nnpu_step_goes_down_or_up"])
def fit_nnpu_takes_steps_from_0(td, X_p, X_u, prior, lr, steps):
    """fit_nnpu gives the weights after so many steps from 0."""
    return td.fit_nnpu(X_p, X_u, prior, lr, steps)


# The share of right labels, the smallest, median and largest of 300 draws of clouds:
#   right: reference and two independent          0.95  0.98  1.00
#   going down upu_gradient or nnpu_gradient      0.94  0.98  1.00
#   the unlabelled taken for negatives            0.67  0.72  0.78
#   w = 0                                         0.50  0.50  0.50
# There are enough examples not to overfit: who does is asked by fit_nnpu_takes_steps_from_0, where chance decides less.


def two_clouds(rng):
    """Five columns and a column of ones, 200 positives and 500 unlabelled, of which 200 are positive too."""
    direction = rng.normal(size=5)
    direction /= np.linalg.norm(direction)

    def rows(positive):
        X = rng.normal(size=(len(positive), 5)) + np.outer(np.where(positive, 2.2, -2.2), direction)
        return np.column_stack([X, np.ones(len(X))])

    y_test = rng.permutation(np.arange(400) % 2)
    return {
        "clouds": {
            "X_p": rows(np.ones(200, dtype=bool)),
            "X_u": rows(rng.permutation(500) < 200),
            "prior": 0.4,
            "X_test": rows(y_test == 1),
            "y_test": y_test,
        }
    }


@check(
    "9.3",
    points=0.2,
    cases=two_clouds,
    compare=accuracy("y_test", full=0.88, none=0.8),
    follows=["fit_nnpu_takes_steps_from_0"],
)
def fit_nnpu_tells_positives_from_negatives(td, X_p, X_u, prior, X_test):
    """Trained without one negative example, your w·x > 0 tells positives from negatives."""
    w = td.fit_nnpu(X_p, X_u, prior, 0.3, 60)
    return (X_test @ np.asarray(w) > 0).astype(int)


# --- 9.4 a world that is known ----------------------------------------------------------------------------------------


def process(rng, S, A, n_terminal):
    """P, R and terminal. What P and R have in the rows of terminal states looks like all else, and means nothing."""
    terminal = np.zeros(S, dtype=bool)
    terminal[rng.permutation(S)[:n_terminal]] = True
    P = rng.dirichlet(np.full(S, 0.5), size=(S, A))
    return {"P": P, "R": rng.normal(size=(S, A)), "gamma": float(rng.uniform(0.5, 0.9)), "terminal": terminal}


def endless_worlds(rng):
    def values(S, A):
        return process(rng, S, A, 0) | {"V": 3.0 * rng.normal(size=S)}

    return {
        "five_states": values(5, 3),
        "two_states": values(2, 4),
        "one_action": values(4, 1),
        "no_discount": values(4, 2) | {"gamma": 1.0},
    }


def worlds_with_an_end(rng):
    def values(S, A, n_terminal):
        return process(rng, S, A, n_terminal) | {"V": 3.0 * rng.normal(size=S)}

    return {"one_end": values(5, 3, 1), "two_ends": values(6, 2, 2)}


def shapes_of_worlds(rng):
    """V's, P's, R's and terminal's axes; in about a third one of them is another."""
    S, A = rng.integers(1, 4, size=30), rng.integers(1, 4, size=30)
    sizes = np.stack([S, S, A, S, S, A, S], axis=1)
    wrong = rng.random(30) < 0.35
    sizes[wrong, rng.integers(7, size=30)[wrong]] += 1
    gammas = rng.choice([-0.1, 0.0, 0.5, 0.5, 0.9, 1.0, 1.1], size=30)
    sizes[:4], gammas[:4] = [2, 2, 3, 2, 2, 3, 2], [0.0, 1.0, -0.1, 1.1]
    sizes[4:11], gammas[4:11] = np.array([1, 1, 2, 1, 1, 2, 1]) + np.eye(7, dtype=int), 0.5
    return {"thirty_calls": {"sizes": sizes, "gammas": gammas}}


@check("9.4", points=0.35, cases=endless_worlds, compare=close(atol=1e-6))
def q_values_look_one_step_ahead(td, V, P, R, gamma, terminal):
    """q_values is R + γ P V, where nothing is terminal."""
    return td.q_values(V, P, R, gamma, terminal)


@check("9.4", points=0.2, cases=worlds_with_an_end, compare=close(atol=1e-6), follows=["q_values_look_one_step_ahead"])
def q_values_end_in_terminal_states(td, V, P, R, gamma, terminal):
    """In q_values terminal states, and what is done there, are worth 0 whatever V says; V, P and R stay as they are."""
    found = td.q_values(V, P, R, gamma, terminal)
    return {"q_values": found, "V": V, "P": P, "R": R}


@check("9.4", points=0.1, cases=shapes_of_worlds, compare=equal())
def q_values_refuse_what_does_not_fit(td, sizes, gammas):
    """q_values raises ValueError unless shapes are (S,), (S, A, S), (S, A) and (S,), and 0 <= gamma <= 1."""
    found = []
    for i, (v, p, q, r, s, a, t) in enumerate(sizes.tolist()):
        world = [np.ones(v), np.ones((p, q, r)), np.ones((s, a)), float(gammas[i]), np.zeros(t, dtype=bool)]
        found.append(refused(td.q_values, *world))
    return found


@check(
    "9.4",
    points=0.2,
    cases=worlds_with_an_end,
    compare=close(atol=1e-6),
    follows=["q_values_look_one_step_ahead", "q_values_end_in_terminal_states"],
)
def bellman_operator_takes_the_best(td, V, P, R, gamma, terminal):
    """bellman_operator gives the largest of each state's q_values."""
    return td.bellman_operator(V, P, R, gamma, terminal)


def ending(rng, S, A, n_terminal):
    """A process that ends after five steps, on average: values stay finite even if somebody forgets the discount."""
    world = process(rng, S, A, n_terminal)
    return world | {"P": 0.8 * world["P"] + 0.2 * world["terminal"] / n_terminal}


def worlds_to_solve(rng):
    """With a discount; and without, but every step leads to a smaller state, and 0 is the end."""

    def descent(S, A):
        P = np.zeros((S, A, S))
        for s in range(1, S):
            P[s, :, :s] = rng.dirichlet(np.ones(s), size=A)
        P[0, :, 0] = 1.0
        return {"P": P, "R": rng.uniform(-2.0, 1.0, size=(S, A)), "gamma": 1.0, "terminal": np.arange(S) == 0}

    return {"one_end": ending(rng, 5, 3, 1), "two_ends": ending(rng, 6, 2, 2), "no_discount": descent(6, 3)}


def impatient(rng):
    """The last: each move costs just what tol allows, so that the first sweep is the last."""
    cost = int(rng.integers(2, 500))
    S = 4
    P = np.zeros((S, 2, S))
    P[np.arange(1, S), :, np.arange(S - 1)] = 1.0
    line = {"P": P, "R": np.full((S, 2), -cost), "gamma": 1.0, "terminal": np.arange(S) == 0, "tol": cost}
    return {
        "coarse": ending(rng, 5, 3, 1) | {"gamma": 0.9, "tol": float(rng.uniform(0.05, 0.2))},
        "coarser": ending(rng, 6, 2, 1) | {"gamma": 0.9, "tol": float(rng.uniform(0.1, 0.3))},
        "just_tol": line,
    }


@check(
    "9.4",
    points=0.3,
    cases=worlds_to_solve,
    compare=close(atol=1e-6),
    follows=["q_values_look_one_step_ahead", "q_values_end_in_terminal_states", "bellman_operator_takes_the_best"],
)
def value_iteration_finds_the_best_values(td, P, R, gamma, terminal):
    """value_iteration gives V*, with a discount and, where all ways end, without."""
    return td.value_iteration(P, R, gamma, terminal)


@check("9.4", points=0.1, cases=impatient, compare=close(atol=1e-6), follows=["value_iteration_finds_the_best_values"])
def value_iteration_ends_at_tol(td, P, R, gamma, terminal, tol):
    """value_iteration starts from 0 and ends when no value moves by more than tol; it returns the values after that."""
    return td.value_iteration(P, R, gamma, terminal, tol)


def tables_of_actions(rng):
    def values(S, A):
        return {"Q": 3.0 * rng.normal(size=(S, A))}

    return {"thirty_states": values(30, 4), "two_actions": values(30, 2), "all_negative": {"Q": -rng.random((30, 5))}}


def nearly_equal_actions(rng):
    """What is 5e-10 apart is as good; what is 1.6e-9 apart is not."""
    best = rng.integers(-3, 4, size=(40, 1)).astype(float)
    gaps = rng.choice([0.0, 2e-10, 5e-10, 1.6e-9, 1e-6, 1.0], size=(40, 4))
    gaps[np.arange(40), rng.integers(4, size=40)] = 0.0
    return {"forty_states": {"Q": best - gaps}}


@check("9.4", points=0.15, cases=tables_of_actions, compare=equal())
def greedy_policy_takes_the_best(td, Q):
    """greedy_policy gives the best action of each state."""
    return td.greedy_policy(Q)


@check("9.4", points=0.1, cases=nearly_equal_actions, compare=equal(), follows=["greedy_policy_takes_the_best"])
def greedy_policy_takes_the_smallest_of_equals(td, Q):
    """Of actions within 1e-9 of the best, greedy_policy takes the smallest: this wants float64."""
    return td.greedy_policy(Q)


# --- 9.5 Q-learning ---------------------------------------------------------------------------------------------------


def experiences(rng):
    def values(S, A):
        s, s_next = rng.permutation(S)[:2].tolist()
        Q = 3.0 * rng.normal(size=(S, A))
        Q[:, rng.integers(A)] += 8.0  # the best is far from 0, so that its discount is seen
        return {
            "Q": Q,
            "s": s,
            "a": int(rng.integers(A)),
            "r": float(rng.normal()),
            "s_next": s_next,
            "alpha": float(rng.uniform(0.2, 0.8)),
            "gamma": float(rng.uniform(0.5, 0.9)),
        }

    stays = values(3, 3)
    return {"five_states": values(5, 3), "two_states": values(2, 4), "stays": stays | {"s_next": stays["s"]}}


def urns(rng):
    """Many states of the generator for each; in the third, the best is there twice. A number is always drawn."""

    def values(q, epsilon):
        return {"q": q, "epsilon": epsilon, "seeds": rng.integers(2**31, size=120)}

    twice = rng.permutation([-2.0, 3.0, 3.0, 1.0, 0.0])
    return {
        "often": values(rng.normal(size=6), 0.5),
        "seldom": values(rng.normal(size=9), 0.2),
        "twice": values(twice, 0.3),
        "always": values(rng.normal(size=7), 1.0),
        "never": values(rng.normal(size=4), 0.0),
    }


def epsilons(rng):
    epsilons = rng.choice([-1.0, -0.01, 0.0, 0.3, 0.7, 1.0, 1.01, 2.0], size=30)
    epsilons[:4] = rng.permutation([-0.01, 0.0, 1.0, 1.01])
    return {"thirty_calls": {"epsilons": epsilons}}


@check("9.5", points=0.3, cases=experiences, compare=close(atol=1e-6))
def update_moves_towards_the_target(td, Q, s, a, r, s_next, alpha, gamma):
    """q_learning_update moves Q[s, a] by a share alpha towards r + γ max Q[s_next], and nothing else."""
    return td.q_learning_update(Q, s, a, r, s_next, False, alpha, gamma)


@check("9.5", points=0.15, cases=experiences, compare=close(atol=1e-6), follows=["update_moves_towards_the_target"])
def update_knows_the_end(td, Q, s, a, r, s_next, alpha, gamma):
    """If done, q_learning_update moves Q[s, a] towards r alone."""
    return td.q_learning_update(Q, s, a, r, s_next, True, alpha, gamma)


@check("9.5", points=0.1, cases=experiences, compare=close(atol=1e-6), follows=["update_moves_towards_the_target"])
def update_leaves_Q_alone(td, Q, s, a, r, s_next, alpha, gamma):
    """After q_learning_update, the Q that it was given is as before; the one that it returns is another."""
    moved = td.q_learning_update(Q, s, a, r, s_next, False, alpha, gamma)
    return {"given": Q, "returned": moved}


@check("9.5", points=0.25, cases=urns, compare=close())
def epsilon_greedy_draws_as_agreed(td, q, epsilon, seeds):
    """epsilon_greedy draws rng.random(), then rng.integers(len(q)) if that was below epsilon, and nothing more."""
    found = []
    for seed in seeds.tolist():
        rng = np.random.default_rng(seed)
        action = td.epsilon_greedy(q, epsilon, rng)
        found.append([action, rng.random()])
    return np.array(found, dtype=float)


@check("9.5", points=0.05, cases=epsilons, compare=equal())
def epsilon_greedy_refuses(td, epsilons):
    """epsilon_greedy raises ValueError unless 0 <= epsilon <= 1."""
    return [refused(td.epsilon_greedy, np.ones(3), epsilon, np.random.default_rng(0)) for epsilon in epsilons.tolist()]


def corridors(rng):
    """One action alone: whatever is drawn, the walk is the same. The last two never end by themselves."""

    def values(S, ends, **options):
        order = rng.permutation(S)
        next_state = np.empty((S, 1), dtype=int)
        next_state[order, 0] = np.roll(order, -1)
        return {
            "next_state": next_state,
            "reward": rng.normal(size=(S, 1)),
            "terminal": (np.arange(S) == order[-1]) & ends,
            "start": int(order[1]),
            "episodes": 3,
            "alpha": float(rng.uniform(0.3, 0.7)),
            "gamma": float(rng.uniform(0.7, 0.95)),
            "options": options,
        }

    return {
        "with_an_end": values(5, True),
        "cut_after_seven": values(4, False, max_steps=7),
        "cut_after_a_hundred": values(30, False) | {"episodes": 1},
    }


@check(
    "9.5",
    points=0.15,
    cases=corridors,
    compare=close(atol=1e-6),
    follows=["update_moves_towards_the_target", "update_knows_the_end"],
)
def q_learning_walks_and_updates(td, next_state, reward, terminal, start, episodes, alpha, gamma, options):
    """In worlds of one action, Q is what so many walks from start make of 0, each to an end or max_steps long."""
    rng = np.random.default_rng(0)
    return td.q_learning(next_state, reward, terminal, start, episodes, alpha, gamma, 0.2, rng, **options)


# Of 300 grids, on how many the argmax is a shortest path:
#   right: the reference            300
#   Q of 0, and Q at random           0
#   Q of another draw's grid          3 of 400
# What is drawn is free, so the student's rng has one seed for all secrets.


def moves_to(next_state, goal):
    """The number of moves from each cell to the goal; inf where there is no way."""
    moves = np.full(len(next_state), np.inf)
    moves[goal] = 0.0
    for _ in range(len(next_state)):
        moves = np.minimum(moves, 1.0 + np.min(moves[next_state], axis=1))
    return moves


def grids(rng):
    """5 x 5 cells, six of them walls; 6 to 9 moves from start to goal. Actions: up, right, down, left."""

    def values():
        while True:
            cells = rng.permutation(25)
            walls, start, goal = set(cells[:6].tolist()), int(cells[6]), int(cells[7])
            next_state = np.tile(np.arange(25)[:, None], (1, 4))
            for cell in range(25):
                for action, (down, right) in enumerate([(-1, 0), (0, 1), (1, 0), (0, -1)]):
                    row, column = cell // 5 + down, cell % 5 + right
                    if 0 <= row < 5 and 0 <= column < 5 and 5 * row + column not in walls:
                        next_state[cell, action] = 5 * row + column
            moves = moves_to(next_state, goal)
            if 6 <= moves[start] <= 9:
                world = {"next_state": next_state, "reward": np.full((25, 4), -1.0), "terminal": np.arange(25) == goal}
                return world | {"start": start, "moves": moves}

    return {"grid": values(), "another_grid": values()}


def is_a_shortest_path(values, answer):
    actions = np.argmax(np.asarray(answer, dtype=float).reshape(25, 4), axis=1)
    cell, moves = values["start"], 0
    while not values["terminal"][cell]:
        cell, moves = values["next_state"][cell, actions[cell]], moves + 1
        if moves > 25:
            return "the best actions of your Q go round in circles"
    fewest = int(values["moves"][values["start"]])
    if moves > fewest:
        return f"the best actions of your Q take {moves} moves, where {fewest} would do"
    return True


@check(
    "9.5",
    points=0.25,
    cases=grids,
    compare=predicate(is_a_shortest_path),
    follows=["update_moves_towards_the_target", "epsilon_greedy_draws_as_agreed", "q_learning_walks_and_updates"],
)
def q_learning_finds_a_shortest_path(td, next_state, reward, terminal, start):
    """After 200 episodes (-1 a move, epsilon 0.2), the best actions of your Q are a shortest path through a grid."""
    return td.q_learning(next_state, reward, terminal, start, 200, 0.5, 1.0, 0.2, np.random.default_rng(0))


# --- 9.6 policy gradients ---------------------------------------------------------------------------------------------


def rewards(rng):
    def values(T, gamma):
        return {"rewards": rng.normal(size=T), "gamma": gamma}

    return {
        "six_steps": values(6, float(rng.uniform(0.5, 0.9))),
        "one_step": values(1, 0.5),
        "no_discount": values(5, 1.0),
        "short_sighted": values(4, 0.0),
    }


def no_rewards(rng):
    return {"nothing": {"rewards": rng.normal(size=4), "gamma": 0.9}}


def preferences(rng):
    def values(S, A):
        return {"theta": 1.5 * rng.normal(size=(S, A))}

    return {"square": values(3, 3), "wide": values(2, 5), "tall": values(4, 2)}


def strong_preferences(rng):
    """Rows of both signs, so that one maximum for all leaves nothing of some; and one action is out of the question."""
    shifts = rng.permutation([-1000.0, -1000.0, 1000.0, 1000.0])
    return {"thousand": {"theta": rng.normal(size=(4, 4)) + shifts[:, None] - [2000.0, 0.0, 0.0, 0.0]}}


def episodes(rng):
    def values(S, A, T, gamma):
        return {
            "theta": rng.normal(size=(S, A)),
            "states": rng.integers(S, size=T),
            "actions": rng.integers(A, size=T),
            "rewards": rng.normal(size=T),
            "gamma": gamma,
        }

    return {
        "eight_steps": values(3, 4, 8, float(rng.uniform(0.6, 0.9))),
        "one_state": values(1, 3, 5, float(rng.uniform(0.6, 0.9))),
        "no_discount": values(4, 2, 6, 1.0),
    }


def episodes_and_baselines(rng):
    return {name: values | {"baseline": float(rng.uniform(1.0, 3.0))} for name, values in episodes(rng).items()}


def log_probabilities(td, theta, states, actions, rewards, gamma):
    return log_probabilities_and_baseline(td, theta, states, actions, rewards, gamma, 0.0)


def log_probabilities_and_baseline(td, theta, states, actions, rewards, gamma, baseline):
    """What REINFORCE's gradient is the gradient of, the returns being constants."""
    weights = gamma ** np.arange(len(states)) * (np.asarray(td.discounted_returns(rewards, gamma)) - baseline)

    def weighted_sum(theta):
        return np.sum(weights * np.log(np.asarray(td.softmax_policy(theta))[states, actions]))

    return weighted_sum, theta


@check("9.6", points=0.25, cases=rewards, compare=close(atol=1e-6))
def returns_are_what_is_still_to_come(td, rewards, gamma):
    """discounted_returns is G_t = r_t + γ G_{t+1}."""
    return td.discounted_returns(rewards, gamma)


@check("9.6", points=0.05, cases=no_rewards, compare=close(), follows=["returns_are_what_is_still_to_come"])
def returns_of_nothing_are_nothing(td, rewards, gamma):
    """Without rewards, discounted_returns is of shape (0,); and it leaves those that it is given as they are."""
    found = {"none": td.discounted_returns(rewards[:0], gamma)}
    td.discounted_returns(rewards, gamma)
    return found | {"given": rewards}


@check("9.6", points=0.2, cases=preferences, compare=close(atol=1e-6))
def softmax_policy_gives_probabilities(td, theta):
    """softmax_policy is in proportion to exp(theta), and each row sums to 1; theta stays as it is."""
    policy = td.softmax_policy(theta)
    return {"policy": policy, "theta": theta}


@check(
    "9.6",
    points=0.1,
    cases=strong_preferences,
    compare=close(rtol=1e-3, atol=1e-6),
    follows=["softmax_policy_gives_probabilities"],
)
def softmax_policy_survives_a_thousand(td, theta):
    """softmax_policy is finite and right where theta is about 1000 or -1000."""
    return td.softmax_policy(theta)


@check(
    "9.6",
    points=0.45,
    cases=episodes,
    compare=gradient(atol=1e-6, of=log_probabilities),
    follows=["returns_are_what_is_still_to_come", "softmax_policy_gives_probabilities"],
)
def reinforce_weights_log_probabilities(td, theta, states, actions, rewards, gamma):
    """reinforce_gradient is Σ γᵗ G_t ∇ log π(a_t|s_t) over the steps of an episode."""
    return td.reinforce_gradient(theta, states, actions, rewards, gamma)


@check(
    "9.6",
    points=0.15,
    cases=episodes_and_baselines,
    compare=gradient(atol=1e-6, of=log_probabilities_and_baseline),
    follows=["reinforce_weights_log_probabilities"],
)
def reinforce_subtracts_the_baseline(td, theta, states, actions, rewards, gamma, baseline):
    """With a baseline b, reinforce_gradient has G_t - b in place of G_t."""
    return td.reinforce_gradient(theta, states, actions, rewards, gamma, baseline)


# --- 9.7 self-training ------------------------------------------------------------------------------------------------


def few_labels(rng):
    """Four of each: of one, a wrong order may be right by chance."""

    def values(n, d, labels):
        ys = np.full((4, n), -1)
        for y in ys:
            y[rng.permutation(n)[: len(labels)]] = labels
        return {"Xs": rng.normal(size=(4, n, d)), "ys": ys}

    return {"plane": values(40, 2, [0, 1, 2, 1, 0, 2]), "space": values(35, 3, [3, 0, 5, 1, 4])}


def labels_on_grids(rng):
    """Many are equally far: which comes first decides what comes after. Of one grid, every order may be right."""
    ys = np.full((20, 18), -1)
    for y in ys:
        y[rng.permutation(18)[:6]] = rng.permutation(6)
    return {"grids": {"Xs": rng.integers(-2, 3, size=(20, 18, 2)), "ys": ys}}


def labels_to_refuse(rng):
    n = rng.integers(1, 5, size=30)
    lengths = n + rng.choice([-1, 0, 0, 0, 1], size=30)
    labelled = rng.random(30) < 0.75
    n[:5], lengths[:5], labelled[:5] = 3, [3, 3, 2, 4, 3], [True, False, True, True, True]
    return {"thirty_calls": {"sizes": np.column_stack([n, lengths, labelled])}}


@check("9.7", points=0.4, cases=few_labels, compare=equal())
def self_training_goes_by_the_nearest(td, Xs, ys):
    """self_training labels the nearest point first, and goes on from there; X and y stay as they are."""
    labels = [td.self_training(Xs[i], ys[i]) for i in range(len(Xs))]
    return {"labels": np.array(labels), "X": Xs, "y": ys}


@check("9.7", points=0.15, cases=labels_on_grids, compare=equal(), follows=["self_training_goes_by_the_nearest"])
def self_training_settles_ties(td, Xs, ys):
    """At ties the smaller unlabelled index comes first, then the smaller labelled one: tried on integers."""
    return np.array([td.self_training(Xs[i], ys[i]) for i in range(len(Xs))])


@check("9.7", points=0.1, cases=labels_to_refuse, compare=equal())
def self_training_refuses(td, sizes):
    """self_training raises ValueError where there is no label, or not one for each point."""
    found = []
    for n, length, labelled in sizes.tolist():
        y = np.full(length, -1)
        y[:1] = 0 if labelled else -1
        found.append(refused(td.self_training, np.arange(2.0 * n).reshape(n, 2), y))
    return found


# --- 9.8 Elkan and Noto -----------------------------------------------------------------------------------------------


def labelled_or_not(rng):
    def values(n, labelled):
        return {"g": rng.random(n), "s": rng.permutation(np.arange(n) < labelled).astype(int)}

    return {"half": values(10, 5), "one": values(7, 1), "all": values(6, 6)}


def numbers_of_labelled(rng):
    s = (rng.random((30, 4)) < 0.2).astype(int)
    s[:2] = [[0, 0, 0, 0], [0, 0, 1, 0]]
    return {"thirty_calls": {"s": s}}


def frequencies(rng):
    """Some g are above c, and one is 1."""

    def values(c):
        return {"g": np.append(rng.uniform(0.02, 0.98, size=40), 1.0), "c": c}

    return {"few": values(float(rng.uniform(0.1, 0.4))), "many": values(float(rng.uniform(0.5, 0.9)))}


def everything_labelled(rng):
    return {"c_is_1": {"g": rng.random(30)}}


def frequencies_to_refuse(rng):
    c = rng.choice([-0.5, 0.0, 0.3, 0.6, 0.9, 1.0, 1.01, 2.0], size=30)
    which = rng.permutation(np.arange(30) % 2)
    c[:6], which[:6] = [0.0, 0.0, 1.0, 1.0, 1.01, 1.01], [0, 1, 0, 1, 0, 1]
    return {"thirty_calls": {"which": which, "c": c}}


@check("9.8", points=0.15, cases=labelled_or_not, compare=close())
def label_frequency_is_a_mean_over_the_labelled(td, g, s):
    """label_frequency is the mean of g where s is 1."""
    return td.label_frequency(g, s)


@check("9.8", points=0.05, cases=numbers_of_labelled, compare=equal())
def label_frequency_refuses(td, s):
    """label_frequency raises ValueError where nothing is labelled."""
    return [refused(td.label_frequency, np.linspace(0.1, 0.9, 4), row) for row in s]


@check("9.8", points=0.15, cases=frequencies, compare=close())
def elkan_noto_divides_by_c(td, g, c):
    """elkan_noto is g / c, at most 1; g stays as it is."""
    probability = td.elkan_noto(g, c)
    return {"probability": probability, "g": g}


@check("9.8", points=0.25, cases=frequencies, compare=close())
def elkan_noto_weights_the_unlabelled(td, g, c):
    """elkan_noto_weights is (1 - c) / c · g / (1 - g), at most 1, and 1 at g = 1; g stays as it is."""
    weights = td.elkan_noto_weights(g, c)
    return {"weights": weights, "g": g}


@check("9.8", points=0.05, cases=everything_labelled, compare=close(), follows=["elkan_noto_weights_the_unlabelled"])
def elkan_noto_weights_at_c_1(td, g):
    """If all positives are labelled, elkan_noto_weights is 0, and still 1 at g = 1."""
    g = np.append(g, [0.0, 1.0])
    return {"probability": td.elkan_noto(g, 1.0), "weights": td.elkan_noto_weights(g, 1.0)}


@check("9.8", points=0.1, cases=frequencies_to_refuse, compare=equal())
def elkan_noto_refuses(td, which, c):
    """elkan_noto and elkan_noto_weights raise ValueError unless 0 < c <= 1."""
    functions = [td.elkan_noto, td.elkan_noto_weights]
    return [refused(functions[which[i]], np.array([0.1, 0.2]), float(c[i])) for i in range(len(c))]


# --- 9.9 evaluating a policy ------------------------------------------------------------------------------------------


def policies(rng):
    def values(S, A, n_terminal, **options):
        return process(rng, S, A, n_terminal) | {"policy": rng.dirichlet(np.ones(A), size=S)} | options

    return {
        "endless": values(5, 3, 0),
        "one_action": values(4, 1, 0),
        "short_sighted": values(4, 2, 0, gamma=0.0),
    }


def policies_that_end(rng):
    def values(S, A, n_terminal, **options):
        return process(rng, S, A, n_terminal) | {"policy": rng.dirichlet(np.ones(A), size=S)} | options

    return {
        "discounted": values(5, 3, 1),
        "no_discount": values(5, 3, 1, gamma=1.0),
        "two_ends_and_no_discount": values(7, 2, 2, gamma=1.0),
    }


def shapes_of_policies(rng):
    S, A = rng.integers(1, 5, size=30), rng.integers(1, 5, size=30)
    shapes = np.stack([S, A, S, A], axis=1)
    wrong = rng.random(30) < 0.5
    shapes[wrong, rng.integers(2, size=30)[wrong]] += rng.integers(1, 3, size=30)[wrong]
    shapes[:3] = [[3, 2, 3, 2], [3, 2, 2, 3], [3, 2, 3, 1]]
    return {"thirty_calls": {"shapes": shapes}}


@check("9.9", points=0.25, cases=policies, compare=close(atol=1e-5))
def policy_evaluation_solves_the_equations(td, policy, P, R, gamma, terminal):
    """policy_evaluation gives the V that a policy earns, where nothing is terminal."""
    return td.policy_evaluation(policy, P, R, gamma, terminal)


@check(
    "9.9",
    points=0.25,
    cases=policies_that_end,
    compare=close(atol=1e-5),
    follows=["policy_evaluation_solves_the_equations"],
)
def policy_evaluation_knows_the_end(td, policy, P, R, gamma, terminal):
    """In policy_evaluation terminal states are worth 0, so γ = 1 is possible; policy and P stay as they are."""
    V = td.policy_evaluation(policy, P, R, gamma, terminal)
    return {"V": V, "policy": policy, "P": P}


@check("9.9", points=0.1, cases=shapes_of_policies, compare=equal())
def policy_evaluation_refuses(td, shapes):
    """policy_evaluation raises ValueError unless the policy is of shape (S, A)."""
    found = []
    for S, A, p, q in shapes.tolist():
        world = [np.full((S, A, S), 1.0 / S), np.ones((S, A)), 0.5, np.zeros(S, dtype=bool)]
        found.append(refused(td.policy_evaluation, np.full((p, q), 1.0 / q), *world))
    return found
