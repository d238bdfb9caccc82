"""Which hand-ins share more than the handout explains.

    symbols ── all runs of them ── those of the handout left out ──► a matrix X, a row for each hand-in
    shared weight of two = X · diag(weights) · Xᵀ,   share = shared weight / runs of the shorter one

Runs survive functions that were moved. A run's weight falls with the number of hand-ins that have it (the inverse
document frequency, scaled): 1 for a run that two have, and 0 for one that more than a quarter of the class has (and
more than three). So what a short TD leaves no choice about counts for nothing, and what nobody else wrote in full.

Why these numbers: right answers that were written apart share 0.20 of the shorter one at most, with no class to weigh
by; a copy with other names, in another order, shares 0.93 (docs/decisions/0017).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.contract import Found, Pair
from grader.similarity.passages import passages
from grader.similarity.runs import HandIn, read, runs
from grader.similarity.tokens import tokens

LEAST = 80  # different runs of one's own, some ten lines: what is shorter tells nothing
SHOWN = 40  # pairs
FEW, MANY = 3, 0.25  # hand-ins that have a run, of the class: more than either is no sign


def compare(hand_ins: Sequence[HandIn], handout: str, threshold: float = 0.3) -> Found:
    """Find the hand-ins of different keys that share so much; `handout` is the code that everybody was given."""
    given = frozenset(runs(tokens([handout]).tokens).values())
    found = [one for one in (read(hand_in, given) for hand_in in hand_ins) if len(set(one.own.values())) >= LEAST]
    keys = [one.hand_in.key for one in found]
    compared = len(set(keys))
    too_short = len({hand_in.key for hand_in in hand_ins} - set(keys))
    if compared < 2:
        return Found((), 0, compared, too_short, FEW, threshold)
    common = max(FEW, int(MANY * compared))
    share, counts = _shares(common, [set(one.own.values()) for one in found], keys)
    places = zip(*np.nonzero(np.triu(share >= threshold, 1)), strict=True)
    above = sorted((-share[i, j], keys[i], keys[j], i, j) for i, j in places if keys[i] != keys[j])
    pairs = [
        Pair(one, other, float(-negative), passages(found[i], found[j], counts))
        for negative, one, other, i, j in above[:SHOWN]
    ]
    return Found(tuple(pairs), len(above), compared, too_short, common, threshold)


def _shares(common: int, bags: Sequence[set[str]], keys: Sequence[str]) -> tuple[Any, Mapping[str, int]]:
    """What each two share, (n, n), and in how many hand-ins each run is, a team's counted once."""
    from sklearn.feature_extraction import text  # a second to import, for this command alone

    vectorizer: Any = text.CountVectorizer  # it has no types
    counter = vectorizer(analyzer=sorted, dtype=np.float64)
    x = counter.fit_transform(bags)
    owners = vectorizer(analyzer=lambda key: [key], dtype=np.float64).fit_transform(keys)
    counts = np.asarray((owners.T @ x > 0).sum(axis=0)).ravel()
    in_all = owners.shape[1]
    rare = np.log(in_all / counts) / np.log(in_all / 2) if in_all > 2 else np.ones(len(counts))
    weights = np.where(counts > common, 0.0, np.minimum(rare, 1.0))
    shared = (x.multiply(weights).tocsr() @ x.T).toarray()
    sizes = np.array([len(bag) for bag in bags])
    by_run = dict(zip(counter.get_feature_names_out(), counts.astype(int).tolist(), strict=True))
    return shared / np.minimum.outer(sizes, sizes), by_run
