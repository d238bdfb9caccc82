"""Byte-pair encoding: from text to the numbers that a language model reads, and back.

A text is bytes, and each byte is a token to begin with: no character is unknown. Then the most frequent pair of
neighbours becomes a token of its own, again and again: frequent words end as one token, rare ones as a few. It was a
method of compression (Gage, A new algorithm for data compression, 1994); Sennrich, Haddow and Birch took it to
translation (Neural machine translation of rare words with subword units, 2016, https://arxiv.org/abs/1508.07909), and
GPT-2 to bytes (Radford et al., Language models are unsupervised multitask learners, 2019). Unlike these, we do not
split the text into words first.

Ids 0 to 255 are the bytes; merge i makes the id 256 + i.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def ids_within(ids: Sequence[int] | np.ndarray, vocab_size: int) -> np.ndarray:
    """The ids as an array of integers. Raises ValueError where one is not in 0, …, vocab_size - 1."""
    array = np.asarray(ids, dtype=np.int64)
    if np.any((array < 0) | (array >= vocab_size)):
        raise ValueError(f"an id outside of 0, …, {vocab_size - 1}")
    return array


def most_frequent_pair(ids: Sequence[int]) -> tuple[int, int]:
    """The pair of neighbours (a, b) that occurs most often; of several, the smallest.

    Pairs that overlap all count: in a, a, a there are two (a, a). Pairs compare as tuples do: (1, 9) is smaller than
    (2, 0). Raises ValueError where there are less than two ids.
    """
    ### BEGIN SOLUTION
    if len(ids) < 2:
        raise ValueError(f"no pair among {len(ids)} ids")
    counts = Counter(pairwise(ids))
    return min(counts, key=lambda pair: (-counts[pair], pair))
    ### END SOLUTION


def merge_pair(ids: Sequence[int], pair: tuple[int, int], new_id: int) -> list[int]:
    """The ids with each occurrence of the pair replaced by new_id, from left to right: a, a, a becomes new_id, a."""
    ### BEGIN SOLUTION
    merged: list[int] = []
    last = None  # the id before, as long as it is free to be merged
    for token in ids:
        if (last, token) == tuple(pair):
            merged[-1] = new_id
            last = None
        else:
            merged.append(token)
            last = token
    return merged
    ### END SOLUTION


def bpe_train(text: str, n_merges: int) -> np.ndarray:
    """Learn merges from a text: at most n_merges times, merge the most frequent pair into a new id.

    It ends sooner when no pair occurs twice, as `most_frequent_pair` counts.
    Returns the pairs in the order in which they were merged: integers of shape (m, 2), m <= n_merges.
    """
    ### BEGIN SOLUTION
    ids = list(text.encode())
    merges: list[tuple[int, int]] = []
    for new_id in range(256, 256 + n_merges):
        pairs = list(pairwise(ids))
        if len(set(pairs)) == len(pairs):
            break
        merges.append(most_frequent_pair(ids))
        ids = merge_pair(ids, merges[-1], new_id)
    return np.array(merges, dtype=np.int64).reshape(len(merges), 2)
    ### END SOLUTION


def bpe_encode(text: str, merges: np.ndarray) -> list[int]:
    """The ids of a text: its UTF-8 bytes, then merge by merge in the order in which they were learnt.

    merges: shape (m, 2), as from `bpe_train`.
    """
    ### BEGIN SOLUTION
    ids = list(text.encode())
    for i, (a, b) in enumerate(np.asarray(merges).tolist()):
        ids = merge_pair(ids, (a, b), 256 + i)
    return ids
    ### END SOLUTION


def bpe_decode(ids: Sequence[int], merges: np.ndarray) -> str:
    """The text of ids. Bytes that are no UTF-8 become the character U+FFFD, as `bytes.decode` has it.

    A model may well say half a character: any ids have a text. Raises ValueError on ids that are no byte and no merge.
    """
    ### BEGIN SOLUTION
    pieces = [bytes([byte]) for byte in range(256)]
    for a, b in np.asarray(merges).tolist():
        pieces.append(pieces[a] + pieces[b])
    return b"".join(pieces[i] for i in ids_within(ids, len(pieces))).decode(errors="replace")
    ### END SOLUTION
