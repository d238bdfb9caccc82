"""Runs of symbols: what is looked for in other hand-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.similarity.tokens import Token, tokens

LENGTH = 12  # symbols in a run: about a line


@dataclass(frozen=True, slots=True)
class HandIn:
    """The code of a student, or of a team: the texts of its cells and files, and a label for each."""

    key: str  # the student's id, or the team's
    labels: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A hand-in, its symbols, and the runs of them that are the student's own, by their places."""

    hand_in: HandIn
    tokens: Sequence[Token]
    own: Mapping[int, str]


def read(hand_in: HandIn, given: frozenset[str]) -> Read:
    """Read a hand-in; `given` are the runs of the handout.

    A run is the student's own if at least half of its symbols stand in no run of the handout: how nearly everybody goes
    on after the handout's own line is not.
    """
    found = tokens(hand_in.texts).tokens
    all_runs = runs(found)
    handed_out = np.zeros(len(found), dtype=bool)
    for at, run in all_runs.items():
        if run in given:
            handed_out[at : at + LENGTH] = True
    before = np.concatenate([[0], np.cumsum(handed_out)])
    own = {
        at: run for at, run in all_runs.items() if run not in given and 2 * (before[at + LENGTH] - before[at]) <= LENGTH
    }
    return Read(hand_in, found, own)


def runs(found: Sequence[Token]) -> dict[int, str]:
    """Every run of LENGTH symbols of one text, by its place."""
    symbols = [token.symbol for token in found]
    return {
        at: " ".join(symbols[at : at + LENGTH])
        for at in range(len(found) - LENGTH + 1)
        if found[at].text == found[at + LENGTH - 1].text
    }
