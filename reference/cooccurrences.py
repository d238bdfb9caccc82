"""Word vectors by counting: co-occurrences, what they say about association, and a few dimensions of that.

Skip-gram never looks at a table of all pairs of words, and yet it factorises one: at its optimum u·v is the pointwise
mutual information of the two words, shifted by the logarithm of the number of negatives, if these are drawn as often as
words occur, with power 1 (O. Levy and Y. Goldberg, Neural word embedding as implicit matrix factorization, 2014). So
why not count, and factorise with a singular value decomposition? The sections named below are that paper's.

Ids are rows of tables, float64. No function changes an array that it is given.
"""

from collections.abc import Sequence

import numpy as np

from reference.skipgram import skipgram_pairs


def cooccurrence(sentences: Sequence[Sequence[int]], n_words: int, window: int) -> np.ndarray:
    """How often each pair (centre, context) is among the skip-gram pairs: a table (n_words, n_words), symmetric.

    sentences: lists of ids from 0 to n_words - 1.
    """
    ### BEGIN SOLUTION
    counts: np.ndarray = np.zeros((n_words, n_words))
    centers, contexts = skipgram_pairs(sentences, window).T
    np.add.at(counts, (centers, contexts), 1.0)  # a pair that comes twice counts twice
    return counts
    ### END SOLUTION


def ppmi(C: np.ndarray) -> np.ndarray:
    """Positive pointwise mutual information: max(0, log(C_ij ΣC / (row_i col_j))), natural logarithm.

    PMI compares how often two words meet with how often they would if they knew nothing of each other (K. W. Church
    and P. Hanks, Word association norms, mutual information, and lexicography, 1990). Of words that never meet it is
    -∞: like all that is negative, it becomes 0 (O. Levy and Y. Goldberg, Neural word embedding as implicit matrix
    factorization, 2014, section 3.3). Rows and columns without any count are 0.

    C: counts (n, n), none negative.
    """
    ### BEGIN SOLUTION
    met = C > 0
    by_chance = np.outer(np.sum(C, axis=1), np.sum(C, axis=0))
    positive = np.zeros(C.shape)
    positive[met] = np.maximum(np.log(C[met] * np.sum(C) / by_chance[met]), 0.0)
    return positive
    ### END SOLUTION


def svd_embedding(M: np.ndarray, dim: int) -> np.ndarray:
    """The first `dim` columns of U √Σ, of the singular value decomposition M = U Σ V^T.

    So half of Σ goes to each side (Levy and Goldberg, 2014, section 4.2). In each column the entry largest in absolute
    value is positive, as a singular vector's sign is otherwise anybody's choice.

    M: shape (n, m). Returns shape (n, dim), the column of the largest singular value first.
    Raises ValueError unless 1 <= dim <= min(n, m).
    """
    ### BEGIN SOLUTION
    if not 1 <= dim <= min(M.shape):
        raise ValueError(f"{dim} dimensions of a table of shape {M.shape}")
    U, singular_values, _ = np.linalg.svd(M)
    E: np.ndarray = U[:, :dim] * np.sqrt(singular_values[:dim])
    peaks = E[np.argmax(np.abs(E), axis=0), np.arange(dim)]
    E *= np.sign(peaks)
    return E
    ### END SOLUTION
