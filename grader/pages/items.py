"""Item analysis: does a check tell work that is strong elsewhere from work that is weak elsewhere?

The discrimination of a check is the correlation of its points with the points of all other checks (for a check that is
passed or not, the point-biserial correlation, corrected for the check itself). Near 0 the check measures something
else, or chance; below 0 it is often the check that is wrong.
"""

from __future__ import annotations

import statistics
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from grader.contract import NOISE, Outcome, Report, Status

FEW = 5  # who pass, and who do not: of fewer, each one alone would make the number
LEAST = 20  # works; the standard error of a correlation of 0 is then 0.23: see docs/decisions/0018
WEAK = 0.2  # below it, a check is worth a look (Ebel and Frisbie, Essentials of Educational Measurement)


@dataclass(frozen=True, slots=True)
class Discrimination:
    """Of one check: a correlation, None where there are too few works, or hardly any difference between them."""

    value: float | None  # to two decimals, as it is shown and judged
    works: int  # that it is of

    @property
    def weak(self) -> bool:
        return self.value is not None and self.value < WEAK


def works(reports: Sequence[Report]) -> list[Report]:
    """What was checked and scored, a team's work once. Where the grader failed, nothing can be compared."""
    found: dict[str, Report] = {}
    for report in reports:
        if report.status is Status.GRADED and not any(v.outcome is Outcome.GRADER_FAULT for v in report.verdicts):
            found.setdefault(report.owner, report)
    return list(found.values())


def discrimination(reports: Sequence[Report]) -> dict[str, Discrimination]:
    """Of every check, by its id. Points that people gave or took are left out: they say nothing of the check.

    Nor does what was voided, and whoever's block was left out does not say that they do not know.
    """
    points: dict[str, tuple[array[float], array[float]]] = {}  # own, of all others; a class may be large
    full: dict[str, int] = {}
    for report in works(reports):
        dropped = report.dropped
        counting = [verdict for verdict in report.verdicts if verdict.id not in dropped]
        total = sum(verdict.points for verdict in counting)
        for verdict in counting:
            if "block" in verdict.message.values:
                continue
            own, rest = points.setdefault(verdict.id, (array("d"), array("d")))
            own.append(round(verdict.points, 9))
            full[verdict.id] = full.get(verdict.id, 0) + (verdict.points >= verdict.max_points - NOISE)
            rest.append(round(total - verdict.points, 9))
    return {
        check: Discrimination(_correlation(own, rest) if FEW <= full[check] <= len(own) - FEW else None, len(own))
        for check, (own, rest) in points.items()
    }


def _correlation(own: Sequence[float], rest: Sequence[float]) -> float | None:
    if len(own) < LEAST or len(set(own)) == 1 or len(set(rest)) == 1:
        return None
    return round(statistics.correlation(own, rest), 2)
