"""Runs of symbols, as numbers: what is looked for in other hand-ins."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grader.similarity.tokens import Token, tokens

LENGTH = 12  # symbols in a run: about a line
BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no symbol's place is lost modulo 2^64

Places = NDArray[np.int64]
Runs = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class HandIn:
    """The code of a student, or of a team: the texts of its cells and files, and a label for each.

    It is not `whole` where a file of it could not be read.
    """

    key: str  # the student's id, or the team's
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """A hand-in, the runs of its symbols that are the student's own, and their places, which rise."""

    hand_in: HandIn
    places: Places
    own: Runs
    whole: bool

    @property
    def bag(self) -> Runs:
        """The different ones, in order."""
        return np.unique(self.own)


def read(hand_in: HandIn, given: Runs) -> Read:
    """Read a hand-in; `given` are the runs of the handout.

    A run is the student's own if at least half of its symbols stand in no run of the handout: how nearly everybody goes
    on after the handout's own line is not.
    """
    found = tokens(hand_in.texts)
    places, all_runs = runs(found.tokens)
    theirs = np.isin(all_runs, given)
    change = np.zeros(len(found.tokens) + 1, dtype=np.int64)
    np.add.at(change, places[theirs], 1)
    np.add.at(change, places[theirs] + LENGTH, -1)
    handed_out = np.cumsum(change) > 0
    before = np.concatenate([[0], np.cumsum(handed_out)])
    own = ~theirs & (2 * (before[places + LENGTH] - before[places]) <= LENGTH)
    return Read(hand_in, places[own], all_runs[own], hand_in.whole and found.whole)


def runs(found: Sequence[Token]) -> tuple[Places, Runs]:
    """The places of every run of LENGTH symbols of one text, and each as a number of 64 bits.

    Two runs that differ have the same number about once in 10^19: it is a polynomial in BASE of random numbers.
    """
    count = max(0, len(found) - LENGTH + 1)
    text = np.array([token.text for token in found], dtype=np.int64)
    codes = np.array([_code(token.symbol) for token in found], dtype=np.uint64)
    all_runs = np.zeros(count, dtype=np.uint64)
    for shift in range(LENGTH):
        all_runs = all_runs * BASE + codes[shift : shift + count]
    places = np.flatnonzero(text[:count] == text[len(found) - count :])
    return places, all_runs[places]


@lru_cache(maxsize=100_000)
def _code(symbol: str) -> int:
    """A symbol's number, which every run of the program gives it (Python's own `hash` does not)."""
    return int.from_bytes(hashlib.blake2b(symbol.encode("utf-8", "backslashreplace"), digest_size=8).digest(), "little")
