"""Any points to 10 in all, in hundredths."""

from __future__ import annotations

from collections.abc import Sequence

IN_ALL = 1000  # hundredths of a point


def scaled(weights: Sequence[float]) -> list[float]:
    """Points in proportion to positive weights: multiples of 0.01, none of them 0, 10 in all.

    What rounding leaves goes to the largest remainders. Takes at most 1000 weights.
    """
    total = sum(weights)
    exact = [IN_ALL * weight / total for weight in weights]
    hundredths = [max(1, int(share)) for share in exact]
    # The largest remainder comes first while points are missing, the smallest while there are too many.
    while (missing := IN_ALL - sum(hundredths)) != 0:
        step = 1 if missing > 0 else -1
        able = [i for i, value in enumerate(hundredths) if value + step >= 1]
        best = max(able, key=lambda i: step * (exact[i] - hundredths[i]))
        hundredths[best] += step
    return [value / 100 for value in hundredths]
