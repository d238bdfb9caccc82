"""A class: submissions in any order on several sandboxes at once, each recorded as soon as it is judged.

Workers are threads; each has a sandbox of its own, in which all the work happens. What has been graded with the same
files, assignment and grader version is not graded again, so that a run that was interrupted goes on where it stopped.
Where the best of a student's hand-ins counts, the earlier ones are graded like any other, after all the last ones.
"""

from __future__ import annotations

import os
import queue
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from grader import __version__
from grader.contract import Assignment, Report, Run, Status, Submission
from grader.gradebook.digest import submission_id
from grader.gradebook.gradebook import Gradebook
from grader.pipeline import Marking, grade, nothing_to_run, of_member
from grader.sandbox.tiers import Sandbox, open_sandbox

AHEAD = 4  # submissions for each worker that are under way: results are kept until they are recorded, and no longer


@dataclass(frozen=True, slots=True)
class HandIn:
    """Something to be graded: what a student handed in last, or before that."""

    submission: Submission
    earlier: bool = False


Graded = tuple[HandIn, Run | None, Report, datetime, datetime]


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def that_may_count(submissions: Sequence[Submission], assignment: Assignment) -> list[HandIn]:
    """What is to be graded: the last hand-ins, and where the best counts each thing that was handed in before them."""
    found = [HandIn(submission) for submission in submissions]
    if assignment.policy.counts == "best":
        for last in submissions:
            things = {submission_id(one, assignment.name): one for one in reversed(last.earlier)}
            things.pop(submission_id(last, assignment.name), None)
            found += [HandIn(one, earlier=True) for one in reversed(things.values())]
    return found


def grade_all(
    submissions: Sequence[Submission],
    marking: Marking,
    gradebook: Gradebook,
    *,
    jobs: int = 1,
    sandbox: str = "best",
    fresh: bool = False,
    progress: Callable[[bool], None] = lambda graded: None,
) -> Counter[Status]:
    """Grade what is not graded yet and record it; how many were, by what became of them.

    `progress` is called once for each that may count, with whether it was graded now. Raises `SandboxUnavailable`
    before anything is graded where there is no sandbox of this kind.
    """
    became: Counter[Status] = Counter()
    waiting = []
    for submission in submissions:
        gradebook.keep(submission)
    for one in that_may_count(submissions, marking.assignment):
        if not fresh and _is_done(gradebook, one.submission, marking):
            gradebook.seen(one.submission, marking.assignment.version, __version__, earlier=one.earlier)
            progress(False)
        else:
            waiting.append(one)
    groups = _groups(waiting, marking.assignment.name)
    asked = marking.asked  # of everybody, unless each has cases of their own
    jobs = max(1, min(jobs, len(groups)))
    free: queue.Queue[Sandbox] = queue.Queue()

    def one_group(members: Sequence[HandIn]) -> list[Graded]:
        started = datetime.now(UTC)
        box = free.get()
        try:
            run, report = grade(box, members[0].submission, marking)
        finally:
            free.put(box)
        ended = datetime.now(UTC)
        return [(m, run, of_member(report, m.submission, marking.assignment), started, ended) for m in members]

    def settle(graded: Graded) -> None:
        _record(gradebook, marking, graded, asked)
        became[graded[2].status] += 1
        progress(True)

    with ExitStack() as stack:
        if groups:
            for worker in range(jobs):
                free.put(stack.enter_context(open_sandbox(sandbox, marking.assignment, worker, jobs)))
        for one in waiting:
            if not one.submission.readable:
                now = datetime.now(UTC)
                settle((one, None, nothing_to_run(one.submission, marking), now, now))
        with ThreadPoolExecutor(jobs, "grade") as pool:
            coming = iter(groups)
            running = {pool.submit(one_group, group) for group in islice(coming, AHEAD * jobs)}
            try:
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(one_group, group) for group in islice(coming, len(done))}
                    for future in done:
                        for graded in future.result():
                            settle(graded)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return became


def _is_done(gradebook: Gradebook, submission: Submission, marking: Marking) -> bool:
    """Is there nothing to find out? Of who handed in nothing: does what the policy gives stand there already?"""
    key, version = submission_id(submission, marking.assignment.name), marking.assignment.version
    if submission.status is Status.ABSENT:
        report = gradebook.report(submission.student_id)
        if report is None or report.status is not Status.ABSENT:
            return report is not None
        return report.assignment_version == version and report.submission_id == key
    return gradebook.graded(key, version, __version__)


def _groups(waiting: Iterable[HandIn], td: str) -> list[list[HandIn]]:
    """What has to be run, with all whose result it is: a team's files are run once, whoever is in the team."""
    groups: dict[str, list[HandIn]] = {}
    for one in waiting:
        submission = one.submission
        if submission.readable:
            whose = replace(submission, student_id=submission.team or submission.student_id)
            groups.setdefault(submission_id(whose, td), []).append(one)
    return list(groups.values())


def _record(gradebook: Gradebook, marking: Marking, graded: Graded, asked: Mapping[str, str]) -> None:
    one, run, report, started, ended = graded
    if marking.own is not None and run is not None:
        asked = marking.of(one.submission).asked
    gradebook.record(
        one.submission,
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
        earlier=one.earlier,
    )
