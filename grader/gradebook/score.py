"""Points to a score: the one place that rounds.

Points are binary floats made of shares (`1.5 * 7 / 12`), so a sum that is 1.005 on paper is 1.00499999999999989… in
memory, and rounding it as it stands would cost a student a hundredth by chance. A total is therefore read to nine
decimals first, which undoes the noise (about 1e-15) and cannot reach a real difference (a share of n cases of a check
of p hundredths of a point is a multiple of 0.01 / n: a half is either met exactly or missed by at least 0.005 / n),
and then rounded to 0.01, half up, in decimal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from grader.contract import Outcome, Status, Verdict
from grader.errors import GraderFault

HUNDREDTH = Decimal("0.01")
NOISE = Decimal("1e-9")


def rounded(points: float, out_of: float = 10.0) -> float:
    """`points` to 0.01, half up, within [0, out_of]. Raises `GraderFault` for what is not a finite number."""
    if not math.isfinite(points):
        raise GraderFault(f"a total of {points} points")
    exact = Decimal(points).quantize(NOISE, ROUND_HALF_EVEN).quantize(HUNDREDTH, ROUND_HALF_UP)
    return float(min(max(exact, Decimal(0)), Decimal(out_of)))


def total(verdicts: Iterable[Verdict], out_of: float = 10.0) -> float:
    """The points of all checks together, rounded: a report's `raw_score`. It does not depend on the checks' order."""
    return rounded(math.fsum(verdict.points for verdict in verdicts), out_of)


def raw_score(
    status: Status, verdicts: Iterable[Verdict], out_of: float = 10.0, absent: float | None = None
) -> float | None:
    """The score before adjustments: None where only a person can give one.

    A check that is the grader's fault has no points to count, so a submission with one has no score. `absent` is what
    the assignment's policy gives to who handed in nothing.
    """
    verdicts = tuple(verdicts)
    if status is Status.EMPTY:
        return 0.0
    if status is Status.ABSENT:
        return absent
    if status is not Status.GRADED or any(verdict.outcome is Outcome.GRADER_FAULT for verdict in verdicts):
        return None
    return total(verdicts, out_of)
