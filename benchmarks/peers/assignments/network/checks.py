"""Four checks, each of one function, by numbers alone: `checking.py` does the same for other graders."""

from grader.authoring import check, close


def some_logits(rng):
    return {"batch": {"logits": rng.normal(size=(64, 10))}, "one_row": {"logits": rng.normal(size=(1, 5))}}


@check("1", points=2, cases=some_logits, compare=close())
def softmax_is_right(td, logits):
    """Your softmax gives the probabilities."""
    return td.softmax(logits)


def some_labels(rng):
    return {"batch": {"logits": rng.normal(size=(64, 10)), "labels": rng.integers(10, size=64)}}


@check("2", points=2, cases=some_labels, compare=close())
def cross_entropy_is_right(td, logits, labels):
    """Your cross_entropy gives the mean over the batch."""
    return td.cross_entropy(logits, labels)


def a_network(rng):
    return {
        "x": rng.normal(size=(128, 20)),
        "labels": rng.integers(5, size=128),
        "w1": rng.normal(size=(20, 32)) / 5,
        "w2": rng.normal(size=(32, 5)) / 5,
    }


def some_networks(rng):
    return {"first": a_network(rng), "second": a_network(rng)}


@check("3", points=3, cases=some_networks, compare=close())
def gradients_are_right(td, x, labels, w1, w2):
    """Your gradients are those of the mean cross-entropy."""
    return td.gradients(x, labels, w1, w2)


def some_training(rng):
    return {"network": {**a_network(rng), "steps": 350, "rate": 0.1}}


@check("4", points=3, cases=some_training, compare=close())
def train_is_right(td, x, labels, w1, w2, steps, rate):
    """Your train takes the steps of gradient descent."""
    return td.train(x, labels, w1, w2, steps, rate)
