"""Language models: what comes next, how well that was said, and how to let a model speak.

A model gives at each position a number for every token, its logit; softmax makes probabilities of them. That is all
that is between reading and writing: training makes the next token likely, speaking draws it and reads on (Bengio et
al., A neural probabilistic language model, 2003; Radford et al., Language models are unsupervised multitask learners,
2019).

The last part learns a small model of letters, in any way that works.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.tokenization import ids_within


def next_token_loss(logits: np.ndarray, ids: np.ndarray) -> float:
    """The mean of -log softmax(logits[…, t])[ids[…, t + 1]] over all positions t that have a next one, batches too.

    logits: shape (…, n, v); ids: integers (…, n). Exact where logits are 1000 apart.
    Raises ValueError where n < 2, shapes do not fit, or an id is not in 0, …, v - 1.
    """
    ### BEGIN SOLUTION
    ids = _checked(logits, ids)
    chosen = np.take_along_axis(_log_softmax(logits[..., :-1, :]), ids[..., 1:, None], axis=-1)
    return float(-np.mean(chosen))
    ### END SOLUTION


def perplexity(logits: np.ndarray, ids: np.ndarray) -> float:
    """exp(next_token_loss): among how many tokens, equally likely, one would have to guess as often in vain.

    Arguments and errors as of `next_token_loss` (Jelinek et al., Perplexity: a measure of the difficulty of speech
    recognition tasks, 1977).
    """
    ### BEGIN SOLUTION
    return float(np.exp(next_token_loss(logits, ids)))
    ### END SOLUTION


def next_token_gradient(logits: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """The gradient of `next_token_loss` with respect to the logits: softmax minus one-hot, over the number of terms.

    Nothing follows the last position: its row is 0. Arguments and errors as of `next_token_loss`.
    Returns shape (…, n, v).
    """
    ### BEGIN SOLUTION
    ids = _checked(logits, ids)
    gradient = np.zeros(logits.shape)
    one_hot = ids[..., 1:, None] == np.arange(logits.shape[-1])
    gradient[..., :-1, :] = (np.exp(_log_softmax(logits[..., :-1, :])) - one_hot) / ids[..., 1:].size
    return gradient
    ### END SOLUTION


def token_probabilities(logits: np.ndarray, temperature: float = 1.0, top_k: int | None = None) -> np.ndarray:
    """softmax(logits / temperature) among the top_k largest logits, 0 elsewhere: what the next token is drawn from.

    Below 1, a temperature makes what is likely likelier. Temperature 0 is the limit: all on the largest logit. At equal
    logits the lower id is the larger one. None, or a top_k beyond the vocabulary, keeps all.

    logits: shape (v,). Returns probabilities (v,). Raises ValueError where temperature < 0 or top_k < 1.
    (Top k: Fan, Lewis and Dauphin, Hierarchical neural story generation, 2018.)
    """
    ### BEGIN SOLUTION
    if temperature < 0 or (top_k is not None and top_k < 1):
        raise ValueError(f"temperature {temperature}, the {top_k} largest")
    largest = np.argsort(-logits, kind="stable")[:top_k]
    p = np.zeros(logits.shape)
    if temperature == 0:
        p[largest[0]] = 1.0
    else:
        p[largest] = np.exp(_log_softmax(logits[largest] / temperature))
    return p
    ### END SOLUTION


def sample_token(
    logits: np.ndarray, rng: np.random.Generator | None, temperature: float = 1.0, top_k: int | None = None
) -> int:
    """Draw a token from `token_probabilities`: the first id whose cumulative probability is above one rng.random().

    At temperature 0 there is nothing to draw: rng is left alone, and may be None. Errors as of `token_probabilities`.
    """
    ### BEGIN SOLUTION
    p = token_probabilities(logits, temperature, top_k)
    if temperature == 0:
        return int(np.argmax(p))
    assert rng is not None
    return int(np.argmax(np.cumsum(p) > rng.random()))
    ### END SOLUTION


def generate(
    model: Callable[[list[int]], np.ndarray],
    ids: Sequence[int],
    n_new: int,
    context: int,
    rng: np.random.Generator | None = None,
    temperature: float = 0.0,
    top_k: int | None = None,
) -> list[int]:
    """Let a model go on: the ids, followed by n_new tokens, each drawn by `sample_token` from what the model says last.

    model: takes a list of at most `context` ids, the last ones, and returns logits (n, v), the last row of which is
    about the next token. Returns all ids, old and new. Raises ValueError where there are no ids to begin with.
    """
    ### BEGIN SOLUTION
    ids = list(ids)
    if not ids:
        raise ValueError("nothing to go on from")
    for _ in range(n_new):
        ids.append(sample_token(model(ids[-context:])[-1], rng, temperature, top_k))
    return ids
    ### END SOLUTION


def smoothed(counts: np.ndarray, prior: np.ndarray | None) -> np.ndarray:
    """From counts and a guess beforehand, both (…, v), probabilities: near the guess where counts are few.

    As if half of one more had been seen, divided as the guess says (MacKay and Peto, A hierarchical Dirichlet language
    model, 1995). None guesses that all are as likely.
    """
    if prior is None:
        prior = np.full(counts.shape, 1 / counts.shape[-1])
    probabilities: np.ndarray = (counts + 0.5 * prior) / (np.sum(counts, axis=-1, keepdims=True) + 0.5)
    return probabilities


def fit_language_model(ids: np.ndarray, vocab_size: int, rng: np.random.Generator) -> Any:
    """Learn from a text which token follows. Returns whatever `language_model_logits` needs.

    ids: integers (n,) in 0, …, vocab_size - 1. Any model will do that knows the words of a small language after 1600 of
    its letters; this one counts what follows the last letter, the last two, and the last three.
    """
    ### BEGIN SOLUTION
    counts = np.zeros((vocab_size,) * 4)  # of four letters in a row
    np.add.at(counts, tuple(sliding_window_view(ids, 4).T), 1.0)
    p = None
    for forgotten in ((0, 1, 2), (0, 1), (0,), ()):
        p = smoothed(np.sum(counts, axis=forgotten), p)
    return p
    ### END SOLUTION


def language_model_logits(model: Any, ids: np.ndarray) -> np.ndarray:
    """What the model says of the next token at each position: logits (n, v), row t from ids[: t + 1] alone.

    Here they are logarithms of probabilities: those of longer contexts, `smoothed` by those of shorter ones.
    """
    ### BEGIN SOLUTION
    contexts = sliding_window_view(np.pad(ids, (2, 0)), 3)  # as if two spaces came before the text
    logits: np.ndarray = np.log(model[tuple(contexts.T)])
    return logits
    ### END SOLUTION


### BEGIN SOLUTION
def _checked(logits: np.ndarray, ids: np.ndarray) -> np.ndarray:
    if np.shape(ids) != logits.shape[:-1] or np.shape(ids)[-1] < 2:
        raise ValueError(f"logits of shape {logits.shape} for ids of shape {np.shape(ids)}")
    return ids_within(ids, logits.shape[-1])


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    """Over the last axis, without overflow."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    log_p: np.ndarray = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return log_p


### END SOLUTION
