"""A class: submissions in any order on several sandboxes at once, each recorded as soon as it is judged.

Workers are threads; each has a sandbox of its own, in which all the work happens. What has been graded with the same
files, assignment and grader version is not graded again, so that a run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice

from grader import __version__
from grader.contract import Report, Run, Submission
from grader.gradebook.digest import submission_id
from grader.gradebook.gradebook import Gradebook
from grader.pipeline import Marking, grade
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
    version = marking.assignment.version
    waiting = []
    for submission in submissions:
        key = submission_id(submission, marking.assignment.name)
        if not fresh and gradebook.graded(key, version, __version__):
            gradebook.seen(submission)
            progress()
        else:
            waiting.append(submission)
    if not waiting:
        return 0
    jobs = max(1, min(jobs, len(waiting)))
    free: queue.Queue[Sandbox] = queue.Queue()

    def one(submission: Submission) -> Graded:
        started = datetime.now(UTC)
        box = free.get()
        try:
            run, report = grade(box, submission, marking)
        finally:
            free.put(box)
        return submission, run, report, started, datetime.now(UTC)

    with ExitStack() as stack:
        for worker in range(jobs):
            free.put(stack.enter_context(open_sandbox(sandbox, marking.assignment, worker, jobs)))
        with ThreadPoolExecutor(jobs, "grade") as pool:
            coming = iter(waiting)
            running = {pool.submit(one, submission) for submission in islice(coming, AHEAD * jobs)}
            try:
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(one, submission) for submission in islice(coming, len(done))}
                    for future in done:
                        _record(gradebook, marking, future.result())
                        progress()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return len(waiting)


def _record(gradebook: Gradebook, marking: Marking, graded: Graded) -> None:
    submission, run, report, started, ended = graded
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
    )
