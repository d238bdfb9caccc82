"""The passages that two hand-ins have in common, side by side: greedy tiles of equal symbols.

From the top of the left one, each place takes the longest equal stretch of the right one that is still free. (Greedy
string tiling, Wise 1993, without its search for the best tiles: this only shows where to look.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grader.contract import Excerpt, Passage
from grader.similarity.runs import LENGTH, HandIn, Read
from grader.similarity.tokens import Token, tokens

MOST = 30  # passages of a pair
LINES = 80  # of a passage
TRIED = 20  # places at which a run is looked for, of code that repeats itself


def passages(left: Read, right: Read, counts: NDArray[np.int64]) -> tuple[Passage, ...]:
    """At most MOST passages, those that the fewest have first; `counts` says in how many hand-ins each own run of the
    left one is.

    Symbols are made anew: those of a whole class would fill the memory.
    """
    lefts, rights = tokens(left.hand_in.texts).tokens, tokens(right.hand_in.texts).tokens
    places: dict[int, list[int]] = defaultdict(list)
    for place, run in zip(right.places.tolist(), right.own.tolist(), strict=True):
        if len(places[run]) < TRIED:
            places[run].append(place)
    own = dict(zip(left.places.tolist(), left.own.tolist(), strict=True))
    taken = [False] * len(rights)
    found = []
    at = 0
    while at < len(lefts):
        there, length = _longest(lefts, at, rights, places.get(own[at], []) if at in own else [], taken)
        if length < LENGTH:
            at += 1
            continue
        taken[there : there + length] = [True] * length
        first, last = np.searchsorted(left.places, [at, at + length - LENGTH + 1])
        passage = Passage(
            _excerpt(left.hand_in, lefts[at : at + length]),
            _excerpt(right.hand_in, rights[there : there + length]),
            int(np.median(counts[first:last])),
        )
        found.append((passage.hand_ins, -length, at, passage))
        at += length
    return tuple(passage for *_, passage in sorted(found, key=lambda one: one[:3])[:MOST])


def _longest(
    left: Sequence[Token], at: int, right: Sequence[Token], places: Sequence[int], taken: Sequence[bool]
) -> tuple[int, int]:
    """Where in the right one the longest stretch begins that equals what follows in the left one, and its length.

    It stays within one text on either side: a passage is of one cell or file.
    """
    best = (0, 0)
    for there in places:
        length = 0
        while (
            at + length < len(left)
            and there + length < len(right)
            and not taken[there + length]
            and left[at + length].symbol == right[there + length].symbol
            and left[at + length].text == left[at].text
            and right[there + length].text == right[there].text
        ):
            length += 1
        if length > best[1]:
            best = (there, length)
    return best


def _excerpt(hand_in: HandIn, found: Sequence[Token]) -> Excerpt:
    """The lines of these tokens, at most LINES."""
    text = found[0].text
    (first, begin), (last, end) = found[0].start, found[-1].end
    rows = []
    for number, line in enumerate(hand_in.texts[text].split("\n")[first - 1 : min(last, first + LINES - 1)], first):
        a, b = (begin if number == first else 0), (end if number == last else len(line))
        rows.append((line[:a], line[a:b], line[b:]))
    return Excerpt(hand_in.labels[text], first, tuple(rows))
