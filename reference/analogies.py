"""Asking an embedding: which words are alike, what is to France as Madrid is to Spain, and what does it look like?

An embedding E has a row of d numbers for each word of the list `words`. What counts is the direction of a row, as its
length has much to do with how frequent the word is: so words are compared by the cosine of the angle between them.

No function changes an array that it is given.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np


def cosine_similarity(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """The cosine of the angle between every row of A and every row of B; 0 for a row of zeros.

    A: shape (n, d); B: shape (m, d). Returns shape (n, m).
    Raises ValueError where rows differ in length.
    """
    ### BEGIN SOLUTION
    if A.shape[1] != B.shape[1]:
        raise ValueError(f"rows of {A.shape[1]} and of {B.shape[1]} numbers")
    cosines: np.ndarray = _unit_rows(A) @ _unit_rows(B).T
    return cosines
    ### END SOLUTION


### BEGIN SOLUTION
def _unit_rows(E: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; those of zeros stay."""
    lengths = np.linalg.norm(E, axis=1, keepdims=True)
    rows: np.ndarray = E / np.where(lengths > 0, lengths, 1.0)
    return rows


### END SOLUTION


def nearest_words(words: Sequence[str], E: np.ndarray, word: str, k: int) -> list[str]:
    """The k words that are nearest to `word` by cosine, the nearest first; never the word itself.

    At equal cosines the smaller id comes first.

    words: n words; E: shape (n, d).
    Raises ValueError if the word is not in the list, or unless 1 <= k <= n - 1.
    """
    ### BEGIN SOLUTION
    i = list(words).index(word)  # raises ValueError
    if not 1 <= k <= len(words) - 1:
        raise ValueError(f"{k} nearest words of {len(words)}")
    cosines = cosine_similarity(E[[i]], E)[0]
    order = [j for j in np.argsort(-cosines, kind="stable") if j != i]
    return [words[j] for j in order[:k]]
    ### END SOLUTION


def analogy(words: Sequence[str], E: np.ndarray, a: str, b: str, c: str) -> str:
    """The word d such that "a is to b as d is to c": nearest by cosine to a - b + c, and neither a, b nor c.

    Rows are scaled to length 1 before they are added. At equal cosines the smaller id wins (T. Mikolov, W. Yih and
    G. Zweig, Linguistic regularities in continuous space word representations, 2013).

    words: n words, more than three; E: shape (n, d).
    Raises ValueError if a, b or c is not in the list.
    """
    ### BEGIN SOLUTION
    i, j, k = (list(words).index(word) for word in (a, b, c))
    rows = _unit_rows(E)
    cosines = cosine_similarity((rows[i] - rows[j] + rows[k])[None], E)[0]
    cosines[[i, j, k]] = -np.inf
    return words[int(np.argmax(cosines))]
    ### END SOLUTION


def pca_projection(E: np.ndarray, k: int = 2) -> np.ndarray:
    """The centred rows of E on their first k principal axes: a map that keeps as much of the variance as a plane can.

    In each axis the entry largest in absolute value is positive, as in the TD on unsupervised learning (Pearson, 1901;
    its use on countries and capitals: figure 2 of Mikolov and others, Distributed representations, 2013).

    E: shape (n, d). Returns shape (n, k).
    """
    ### BEGIN SOLUTION
    centred = E - np.mean(E, axis=0)
    axes = np.linalg.svd(centred)[2][:k]
    peaks = axes[np.arange(k), np.argmax(np.abs(axes), axis=1)]
    places: np.ndarray = centred @ (axes * np.sign(peaks)[:, None]).T
    return places
    ### END SOLUTION


def draw_words(ax: Any, words: Sequence[str], places: np.ndarray, color: str = "C0") -> None:
    """Write each word at its place (n, 2) on the axes `ax` of matplotlib."""
    ax.scatter(places[:, 0], places[:, 1], c=color, s=8)
    for i, word in enumerate(words):
        ax.annotate(word, places[i], xytext=(3, 3), textcoords="offset points", fontsize=8, color=color)
