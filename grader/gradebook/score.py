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

NOISE = Decimal("1e-9")


def rounded(points: float, most: float = 10.0, step: float = 0.01) -> float:
    """`points` to a multiple of `step`, half up, within [0, most]. Raises `GraderFault` for no finite number.

    Of a `most` that is no multiple of the step, the score may be `most` itself.
    """
    if not math.isfinite(points):
        raise GraderFault(f"a total of {points} points")
    unit = Decimal(repr(step))
    steps = (Decimal(points).quantize(NOISE, ROUND_HALF_EVEN) / unit).quantize(Decimal(1), ROUND_HALF_UP)
    return float(min(max(steps * unit, Decimal(0)), Decimal(repr(most))))


def total(verdicts: Iterable[Verdict], out_of: float = 10.0) -> float:
    """The points of all checks together, rounded: a report's `raw_score`. It does not depend on the checks' order."""
    return rounded(math.fsum(verdict.points for verdict in verdicts), out_of)


def raw_score(status: Status, verdicts: Iterable[Verdict], out_of: float = 10.0) -> float | None:
    """The score before adjustments: None where only a person can give one.

    A check that is the grader's fault has no points to count, so a submission with one has no score. What an absent
    student gets is the policy's, not decided here.
    """
    verdicts = tuple(verdicts)
    if status is Status.EMPTY:
        return 0.0
    if status is not Status.GRADED or any(verdict.outcome is Outcome.GRADER_FAULT for verdict in verdicts):
        return None
    return total(verdicts, out_of)
