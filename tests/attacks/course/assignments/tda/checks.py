"""One check of each kind; hidden cases differ from public ones."""

import numpy as np

from grader.authoring import accuracy, check, close, predicate


def some_logits(rng):
    return {"batch": {"logits": rng.normal(size=(4, 3))}, "one_row": {"logits": rng.normal(size=(1, 5))}}


@check("1", points=3, cases=some_logits, compare=close())
def softmax_gives_probabilities(td, logits):
    """Your softmax gives the probabilities."""
    return td.softmax(logits)


def some_points(rng):
    return {"seven": {"x": rng.normal(size=7)}, "square": {"x": rng.normal(size=(3, 3))}}


@check("2", points=3, cases=some_points, compare=close(rtol=1e-12, atol=1e-13))
def slope_is_exact(td, x):
    """Your slope is the derivative of tanh to 12 digits."""
    return td.slope(x)


def two_clouds(rng):
    labels = rng.permutation(np.repeat([0, 1], 60))
    points = rng.normal(size=(120, 2)) + 4.0 * np.stack([labels, -labels], axis=1)
    return {"clouds": {"points": points[:60], "labels": labels[:60], "others": points[60:], "answers": labels[60:]}}


@check("3", points=2, cases=two_clouds, compare=accuracy("answers", full=0.95, none=0.70))
def learns_two_clouds(td, points, labels, others):
    """What you learn tells two clouds apart."""
    return td.learns(points, labels, others)


def some_seeds(rng):
    return {"ten": {"n": 10, "seed": int(rng.integers(1000))}, "hundred": {"n": 100, "seed": int(rng.integers(1000))}}


def is_a_permutation(values, answer):
    numbers = sorted(np.asarray(answer).ravel().tolist())
    return numbers == list(range(values["n"])) or "A number is missing, or there twice."


@check("4", points=2, cases=some_seeds, compare=predicate(is_a_permutation))
def shuffled_keeps_every_number(td, n, seed):
    """Your shuffled holds every number once."""
    return td.shuffled(n, seed)
