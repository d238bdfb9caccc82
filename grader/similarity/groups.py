"""Sets of hand-ins of which each two are alike: what is told once, where its pairs would be many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Set:
    """The most alike two come first; `least` and `most` are what two of them share."""

    members: tuple[int, ...]
    least: float
    most: float


def groups(shares: NDArray[np.float64], threshold: float) -> Iterator[Set]:
    """Sets that hold every pair that shares so much, and no other pair; `shares` is symmetric, (n, n).

    Greedy: the most alike pair that no set holds yet begins one, and each that shares enough with all in it joins, the
    most alike first. So a ring is one set, and who only has a friend in common with another is in none with them.
    """
    shares = np.where(np.eye(len(shares), dtype=bool), 0.0, shares)
    rows, columns = np.nonzero(np.triu(shares >= threshold, 1))
    order = np.argsort(-shares[rows, columns], kind="stable")
    held = np.zeros(shares.shape, dtype=bool)
    for i, j in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if held[i, j]:
            continue
        members, least = [i, j], shares[i, j]
        to_all = np.minimum(shares[i], shares[j])  # 0 for who is in it
        while to_all.max() >= threshold:
            new = int(to_all.argmax())
            least = min(least, to_all[new])
            to_all = np.minimum(to_all, shares[new])
            members.append(new)
        held[np.ix_(members, members)] = True
        yield Set(tuple(members), float(least), float(shares[i, j]))
