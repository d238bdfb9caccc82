"""After a check was mended: kept answers are judged again by what is expected now. Nothing is run.

Only where the probe and the cases are those that a run was asked is its answer an answer to them: a tolerance, a
predicate, points or the reference may have changed, and everything else has to be run again by `surdix grade`. What
people decided stays on top of whatever the judge says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from grader import __version__
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.gradings import Kept
from grader.pipeline import Marking, judged_again


@dataclass(frozen=True, slots=True)
class Regraded:
    """How many hand-ins were judged again, and the students whose must be run again instead."""

    judged: int
    run_again: tuple[str, ...]


def regrade(gradebook: Gradebook, marking: Marking) -> Regraded:
    """Judge everything that is kept again, and add what came of it as gradings of the TD as it is now.

    What was graded with this version of the TD is left as it is.
    """
    judged, again = 0, []
    for kept in gradebook.to_judge_again():
        mine = marking.of(kept.submission)
        if not _can(kept, mine):
            again.append(kept.submission.student_id)
            continue
        assert kept.run is not None
        report = judged_again(kept.run, kept.submission, mine)
        if gradebook.graded(report.submission_id, marking.assignment.version, __version__):
            continue
        now = datetime.now(UTC)
        gradebook.record(
            kept.submission,
            None,
            report,
            assignment_version=marking.assignment.version,
            grader_version=__version__,
            limits=marking.assignment.limits,
            sandbox=report.sandbox,
            started=now,
            ended=now,
            cases={},
            asked=kept.asked,
            judged_from=kept.grading,
            earlier=kept.earlier,
        )
        judged += 1
    return Regraded(judged, tuple(dict.fromkeys(again)))


def _can(kept: Kept, marking: Marking) -> bool:
    """Was this run asked all that is asked now?"""
    return kept.run is not None and marking.asked.items() <= kept.asked.items()
