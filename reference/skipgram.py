"""Word vectors by prediction: the skip-gram model with negative sampling, which is word2vec.

A word is known by the company it keeps. Each word has two vectors: u as a centre, v as somebody's context. They are
trained so that u·v is large for pairs that occur near each other in a text, and small for pairs drawn at random; what
is kept in the end is U.

Words are strings, ids are rows of the tables U and V, shape (n, d), float64. No function changes an array that it is
given. Formulas are those of T. Mikolov, I. Sutskever, K. Chen, G. Corrado and J. Dean, Distributed representations of
words and phrases and their compositionality, 2013 (https://arxiv.org/abs/1310.4546); equations have its numbers.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np


def build_vocabulary(sentences: Sequence[Sequence[str]], min_count: int = 1) -> tuple[list[str], np.ndarray]:
    """The words that occur at least min_count times, and how often each occurs.

    The most frequent word comes first; words that are as frequent as each other are in alphabetical order, that of
    Python's strings. A word's place in the list is its id.

    sentences: lists of words. Returns n words and their counts, n integers.
    Raises ValueError if no word is left.
    """
    ### BEGIN SOLUTION
    counts = Counter(word for sentence in sentences for word in sentence)
    kept = sorted((-count, word) for word, count in counts.items() if count >= min_count)
    if not kept:
        raise ValueError(f"none of {len(counts)} words occurs {min_count} times")
    return [word for _, word in kept], np.array([-count for count, _ in kept])
    ### END SOLUTION


def encode(sentence: Sequence[str], words: Sequence[str]) -> np.ndarray:
    """The ids of a sentence's words, without the words that are not in the vocabulary.

    Left and right neighbours of a word that is dropped become neighbours of each other.

    sentence: words; words: the vocabulary. Returns integers, at most one for each word of the sentence.
    """
    ### BEGIN SOLUTION
    ids = {word: i for i, word in enumerate(words)}
    return np.array([ids[word] for word in sentence if word in ids], dtype=int)
    ### END SOLUTION


def skipgram_pairs(sentences: Sequence[Sequence[int]], window: int) -> np.ndarray:
    """All pairs (centre, context) of words at most `window` positions apart in the same sentence.

    A position is no context of itself; an equal word at another position is one. Pairs are ordered by sentence, by the
    centre's position, and by the context's from left to right.

    sentences: lists or arrays of ids. Returns integers of shape (m, 2), (0, 2) if there is no pair.
    Raises ValueError if window < 1.
    """
    ### BEGIN SOLUTION
    if window < 1:
        raise ValueError(f"a window of {window} words")
    pairs = []
    for sentence in sentences:
        for i in range(len(sentence)):
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                if j != i:
                    pairs.append((sentence[i], sentence[j]))
    return np.array(pairs, dtype=int).reshape(len(pairs), 2)
    ### END SOLUTION


def sampling_distribution(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """The probability of each word to be drawn as a negative: in proportion to count^power.

    A power below 1 lets rare words be drawn more often than they occur (Mikolov et al., Distributed representations of
    words and phrases and their compositionality, 2013, section 2.2). A word that never occurs is never drawn, not even
    with power 0.

    counts: n numbers. Returns n probabilities, whose sum is 1.
    Raises ValueError where a count is negative, or none is positive.
    """
    ### BEGIN SOLUTION
    if np.any(counts < 0) or not np.any(counts > 0):
        raise ValueError("counts are not negative, and some are positive")
    weights = np.zeros(len(counts))
    weights[counts > 0] = counts[counts > 0] ** power
    return weights / np.sum(weights)
    ### END SOLUTION


def sample_negatives(p: np.ndarray, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Ids drawn independently with the probabilities p (n,): rng.choice of all n ids, called once for all of it."""
    ### BEGIN SOLUTION
    return rng.choice(len(p), size=shape, p=p)
    ### END SOLUTION


def negative_sampling_loss(
    U: np.ndarray, V: np.ndarray, centers: np.ndarray, contexts: np.ndarray, negatives: np.ndarray
) -> float:
    """The mean over the pairs of -log σ(u·v) - Σ_k log σ(-u·v_k), σ(z) = 1 / (1 + exp(-z)).

    u is the centre's row of U, v the context's row of V, and v_k are the negatives' rows of V. It is equation 4 of
    Mikolov et al., 2013, with the other sign. Exact where |u·v| is 1000, too: -log σ(z) is log(1 + exp(-z)).

    U, V: shape (n, d); centers, contexts: m ids; negatives: ids (m, k).
    """
    ### BEGIN SOLUTION
    positive = np.sum(U[centers] * V[contexts], axis=1)
    negative = np.einsum("md,mkd->mk", U[centers], V[negatives])
    losses = np.logaddexp(0.0, -positive) + np.sum(np.logaddexp(0.0, negative), axis=1)
    return float(np.mean(losses))
    ### END SOLUTION


def negative_sampling_gradients(
    U: np.ndarray, V: np.ndarray, centers: np.ndarray, contexts: np.ndarray, negatives: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of `negative_sampling_loss` with respect to U and to V, each of shape (n, d).

    With respect to a score z = u·v, the derivative is σ(z) - 1 for a pair and σ(z) for a negative. A word that occurs
    several times, as centre, context or negative, gets the sum of what it gets each time.
    """
    ### BEGIN SOLUTION
    ids = np.column_stack([contexts, negatives])  # (m, 1 + k): the pair first
    u, v = U[centers], V[ids]
    errors = _sigmoid(np.einsum("md,mkd->mk", u, v)) - (np.arange(ids.shape[1]) == 0)
    errors /= len(ids)
    dU, dV = np.zeros(U.shape), np.zeros(V.shape)
    np.add.at(dU, centers, np.einsum("mk,mkd->md", errors, v))
    np.add.at(dV, ids, errors[:, :, None] * u[:, None])
    return dU, dV
    ### END SOLUTION


### BEGIN SOLUTION
def _sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), by tanh, which does not overflow."""
    sigma: np.ndarray = 0.5 * (1.0 + np.tanh(0.5 * z))
    return sigma


### END SOLUTION


def train_skipgram(
    sentences: Sequence[Sequence[int]],
    n_words: int,
    dim: int,
    window: int,
    n_negatives: int,
    epochs: int,
    lr: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Train word vectors by stochastic gradient descent on the negative-sampling loss, one pair at a time.

    In each epoch the skip-gram pairs come in a new random order, and each has n_negatives new negatives, drawn from
    the words' counts^0.75. How U and V start and what is drawn when is free.

    sentences: lists of ids from 0 to n_words - 1. Returns U and V, each of shape (n_words, dim).
    """
    ### BEGIN SOLUTION
    pairs = skipgram_pairs(sentences, window)
    p = sampling_distribution(np.bincount(np.concatenate(sentences), minlength=n_words))
    U, V = 0.1 * rng.standard_normal((2, n_words, dim))
    for _ in range(epochs):
        shuffled = rng.permutation(pairs)
        others = np.column_stack([shuffled[:, 1], sample_negatives(p, (len(pairs), n_negatives), rng)])
        for center, ids in zip(shuffled[:, 0], others, strict=True):
            u, v = U[center].copy(), V[ids]  # as they are before the step
            step = -lr * _sigmoid(v @ u)
            step[0] += lr  # the first of ids is no negative
            U[center] = u + step @ v
            np.add.at(V, ids, step[:, None] * u)
    return U, V
    ### END SOLUTION
