"""Unsupervised learning: 47 checks, 10 points; 8 of them for questions 5.1 to 5.7, which are for the TD's three hours.

One mistake is paid once, as far as functions that are built on others allow. What PCA's signs do is asked once: all
other checks of it look at absolute values, or at points of the plane. What is refused is asked of many inputs at once,
of which about half are right, so that neither raising always nor never is worth anything. Ties are tried on integers,
where every formula of a distance is exact.

An answer computed in float32 passes, but for neighbours' probabilities, which the check says.
"""

import itertools

import numpy as np
from sklearn.datasets import load_digits

from grader.authoring import accuracy, check, close, equal, gradient, predicate


def refused(function, *arguments):
    """Does a call raise ValueError?"""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


# --- 5.1 distances ----------------------------------------------------------------------------------------------------


def pairs_of_clouds(rng):
    def values(n, m, d):
        return {"X": rng.normal(size=(n, d)), "Y": rng.normal(size=(m, d))}

    return {
        "two_clouds": values(5, 4, 3),
        "one_row": values(1, 6, 2),
        "one_column": values(4, 3, 1),
        "square": values(4, 4, 4),
    }


def twins_far_from_0(rng):
    """Every row twice: there the true distance is 0, and rounding decides the sign of some formulas."""
    return {"twins": {"X": np.repeat(rng.uniform(20.0, 40.0, size=(30, 6)), 2, axis=0)}}


def shapes_of_points(rng):
    columns = rng.integers(2, 6, size=(30, 2))
    same = rng.random(30) < 0.7
    columns[same, 1] = columns[same, 0]
    axes = np.where(rng.random((30, 2)) < 0.85, 2, rng.choice([1, 3], size=(30, 2)))
    columns[:3], axes[:3] = [[1, 4], [3, 3], [4, 4]], [[2, 2], [1, 2], [2, 2]]
    return {"thirty_shapes": {"shapes": np.concatenate([columns, axes], axis=1)}}


@check("5.1", points=0.4, cases=pairs_of_clouds, compare=close(atol=1e-6))
def distances_are_squared_and_euclidean(td, X, Y):
    """pairwise_squared_distances gives the squared distance of each row of X to each row of Y."""
    return td.pairwise_squared_distances(X, Y)


@check("5.1", points=0.2, cases=twins_far_from_0, compare=close(atol=5e-3))
def distances_are_never_negative(td, X):
    """Your squared distances are never negative, not even those of equal rows far from 0."""
    distances = td.pairwise_squared_distances(X, X)
    return {"distances": distances, "below_0": float(np.sum(np.asarray(distances) < 0))}


@check("5.1", points=0.15, cases=shapes_of_points, compare=equal())
def distances_refuse_other_shapes(td, shapes):
    """pairwise_squared_distances raises ValueError unless both arrays are 2-D with as many columns."""
    found = []
    for d, e, a, b in shapes.tolist():
        X, Y = np.ones((3, 4, d)[3 - a :]), np.ones((4, 4, e)[3 - b :])
        found.append(refused(td.pairwise_squared_distances, X, Y))
    return found


# --- 5.2 neighbours ---------------------------------------------------------------------------------------------------


def labelled_clouds(rng):
    """Two classes and an odd k: no votes are equal."""

    def values(n, d, k):
        names = rng.permutation(np.arange(-500, 500, 7))[:2]
        X = rng.normal(size=(n, d))
        y = names[(X[:, 0] + 0.7 * rng.normal(size=n) > 0).astype(int)]
        return {"X_train": X, "y_train": y, "X_test": 1.5 * rng.normal(size=(150, d)), "k": k}

    def votes(*counts):  # for names so far apart that no mean of them is one
        return np.repeat(rng.permutation(np.arange(-500, 500, 7))[: len(counts)], counts)

    return {
        "nearest": values(40, 2, 1),
        "five": values(40, 3, 5),
        "one_column": values(40, 1, 3) | {"y_train": rng.permutation(votes(20, 20))},
        "everybody": values(15, 2, 15) | {"y_train": votes(6, 9)},
    }


def integer_neighbours(rng):
    """Points of a small grid: many are equally far, also the third and the fourth, of which one votes.

    There are so many of them that an order that is not stable never gets all right. And on a line where none are
    equally far, of four votes two and two.
    """
    grid = {"X_train": rng.integers(-3, 4, size=(150, 2)), "X_test": rng.integers(-3, 4, size=(80, 2))}
    odd = 2 * rng.integers(-120000, 120000, size=(60, 1)) + 1  # the middle of two multiples of 4 is even
    line = {"X_train": 4 * np.arange(-40, 41)[:, None] ** 3, "X_test": odd}
    return {
        "equally_far": grid | {"y_train": rng.permutation(np.arange(-500, 500))[:150], "k": 1},
        "equally_far_voters": grid | {"y_train": rng.choice([-7, 3, 12], size=150), "k": 3},
        "equally_many_votes": line | {"y_train": rng.choice([-7, 3, 12], size=81), "k": 4},
    }


