"""How much each two hand-ins share: sparse products of a matrix with a row for each hand-in, a column for each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.similarity.runs import Runs

FEW, MANY = 3, 0.25  # hand-ins that have a run, of the class: more than either is no sign
WHOLE = 0.9  # of what each of two adds: this is no chance, however many have it,
LONG = 160  # where each adds so many different runs, some twenty lines
COLUMNS = 4096  # that are made dense at once


@dataclass(frozen=True, slots=True)
class Counted:
    """All runs, in order, and in how many hand-ins each is, a team's counted once."""

    runs: Runs
    hand_ins: NDArray[np.int64]

    def of(self, some: Runs) -> NDArray[np.int64]:
        return self.hand_ins[np.searchsorted(self.runs, some)]


def common(compared: int) -> int:
    """What more hand-ins than these have is no sign."""
    return max(FEW, int(MANY * compared))


def shares(bags: Sequence[Runs], keys: Sequence[str]) -> tuple[NDArray[np.float64], Counted]:
    """What each two of different keys share, (n, n), and the runs of all. Needs two keys at least.

    It is the weight of their common runs, of the shorter one's runs; or the number of them, of the longer one's, where
    both are LONG and this is WHOLE of it.
    """
    from scipy import sparse  # some time to import, for this command alone

    matrix: Any = sparse.csr_matrix  # it has no types
    sizes = np.array([len(bag) for bag in bags])
    all_runs, columns = np.unique(np.concatenate(bags), return_inverse=True)
    rows = np.repeat(np.arange(len(bags)), sizes)
    x = matrix((np.ones(len(columns)), (rows, columns)), shape=(len(bags), len(all_runs)))
    owners = np.unique(np.array(keys), return_inverse=True)[1]
    in_all = int(owners.max()) + 1
    owned = np.unique(owners[rows] * len(all_runs) + columns)
    counts = np.bincount(owned % len(all_runs), minlength=len(all_runs))
    rare = counts <= common(in_all)
    few = x[:, rare]
    if in_all > 2:
        weights = np.minimum(np.log(in_all / counts[rare]) / np.log(in_all / 2), 1.0)
    else:
        weights = np.ones(few.shape[1])
    by_weight = (few.multiply(weights).tocsr() @ few.T).toarray() / np.minimum.outer(sizes, sizes)
    by_number = ((few @ few.T).toarray() + _products(x[:, ~rare])) / np.maximum.outer(sizes, sizes)
    long = np.minimum.outer(sizes, sizes) >= LONG
    found = np.where(long & (by_number >= WHOLE), np.maximum(by_number, by_weight), by_weight)
    return np.where(owners[:, None] == owners, 0.0, found), Counted(all_runs, counts)


def _products(x: Any) -> NDArray[np.float64]:
    """x · xᵀ of columns that are well filled: sparse, its time would grow with the square of how many have each."""
    x = x.tocsc()
    found = np.zeros((x.shape[0], x.shape[0]))
    for first in range(0, x.shape[1], COLUMNS):
        some = x[:, first : first + COLUMNS].toarray().astype(np.float32)
        found += some @ some.T
    return found
