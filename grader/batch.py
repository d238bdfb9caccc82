"""A class: submissions in any order on several sandboxes at once, each recorded as soon as it is judged.

Workers are threads; each has a sandbox of its own, in which all the work happens. What has been graded with the same
files, assignment and grader version is not graded again, so that a run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice

from grader import __version__
from grader.contract import Report, Run, Status, Submission
from grader.gradebook.digest import submission_id
from grader.gradebook.gradebook import Gradebook
from grader.pipeline import Marking, grade, nothing_to_run, of_member
from grader.sandbox.tiers import Sandbox, open_sandbox

AHEAD = 4  # submissions for each worker that are under way: results are kept until they are recorded, and no longer
Graded = tuple[Submission, Run | None, Report, datetime, datetime]


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def grade_all(
    submissions: Sequence[Submission],
    marking: Marking,
    gradebook: Gradebook,
    *,
    jobs: int = 1,
    sandbox: str = "best",
    fresh: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> int:
    """Grade what is not graded yet and record it; how many were. `progress` is called once for each submission.

    Raises `SandboxUnavailable` before anything is graded where there is no sandbox of this kind.
    """
    waiting = []
    for submission in submissions:
        if not fresh and _is_done(gradebook, submission, marking):
            gradebook.seen(submission, marking.assignment.version, __version__)
            progress()
        else:
            waiting.append(submission)
    groups = _groups(waiting)
    asked = marking.asked  # of everybody, unless each has cases of their own
    jobs = max(1, min(jobs, len(groups)))
    free: queue.Queue[Sandbox] = queue.Queue()

    def one(members: Sequence[Submission]) -> list[Graded]:
        started = datetime.now(UTC)
        box = free.get()
        try:
            run, report = grade(box, members[0], marking)
        finally:
            free.put(box)
        ended = datetime.now(UTC)
        return [(m, run, of_member(report, m, marking.assignment), started, ended) for m in members]

    with ExitStack() as stack:
        if groups:
            for worker in range(jobs):
                free.put(stack.enter_context(open_sandbox(sandbox, marking.assignment, worker, jobs)))
        for submission in waiting:
            if not submission.readable:
                now = datetime.now(UTC)
                _record(gradebook, marking, (submission, None, nothing_to_run(submission, marking), now, now), asked)
                progress()
        with ThreadPoolExecutor(jobs, "grade") as pool:
            coming = iter(groups)
            running = {pool.submit(one, group) for group in islice(coming, AHEAD * jobs)}
            try:
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(one, group) for group in islice(coming, len(done))}
                    for future in done:
                        for graded in future.result():
                            _record(gradebook, marking, graded, asked)
                            progress()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return len(waiting)


def _is_done(gradebook: Gradebook, submission: Submission, marking: Marking) -> bool:
    """Is there nothing to find out? Of who handed in nothing: does what the policy gives stand there already?"""
    key, version = submission_id(submission, marking.assignment.name), marking.assignment.version
    if submission.status is Status.ABSENT:
        report = gradebook.report(submission.student_id)
        if report is None or report.status is not Status.ABSENT:
            return report is not None
        return report.assignment_version == version and report.submission_id == key
    return gradebook.graded(key, version, __version__)


def _groups(waiting: Sequence[Submission]) -> list[list[Submission]]:
    """What has to be run, with all whose result it is: a team's files are run once, whoever is in the team."""
    groups: dict[tuple[str, str], list[Submission]] = {}
    for submission in waiting:
        if submission.readable:
            key = ("team", submission.team) if submission.team else ("student", submission.student_id)
            groups.setdefault(key, []).append(submission)
    return list(groups.values())


def _record(gradebook: Gradebook, marking: Marking, graded: Graded, asked: Mapping[str, str]) -> None:
    submission, run, report, started, ended = graded
    if marking.own is not None and run is not None:
        asked = marking.of(submission).asked
    gradebook.record(
        submission,
        run,
        report,
        assignment_version=marking.assignment.version,
        grader_version=__version__,
        limits=marking.assignment.limits,
        sandbox=report.sandbox,
        started=started,
        ended=ended,
        cases=marking.case_names,
        asked=asked,
    )