def numbers_of_neighbours(rng):
    n = rng.integers(2, 6, size=30)
    labels = n + np.where(rng.random(30) < 0.25, rng.choice([-1, 1], size=30), 0)
    k = rng.integers(-1, 8, size=30)
    n[:4], labels[:4], k[:4] = 4, [4, 4, 5, 3], [0, 5, 2, 2]
    return {"thirty_calls": {"calls": np.stack([n, labels, k], axis=1)}}


@check("5.2", points=0.45, cases=labelled_clouds, compare=equal(), follows=["distances_are_squared_and_euclidean"])
def knn_asks_the_k_nearest(td, X_train, y_train, X_test, k):
    """knn_predict gives each test point the label that most of its k nearest training points have."""
    return td.knn_predict(X_train, y_train, X_test, k)


@check("5.2", points=0.2, cases=integer_neighbours, compare=equal(), follows=["knn_asks_the_k_nearest"])
def knn_settles_ties(td, X_train, y_train, X_test, k):
    """At equal distance the smaller index is nearer, at equal votes the smallest label wins: tried on integers."""
    return td.knn_predict(X_train, y_train, X_test, k)


@check("5.2", points=0.15, cases=numbers_of_neighbours, compare=equal())
def knn_refuses_what_it_cannot_do(td, calls):
    """knn_predict raises ValueError unless 1 <= k <= n and there are as many labels as training points."""
    found = []
    for n, labels, k in calls.tolist():
        X = np.arange(3.0 * n).reshape(n, 3)
        found.append(refused(td.knn_predict, X, np.arange(labels), np.ones((2, 3)), k))
    return found


# --- 5.3 k-means ------------------------------------------------------------------------------------------------------


def points_and_centres(rng):
    def values(n, d, k):
        return {"X": rng.normal(size=(n, d)), "centers": rng.normal(size=(k, d))}

    return {
        "plane": values(60, 2, 4),
        "space": values(60, 5, 3),
        "one_column": values(60, 1, 3),
    }


def points_between_centres(rng):
    grid = {"X": rng.integers(-4, 5, size=(40, 2)), "centers": rng.integers(-3, 4, size=(5, 2))}
    return points_and_centres(rng) | {"equally_far": grid}


@check(
    "5.3", points=0.25, cases=points_between_centres, compare=equal(), follows=["distances_are_squared_and_euclidean"]
)
def assign_finds_the_nearest_centre(td, X, centers):
    """assign_clusters gives the index of each point's nearest centre, at ties (tried on integers) the smallest."""
    return td.assign_clusters(X, centers)


@check("5.3", points=0.2, cases=points_and_centres, compare=close(), follows=["distances_are_squared_and_euclidean"])
def inertia_is_a_sum(td, X, centers):
    """inertia sums over the points the squared distance to the nearest centre."""
    return td.inertia(X, centers)


