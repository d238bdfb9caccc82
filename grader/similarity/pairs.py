"""Which hand-ins share more than the handout explains.

    symbols ── all runs of them ── those of the handout left out ──► what each two share ──► sets of which each two do

Runs survive functions that were moved. A run's weight falls with the number of hand-ins that have it (the inverse
document frequency, scaled): 1 for a run that two have, and 0 for one that more than a quarter of the class has (and
more than three). So what a short TD leaves no choice about counts for nothing, and what nobody else wrote in full.
A ring of copies would so hide itself: so two share, too, what is nearly all that each adds, whatever others have.

Why these numbers: right answers that were written apart share 0.20 of the shorter one at most, with no class to weigh
by; a copy with other names, in another order, shares 0.93 (docs/decisions/0017).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from grader.contract import Found, Group
from grader.similarity.groups import groups
from grader.similarity.passages import passages
from grader.similarity.runs import HandIn, read, runs
from grader.similarity.shares import FEW, common, shares
from grader.similarity.tokens import tokens

LEAST = 80  # different runs of one's own, some ten lines: what is shorter tells nothing
SHOWN = 40  # groups


def compare(hand_ins: Iterable[HandIn], handout: str, threshold: float = 0.3) -> Found:
    """Find the hand-ins of different keys that share so much; `handout` is the code that everybody was given."""
    given = np.unique(runs(tokens([handout]).tokens)[1])
    every = sorted((read(hand_in, given) for hand_in in hand_ins), key=lambda one: one.hand_in.key)
    found = [one for one in every if len(one.bag) >= LEAST]
    keys = [one.hand_in.key for one in found]
    compared = len(set(keys))
    partly = {one.hand_in.key for one in every if not one.whole}
    short = {one.hand_in.key for one in every} - set(keys) - partly
    told = (tuple(sorted(short)), tuple(sorted(partly)))
    if compared < 2:
        return Found((), 0, compared, *told, FEW, threshold)
    share, counted = shares([one.bag for one in found], keys)
    above = groups(share, threshold)
    shown = []
    for one in islice(above, SHOWN):
        first, second = (found[member] for member in one.members[:2])
        same = passages(first, second, counted.of(first.own))
        shown.append(Group(tuple(keys[member] for member in one.members), one.least, one.most, same))
    in_all = len(shown) + sum(1 for _ in above)
    return Found(tuple(shown), in_all, compared, *told, common(compared), threshold)