def lloyd(X, centers, steps):
    """The labels by these centres, and by those after each step; and whether some cluster was empty on the way."""
    found, empty = [], False
    for _ in range(steps + 1):
        labels = ((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
        found.append(labels)
        empty = empty or len(np.unique(labels)) < len(centers)
        if not empty:
            centers = np.stack([X[labels == j].mean(axis=0) for j in range(len(centers))])
    return found, empty


def moving(rng, n, d, k, steps):
    """Points, and centres beside the first of them: no cluster is empty, and labels change with each of the steps."""
    while True:
        X = rng.normal(size=(n, d))
        centers = X[:k] + 0.01 * rng.normal(size=(k, d))
        labels, empty = lloyd(X, centers, steps)
        if not empty and all(np.any(before != after) for before, after in itertools.pairwise(labels)):
            return {"X": X, "centers": centers}


def full_clusters(rng):
    return {
        "plane": moving(rng, 60, 2, 4, steps=1),
        "space": moving(rng, 60, 5, 3, steps=1),
        "one_column": moving(rng, 60, 1, 3, steps=1),
        "one_centre": moving(rng, 8, 2, 1, steps=0),
    }


@check("5.3", points=0.45, cases=full_clusters, compare=close(atol=1e-6), follows=["assign_finds_the_nearest_centre"])
def kmeans_step_moves_centres_to_means(td, X, centers):
    """kmeans_step returns the labels by the centres given, and then the mean of each cluster's points."""
    labels, moved = td.kmeans_step(X, centers)
    return {"labels": labels, "centers": moved}


def empty_clusters(rng):
    def values(d, far):
        centers = rng.normal(size=(4, d))
        centers[far] += 100.0
        return {"X": np.concatenate([rng.normal(size=(60, d)), centers[np.setdiff1d(np.arange(4), far)]])} | {
            "centers": centers
        }

    return {"one_empty": values(2, [1]), "two_empty": values(3, [0, 3])}


@check(
    "5.3", points=0.2, cases=empty_clusters, compare=close(atol=1e-6), follows=["kmeans_step_moves_centres_to_means"]
)
def kmeans_step_keeps_empty_centres(td, X, centers):
    """A centre to which no point was assigned stays where it is in kmeans_step."""
    return td.kmeans_step(X, centers)[1]


@check("5.3", points=0.1, cases=full_clusters, compare=close(atol=1e-6), follows=["kmeans_step_moves_centres_to_means"])
def kmeans_step_leaves_the_centres_alone(td, X, centers):
    """After kmeans_step, the centres that it was given are as before; those that it returns are others."""
    moved = td.kmeans_step(X, centers)[1]
    return {"given": centers, "returned": moved}


def whole_runs(rng):
    """Starts from which it takes more than the three steps of `short_runs`: there are no clusters to be found soon."""
    return {
        "plane": moving(rng, 150, 2, 6, steps=4),
        "space": moving(rng, 100, 3, 4, steps=4),
        "one_column": moving(rng, 100, 1, 4, steps=4),
    }


def short_runs(rng):
    return {
        f"{name}_{steps}_steps": values | {"max_iter": steps}
        for steps in (0, 1, 2, 3)
        for name, values in whole_runs(rng).items()
        if name == "plane"
    }


@check("5.3", points=0.45, cases=whole_runs, compare=close(atol=1e-6), follows=["kmeans_step_moves_centres_to_means"])
def kmeans_goes_on_until_no_centre_moves(td, X, centers):
    """kmeans steps until no centre moves, and returns labels and centres."""
    labels, centers = td.kmeans(X, centers)
    return {"labels": labels, "centers": centers}


@check("5.3", points=0.25, cases=short_runs, compare=close(atol=1e-6), follows=["kmeans_goes_on_until_no_centre_moves"])
def kmeans_stops_after_max_iter(td, X, centers, max_iter):
    """kmeans does at most max_iter steps, labels by the centres that it returns, and leaves those given as they are."""
    labels, moved = td.kmeans(X, centers, max_iter)
    return {"labels": labels, "centers": moved, "given": centers}


# --- 5.4 purity -------------------------------------------------------------------------------------------------------


def clusterings(rng):
    """Six clusterings of the same points: one number would be right by chance now and then."""

    def values(n, k, c):
        classes = rng.permutation(np.arange(-50, 50))[:c][rng.integers(c, size=n)]
        names = rng.permutation(np.arange(-50, 50))[:k]
        return {"clusters": names[rng.integers(k, size=(6, n))], "classes": classes}

    return {"as_many": values(60, 3, 3), "more_clusters": values(80, 8, 3), "more_classes": values(60, 2, 6)}


def numbers_of_points(rng):
    n = rng.integers(0, 4, size=(30, 2))
    same = rng.random(30) < 0.4
    n[same, 1] = n[same, 0]
    n[:4] = [[0, 0], [3, 3], [2, 3], [3, 2]]
    return {"thirty_calls": {"n": n}}


@check("5.4", points=0.3, cases=clusterings, compare=close())
def purity_counts_the_most_frequent_class(td, clusters, classes):
    """purity is the share of points that are of their cluster's most frequent class."""
    return [td.purity(row, classes) for row in clusters]


@check("5.4", points=0.15, cases=numbers_of_points, compare=equal())
def purity_refuses_what_does_not_fit(td, n):
    """purity raises ValueError where there are more clusters' labels than classes' or fewer, and for no point."""
    return [refused(td.purity, np.zeros(a, dtype=int), np.ones(b, dtype=int)) for a, b in n]


# --- 5.5 PCA ----------------------------------------------------------------------------------------------------------


def ellipsoids(rng):
    """Data whose variances are well apart, around a mean that is not 0."""

    def values(n, d, k):
        left = rng.normal(size=(n, d) if n > d else (n, n - 1))
        left = np.linalg.qr(left - left.mean(axis=0))[0]
        r = left.shape[1]
        scales = np.sqrt(n) * 3.0 * 0.6 ** np.arange(r) * rng.uniform(0.9, 1.1, size=r)
        right = np.linalg.qr(rng.normal(size=(d, d)))[0][:r]
        mean = rng.uniform(1.0, 3.0, size=d) * rng.choice([-1.0, 1.0], size=d)
        X, Y = (left * scales) @ right + mean, rng.normal(size=(4, d)) + mean
        return {"X": X, "Y": Y, "k": k}

    return {
        "plane_in_space": values(20, 3, 2),
        "line": values(15, 4, 1),
        "all_directions": values(12, 3, 3),
        "wide": values(5, 8, 3),
    }


def constant_data(rng):
    def values(n, d, k):
        return {"X": np.tile(rng.integers(1, 1000, size=d).astype(float), (n, 1)), "k": k}

    return {"constant": values(6, 4, 2), "one_column": values(4, 1, 1)}


def numbers_of_components(rng):
    n, d, k = rng.integers(1, 6, size=30), rng.integers(1, 6, size=30), rng.integers(0, 7, size=30)
    k = np.where(rng.random(30) < 0.5, np.minimum(np.minimum(n, d), k), k)
    n[:5], d[:5], k[:5] = [4, 3, 5, 1, 4], [3, 4, 3, 3, 4], [4, 4, 0, 1, 4]
    return {"thirty_calls": {"calls": np.stack([n, d, k], axis=1)}}


@check("5.5", points=0.4, cases=ellipsoids, compare=close(atol=1e-5))
def pca_finds_the_components(td, X, k):
    """fit finds mean_ and, in the rows of components_, the directions of largest variance; signs do not matter here."""
    pca = td.PCA(k)
    pca.fit(X)
    return {"mean_": pca.mean_, "components_": np.abs(pca.components_)}


def many_ellipsoids(rng):
    """Of one or two components, every rule for signs may be right by chance."""
    return {"ten_times": {"Xs": np.stack([ellipsoids(rng)["plane_in_space"]["X"] for _ in range(10)])}}


@check("5.5", points=0.15, cases=many_ellipsoids, compare=close(atol=1e-5), follows=["pca_finds_the_components"])
def pca_makes_the_largest_entry_positive(td, Xs):
    """In each row of your components_, the entry largest in absolute value is positive."""
    found = []
    for X in Xs:
        pca = td.PCA(2)
        pca.fit(X)
        found.append(pca.components_)
    return np.array(found)


def flat_ellipsoids(rng):
    """One column is constant, and the others vary little."""
    X = 0.05 * ellipsoids(rng)["plane_in_space"]["X"]
    X[:, 1] = rng.integers(1, 9)
    return ellipsoids(rng) | {"constant_column": {"X": X, "k": 2}}


@check("5.5", points=0.3, cases=flat_ellipsoids, compare=close(atol=1e-6))
def pca_explains_the_variance(td, X, k):
    """explained_variance_ is over n - 1, and explained_variance_ratio_ is its share of the whole variance."""
    pca = td.PCA(k)
    pca.fit(X)
    return {"variance": pca.explained_variance_, "ratio": pca.explained_variance_ratio_}


@check("5.5", points=0.1, cases=constant_data, compare=close(atol=1e-6), follows=["pca_explains_the_variance"])
def pca_of_constant_data_explains_nothing(td, X, k):
    """Of rows that are all equal, explained_variance_ and explained_variance_ratio_ are 0, and mean_ is that row."""
    pca = td.PCA(k)
    pca.fit(X)
    return {"mean_": pca.mean_, "variance": pca.explained_variance_, "ratio": pca.explained_variance_ratio_}


@check("5.5", points=0.2, cases=ellipsoids, compare=close(atol=1e-5), follows=["pca_finds_the_components"])
def pca_transforms_other_points(td, X, Y, k):
    """After fit(X), which returns self, transform(Y) gives Y's coordinates, here without sign; X and Y stay."""
    coordinates = td.PCA(k).fit(X).transform(Y)
    return {"coordinates": np.abs(coordinates), "X": X, "Y": Y}


@check("5.5", points=0.1, cases=ellipsoids, compare=close(atol=1e-5), follows=["pca_transforms_other_points"])
def pca_fit_transform_does_both(td, X, k):
    """fit_transform(X) gives the coordinates of X itself, along the components that it has found; X stays as it is."""
    pca = td.PCA(k)
    coordinates = pca.fit_transform(X)
    return {"along_components": coordinates @ pca.components_, "X": X}


@check("5.5", points=0.2, cases=ellipsoids, compare=close(atol=1e-5), follows=["pca_transforms_other_points"])
def pca_comes_back_to_the_plane(td, X, Y, k):
    """inverse_transform(transform(Y)) is the point nearest to Y in the plane of the components."""
    pca = td.PCA(k)
    pca.fit(X)
    return pca.inverse_transform(pca.transform(Y))


@check("5.5", points=0.15, cases=numbers_of_components, compare=equal())
def pca_refuses_what_it_cannot_do(td, calls):
    """fit raises ValueError unless 1 <= k <= min(n, d) and n >= 2."""
    return [refused(td.PCA(k).fit, np.eye(n, d)) for n, d, k in calls.tolist()]


# --- 5.6 probabilities ------------------------------------------------------------------------------------------------


def distances_of(X):
    return np.linalg.norm(X[:, None] - X, axis=-1) ** 2


def perplexities_at(D, beta):
    """The perplexity of each row at this β."""
    E = D[~np.eye(len(D), dtype=bool)].reshape(len(D), -1)
    E = beta * (E - E.min(axis=1, keepdims=True))
    p = np.exp(-E) / np.exp(-E).sum(axis=1, keepdims=True)
    return np.exp(np.log(np.exp(-E).sum(axis=1)) + (p * E).sum(axis=1))


def neighbourhoods(rng):
    """Every β is between 0.02 and 50: answers that know no others fail on `other_scales`, and not here by chance."""

    def values(n, d, perplexity):
        while True:
            D = distances_of(rng.normal(size=(n, d)))
            if np.all(perplexities_at(D, 0.02) > perplexity) and np.all(perplexities_at(D, 50.0) < perplexity):
                return {"D": D, "perplexity": perplexity}

    return {
        "few": values(12, 3, float(rng.uniform(1.5, 3.0))),
        "many": values(15, 2, float(rng.uniform(8.0, 12.0))),
        "whole": values(20, 5, 7),
    }


def other_scales(rng):
    """The same in other units; and one point that is far from all others."""

    def values(scale):
        return {"D": distances_of(scale * rng.normal(size=(12, 3))), "perplexity": float(rng.uniform(3.0, 6.0))}

    outlier = rng.normal(size=(12, 3))
    outlier[0] += 3000.0
    return {
        "small": values(1e-4),
        "large": values(1e4),
        "outlier": {"D": distances_of(outlier), "perplexity": float(rng.uniform(3.0, 6.0))},
    }


def perplexities(rng):
    n = rng.integers(5, 10, size=30)
    beyond = np.where(rng.random(30) < 0.5, 1.0, n - 1.0)
    offset = rng.choice([-0.5, 0.0, 0.5], size=30)
    offset[:6], beyond[:3], beyond[3:6] = [-0.5, 0.0, 0.5] * 2, 1.0, n[3:6] - 1.0
    return {"thirty_calls": {"calls": np.stack([n, beyond + offset], axis=1)}}


@check("5.6", points=0.4, cases=neighbourhoods, compare=close(rtol=1e-7, atol=1e-9))
def conditional_probabilities_have_the_perplexity(td, D, perplexity):
    """Row i of conditional_probabilities is p(j|i), of the entropy asked for to 1e-10: this wants float64."""
    return td.conditional_probabilities(D, perplexity)


@check(
    "5.6",
    points=0.1,
    cases=neighbourhoods,
    compare=close(rtol=1e-7, atol=1e-9),
    follows=["conditional_probabilities_have_the_perplexity"],
)
def conditional_probabilities_leave_the_distances_alone(td, D, perplexity):
    """After conditional_probabilities, whose answer is right in float64, the distances given are as before."""
    P = td.conditional_probabilities(D, perplexity)
    return {"given": D, "returned": P}


@check(
    "5.6",
    points=0.2,
    cases=other_scales,
    compare=close(rtol=1e-6, atol=1e-8),
    follows=["conditional_probabilities_have_the_perplexity"],
)
def conditional_probabilities_at_any_scale(td, D, perplexity):
    """conditional_probabilities finds its β whether distances are tiny or huge, and for an outlier too, in float64."""
    return td.conditional_probabilities(D, perplexity)


@check("5.6", points=0.15, cases=perplexities, compare=equal())
def conditional_probabilities_refuse(td, calls):
    """conditional_probabilities raises ValueError unless 1 < perplexity < n - 1."""
    found = []
    for n, perplexity in calls.tolist():
        t = np.arange(int(n)) ** 1.5
        found.append(refused(td.conditional_probabilities, np.subtract.outer(t, t) ** 2, perplexity))
    return found


def conditionals(rng):
    def values(n):
        P = rng.uniform(0.1, 1.0, size=(n, n))
        np.fill_diagonal(P, 0.0)
        return {"P": P / P.sum(axis=1, keepdims=True)}

    return {"five_points": values(5), "eight_points": values(8)}


@check("5.6", points=0.15, cases=conditionals, compare=close())
def joint_probabilities_are_symmetric(td, P):
    """joint_probabilities(P) is (P + P^T) / 2n, and P stays as it is."""
    joint = td.joint_probabilities(P)
    return {"joint": joint, "P": P}


def maps(rng):
    def values(n, scale):
        return {"Y": scale * rng.normal(size=(n, 2))}

    return {"near": values(6, 0.5), "wide": values(8, 5.0), "three_points": values(3, 2.0)}


@check("5.6", points=0.2, cases=maps, compare=close(), follows=["distances_are_squared_and_euclidean"])
def student_t_affinities_sum_to_1(td, Y):
    """student_t_affinities is proportional to 1 / (1 + |y_i - y_j|²), 0 at i = j, and its sum is 1."""
    return td.student_t_affinities(Y)


def distributions(rng):
    def draw(n):
        P = rng.uniform(0.1, 1.0, size=(n, n))
        return P / P.sum()

    holes = rng.permutation(16).reshape(4, 4)
    P, Q = draw(4), draw(4)
    return {
        "everywhere": {"P": draw(5), "Q": np.stack([draw(5), draw(5)])},
        "zeros": {"P": np.where(holes < 5, 0.0, P), "Q": np.stack([Q, np.where(holes < 3, 0.0, Q), Q * (holes != 9)])},
    }


@check("5.6", points=0.25, cases=distributions, compare=close())
def kl_divergence_sums_over_all_pairs(td, P, Q):
    """kl_divergence is Σ p log(p/q): a term is 0 where p = 0, even if q = 0 too, and inf where only q is 0."""
    return [td.kl_divergence(P, q) for q in Q]


# --- 5.7 t-SNE --------------------------------------------------------------------------------------------------------


def springs(rng):
    def values(n, scale):
        P = rng.uniform(0.1, 1.0, size=(n, n)) ** 2
        np.fill_diagonal(P, 0.0)
        P = P + P.T
        return {"P": P / P.sum(), "Y": scale * rng.normal(size=(n, 2))}

    return {"near": values(6, 0.7), "wide": values(9, 3.0), "three_points": values(3, 1.5)}


def divergence_of(td, P, Y):
    return (lambda Y: td.kl_divergence(P, td.student_t_affinities(Y))), Y


@check(
    "5.7",
    points=0.5,
    cases=springs,
    compare=gradient(atol=1e-6, of=divergence_of),
    follows=["distances_are_squared_and_euclidean", "student_t_affinities_sum_to_1"],
)
def tsne_gradient_is_the_divergences(td, P, Y):
    """tsne_gradient is the gradient of kl_divergence(P, student_t_affinities(Y)) with respect to Y."""
    return td.tsne_gradient(P, Y)


@check("5.7", points=0.1, cases=springs, compare=close(atol=1e-6), follows=["tsne_gradient_is_the_divergences"])
def tsne_gradient_leaves_its_arguments_alone(td, P, Y):
    """After tsne_gradient, whose answer is right, P and Y are as before."""
    gradient = td.tsne_gradient(P, Y)
    return {"P": P, "Y": Y, "returned": gradient}


# The share of digits beside one of their class, the smallest and the largest over draws of digits:
#   right: reference (150 draws) and two independent (60 and 50)   0.82  0.98
#   PCA's first two components (300)                               0.25  0.71
#   points drawn at random (300)                                   0.01  0.23
# What is drawn is free, so the student's rng has one seed for all secrets.


def some_digits(rng):
    images, digits = load_digits(return_X_y=True)
    drawn = np.concatenate([rng.permutation(np.flatnonzero(digits == digit))[:10] for digit in range(10)])
    drawn = rng.permutation(drawn)
    return {"digits": {"X": images[drawn] / 16, "labels": digits[drawn], "y": digits[drawn]}}


@check(
    "5.7",
    points=0.45,
    cases=some_digits,
    compare=accuracy("y", full=0.75, none=0.7),
    follows=[
        "distances_are_squared_and_euclidean",
        "conditional_probabilities_have_the_perplexity",
        "joint_probabilities_are_symmetric",
        "tsne_gradient_is_the_divergences",
    ],
)
def tsne_puts_digits_beside_their_like(td, X, labels):
    """On your map of 100 digits (perplexity 10, 100 steps), the nearest neighbour of most is the same digit."""
    x, y = np.asarray(td.tsne(X, 10.0, 100, np.random.default_rng(0))).T
    places = x + 1j * y
    apart = np.abs(np.subtract.outer(places, places))
    np.fill_diagonal(apart, np.inf)
    return labels[np.argmin(apart, axis=1)]


# --- 5.8 k-means++ ----------------------------------------------------------------------------------------------------


def starts(rng):
    """Ten draws of each, as some are the same whatever p is; away from 0, where rounding may make a p negative."""

    def values(X, k):
        return {"X": X, "k": k, "seeds": rng.integers(2**31, size=10)}

    numbers = rng.permutation(np.arange(-500, 500))[:6]
    return {
        "five_columns": values(rng.normal(size=(40, 5)) + 10.0, 5),
        "space": values(rng.normal(size=(30, 4)) - 10.0, 7),
        "twins": values(rng.permutation(np.repeat(numbers, 3))[:, None].astype(float), 6),
    }


def repeated_rows(rng):
    rows = rng.integers(0, 3, size=(30, 6, 1))
    different = np.array([len(np.unique(row)) for row in rows])
    return {"thirty_calls": {"rows": rows, "k": np.maximum(different + rng.choice([-1, 0, 1], size=30), 1)}}


@check("5.8", points=0.3, cases=starts, compare=close(), follows=["distances_are_squared_and_euclidean"])
def kmeans_plus_plus_draws_far_rows(td, X, k, seeds):
    """kmeans_plus_plus draws its rows as agreed: rng.integers once, then rng.choice with p in proportion to D."""
    return np.array([td.kmeans_plus_plus(X, k, np.random.default_rng(seed)) for seed in seeds.tolist()])


@check("5.8", points=0.15, cases=repeated_rows, compare=equal())
def kmeans_plus_plus_refuses_too_many(td, rows, k):
    """kmeans_plus_plus raises ValueError where there are fewer than k different rows."""
    return [refused(td.kmeans_plus_plus, 1.0 * rows[i], int(k[i]), np.random.default_rng(0)) for i in range(len(k))]


# --- 5.9 scaling ------------------------------------------------------------------------------------------------------


def tables(rng):
    def values(n, d):
        scales, means = rng.uniform(0.5, 5.0, size=d), rng.uniform(1.0, 5.0, size=d)
        return {"X": means + scales * rng.normal(size=(n, d)), "Y": means + scales * rng.normal(size=(4, d))}

    return {"table": values(6, 3), "one_column": values(5, 1), "square": values(4, 4)}


def tables_with_constants(rng):
    def values(n, d, constant):
        X = rng.integers(-50, 50, size=(n, d)).astype(float)
        X[:, constant] = rng.integers(1, 50, size=len(constant))
        return {"X": X}

    return {"one_constant": values(6, 3, [1]), "two_constants": values(5, 4, [0, 3])}


@check("5.9", points=0.15, cases=tables, compare=close())
def scaler_finds_mean_and_scale(td, X):
    """fit finds mean_ and scale_ of each column, the standard deviation over n."""
    scaler = td.StandardScaler()
    scaler.fit(X)
    return {"mean_": scaler.mean_, "scale_": scaler.scale_}


@check(
    "5.9", points=0.1, cases=tables_with_constants, compare=close(atol=1e-6), follows=["scaler_finds_mean_and_scale"]
)
def scaler_leaves_constant_columns_in_scale(td, X):
    """The scale_ of a constant column is 1, and transform makes 0 of it."""
    scaler = td.StandardScaler()
    scaler.fit(X)
    return {"scale_": scaler.scale_, "scaled": scaler.transform(X)}


@check("5.9", points=0.15, cases=tables, compare=close(atol=1e-6), follows=["scaler_finds_mean_and_scale"])
def scaler_transforms_other_rows(td, X, Y):
    """After fit(X), which returns self, transform(Y) shifts and scales Y by what X had; X and Y stay as they are."""
    scaled = td.StandardScaler().fit(X).transform(Y)
    return {"scaled": scaled, "X": X, "Y": Y}


@check("5.9", points=0.1, cases=tables, compare=close(atol=1e-6), follows=["scaler_finds_mean_and_scale"])
def scaler_comes_back(td, X, Y):
    """inverse_transform(Z) gives the rows whose transform is Z, and Z stays as it is."""
    scaler = td.StandardScaler()
    scaler.fit(X)
    rows = scaler.inverse_transform(Y)
    return {"rows": rows, "Z": Y}


# --- 5.10 low rank ----------------------------------------------------------------------------------------------------


def matrices(rng):
    """Ranks to ask for: one of each matrix, and of the last 0 too, as nothing is hidden in a case of 0 alone."""

    def values(n, d, *ranks):
        r = min(n, d)
        left, right = np.linalg.qr(rng.normal(size=(n, n)))[0][:, :r], np.linalg.qr(rng.normal(size=(d, d)))[0][:r]
        return {"X": (left * (4.0 * 0.6 ** np.arange(r))) @ right, "ranks": np.array(ranks)}

    return {"tall": values(6, 4, 2), "wide": values(3, 5, 1), "square": values(4, 4, 3), "whole": values(3, 4, 3, 0)}


def ranks(rng):
    n, d = rng.integers(1, 6, size=30), rng.integers(1, 6, size=30)
    k = np.where(rng.random(30) < 0.5, rng.integers(-2, 8, size=30), np.minimum(n, d) + rng.choice([0, 1], size=30))
    n[:4], d[:4], k[:4] = [3, 3, 5, 4], [4, 3, 2, 4], [0, -1, 3, 4]
    return {"thirty_calls": {"calls": np.stack([n, d, k], axis=1)}}


@check("5.10", points=0.25, cases=matrices, compare=close(atol=1e-5))
def rank_k_approximation_is_the_nearest(td, X, ranks):
    """rank_k_approximation gives the nearest matrix of rank k, without centring."""
    return np.array([td.rank_k_approximation(X, k) for k in ranks.tolist()])


@check("5.10", points=0.1, cases=ranks, compare=equal())
def rank_k_approximation_refuses(td, calls):
    """rank_k_approximation raises ValueError unless 0 <= k <= min(n, d)."""
    return [refused(td.rank_k_approximation, np.eye(n, d), k) for n, d, k in calls.tolist()]


# --- 5.11 autoencoder -------------------------------------------------------------------------------------------------


def autoencoders(rng):
    def values(n, d, k):
        return {"W": rng.normal(size=(k, d)), "V": rng.normal(size=(d, k)), "X": rng.normal(size=(n, d))}

    return {"plane": values(6, 4, 2), "line": values(5, 3, 1), "square": values(4, 4, 4)}


def loss_of_W(td, W, V, X):
    return (lambda W: td.autoencoder_loss(W, V, X)), W


def loss_of_V(td, W, V, X):
    return (lambda V: td.autoencoder_loss(W, V, X)), V


@check("5.11", points=0.15, cases=autoencoders, compare=close())
def autoencoder_loss_is_a_mean_over_rows(td, W, V, X):
    """autoencoder_loss is the mean over the rows of |V W x - x|²."""
    return td.autoencoder_loss(W, V, X)


@check("5.11", points=0.1, cases=autoencoders, compare=gradient(atol=1e-6, of=loss_of_W))
def autoencoder_gradient_of_the_encoder(td, W, V, X):
    """autoencoder_gradients gives first the gradient with respect to W."""
    return td.autoencoder_gradients(W, V, X)[0]


@check("5.11", points=0.1, cases=autoencoders, compare=gradient(atol=1e-6, of=loss_of_V))
def autoencoder_gradient_of_the_decoder(td, W, V, X):
    """autoencoder_gradients gives second the gradient with respect to V."""
    return td.autoencoder_gradients(W, V, X)[1]


@check(
    "5.11",
    points=0.1,
    cases=autoencoders,
    compare=close(atol=1e-6),
    follows=["autoencoder_gradient_of_the_encoder", "autoencoder_gradient_of_the_decoder"],
)
def autoencoder_gradients_leave_their_arguments_alone(td, W, V, X):
    """After autoencoder_gradients, whose answers are right, W, V and X are as before."""
    grad_W, grad_V = td.autoencoder_gradients(W, V, X)
    return {"W": W, "V": V, "X": X, "returned_W": grad_W, "returned_V": grad_V}


def flat_clouds(rng):
    """Centred data near a line or a plane, their matrix C of mean products, and PCA's loss: what C has elsewhere."""

    def values(n, d, k):
        left = rng.normal(size=(n, d))
        left = np.linalg.qr(left - left.mean(axis=0))[0] * np.sqrt(n)
        variances = np.where(np.arange(d) < k, rng.uniform(1.0, 1.5, size=d), rng.uniform(0.02, 0.1, size=d))
        X = left * np.sqrt(variances) @ np.linalg.qr(rng.normal(size=(d, d)))[0]
        options = {"k": k, "lr": 0.1, "steps": 400, "seed": int(rng.integers(2**31))}
        return {"X": X, "C": X.T @ X / n, "best": float(np.sum(variances[k:]))} | options

    return {"plane": values(20, 4, 2), "line": values(12, 3, 1)}


def first_steps(rng):
    return {
        f"{name}_{steps}_steps": values | {"steps": steps, "lr": float(rng.uniform(0.1, 0.2))}
        for name, values in flat_clouds(rng).items()
        for steps in (1, 4)
    }


@check("5.11", points=0.15, cases=first_steps, compare=close(rtol=1e-4, atol=1e-6))
def fit_autoencoder_moves_both_at_once(td, X, k, lr, steps, seed):
    """fit_autoencoder starts from the draws agreed on, and moves W and V at once by lr times their gradients."""
    W, V = td.fit_autoencoder(X, k, lr, steps, np.random.default_rng(seed))
    return {"W": W, "V": V}


def nearly_as_good_as_pca(values, answer):
    missing = np.asarray(answer) - np.eye(len(values["C"]))
    loss = np.trace(missing @ values["C"] @ missing.T)
    if not loss <= 1.05 * values["best"]:
        return f"the loss is {loss / values['best']:.3g} times PCA's"
    return True


@check(
    "5.11",
    points=0.1,
    cases=flat_clouds,
    compare=predicate(nearly_as_good_as_pca),
    follows=["fit_autoencoder_moves_both_at_once"],
)
def fit_autoencoder_finds_pcas_plane(td, X, k, lr, steps, seed):
    """Trained long enough, your autoencoder's loss is at most 1.05 times that of PCA."""
    W, V = td.fit_autoencoder(X, k, lr, steps, np.random.default_rng(seed))
    return V @ W
