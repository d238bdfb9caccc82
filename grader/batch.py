"""A class: submissions in any order, graded by an engine, recorded a moment after they are judged.

What has been graded with the same files, assignment and grader version is not graded again, so that a run that was
interrupted goes on where it stopped. Where the best of a student's hand-ins counts, the earlier ones are graded like
any other, after all the last ones.

Submissions may lie on the disk, so that a class of any size takes little memory: only places in their sequence are
kept, and each is asked for again when its turn comes.

An engine says where the work is done: on this machine (`local.Threads`) or on others (`cluster`). Its futures are those
of `concurrent.futures`, and the one gradebook is written here alone.
"""

from __future__ import annotations

import os
import queue
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

from grader import __version__
from grader.contract import Assignment, Report, Run, Status, Submission
from grader.gradebook.digest import submission_id
from grader.gradebook.gradebook import Gradebook
from grader.pipeline import Marking, nothing_to_run, of_member

TOGETHER_SECONDS = 0.5  # results that come within it are one transaction, which a killed run loses
TOGETHER = 16  # results at most: they are held in memory meanwhile, and for more of them one costs hardly less
AHEAD = 4  # submissions for each worker that are under way: results are kept until they are recorded, and no longer

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of one submission, and when it was graded, by the clock of the machine that did it."""

    run: Run | None
    report: Report
    started: datetime
    ended: datetime


class Engine(Protocol):
    """Where submissions are graded, in any order."""

    @property
    def width(self) -> int:
        """How many at once; where machines come and go it changes."""

    def submit(self, submission: Submission) -> Future[Graded]:
        """Have a submission graded. What a submission does is in its report; the future raises what is nobody's."""


@dataclass(frozen=True, slots=True)
class HandIn:
    """Something to be graded: what a student handed in last, or before that."""

    place: int  # of the student's last submission
    back: int | None = None  # where it is in `Submission.earlier`; None: it is the last one itself

    def of(self, submissions: Sequence[Submission]) -> Submission:
        """The submission itself."""
        last = submissions[self.place]
        return last if self.back is None else last.earlier[self.back]

    @property
    def earlier(self) -> bool:
        return self.back is not None


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def that_may_count(submissions: Sequence[Submission], assignment: Assignment) -> list[HandIn]:
    """What is to be graded: the last hand-ins, and where the best counts each thing that was handed in before them."""
    found = [HandIn(place) for place in range(len(submissions))]
    if assignment.policy.counts == "best":
        for place, last in enumerate(submissions):
            things = {submission_id(one, assignment.name): back for back, one in reversed([*enumerate(last.earlier)])}
            things.pop(submission_id(last, assignment.name), None)
            found += [HandIn(place, back) for back in reversed(things.values())]
    return found


def grade_all(
    submissions: Sequence[Submission],
    marking: Marking,
    gradebook: Gradebook,
    engine: Callable[[int], AbstractContextManager[Engine]],
    *,
    fresh: bool = False,
    progress: Callable[[bool], None] = lambda graded: None,
    now: Clock = utc_now,
) -> Counter[Status]:
    """Grade what is not graded yet and record it; how many were, by what became of them.

    `engine` makes one for so many pieces of work, if there are any; what it raises is raised before anything is graded.
    `progress` is called once for each that may count, with whether it was graded now.
    """
    groups: dict[str, list[HandIn]] = {}  # what has to be run, with all whose result it is
    unreadable: list[HandIn] = []
    for submission in submissions:
        gradebook.keep(submission)
    for one in that_may_count(submissions, marking.assignment):
        submission = one.of(submissions)
        if not fresh and _is_done(gradebook, submission, marking):
            gradebook.seen(submission, marking.assignment.version, __version__, earlier=one.earlier)
            progress(False)
        elif submission.readable:
            groups.setdefault(_work(submission, marking.assignment.name), []).append(one)
        else:
            unreadable.append(one)
    results = _Results(gradebook, marking, progress)

    def record_unreadable() -> None:
        for one in unreadable:
            submission = one.of(submissions)
            results.add(one, submission, Graded(None, nothing_to_run(submission, marking), now(), now()))
        results.record()

    if not groups:
        record_unreadable()
        return results.became
    with engine(len(groups)) as workers:
        record_unreadable()
        coming = iter(groups.values())
        finished: queue.SimpleQueue[Future[Graded]] = queue.SimpleQueue()
        running: dict[Future[Graded], list[HandIn]] = {}

        def submit() -> None:
            for group in islice(coming, max(0, AHEAD * workers.width - len(running))):
                future = workers.submit(group[0].of(submissions))
                running[future] = group
                future.add_done_callback(finished.put)

        def take(future: Future[Graded]) -> None:
            graded = future.result()
            for one in running.pop(future):
                submission = one.of(submissions)
                report = of_member(graded.report, submission, marking.assignment)
                results.add(one, submission, replace(graded, report=report))

        try:
            submit()
            while running:
                with suppress(queue.Empty):  # then it is time to record
                    take(finished.get(timeout=results.left()))
                    submit()
                if results.left() == 0.0:
                    results.record()
        finally:
            results.record()
    return results.became


class _Results:
    """Results on their way into the gradebook: a transaction costs little more for many than for one."""

    def __init__(self, gradebook: Gradebook, marking: Marking, progress: Callable[[bool], None]) -> None:
        self.became: Counter[Status] = Counter()  # of those that are recorded
        self._gradebook, self._marking, self._progress = gradebook, marking, progress
        self._asked = marking.asked  # of everybody, unless each has cases of their own
        self._waiting: list[tuple[HandIn, Submission, Graded, Mapping[str, str]]] = []  # with what was asked
        self._due = 0.0

    def add(self, one: HandIn, submission: Submission, graded: Graded) -> None:
        """Have a result recorded, soon or now."""
        if not self._waiting:
            self._due = time.monotonic() + TOGETHER_SECONDS
        # Asked for now: to draw a student's own cases again takes long, and nobody else can write while one records.
        own = self._marking.own is not None and graded.run is not None
        self._waiting.append((one, submission, graded, self._marking.of(submission).asked if own else self._asked))
        if len(self._waiting) == TOGETHER:
            self.record()

    def left(self) -> float | None:
        """Seconds until what waits is to be recorded; None where nothing waits."""
        return max(0.0, self._due - time.monotonic()) if self._waiting else None

    def record(self) -> None:
        """Record what waits, and tell the progress."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        with self._gradebook.together():
            for one, submission, graded, asked in waiting:
                self._record(one, submission, graded, asked)
        for _, _, graded, _ in waiting:
            self.became[graded.report.status] += 1
            self._progress(True)

    def _record(self, one: HandIn, submission: Submission, graded: Graded, asked: Mapping[str, str]) -> None:
        self._gradebook.record(
            submission,
            graded.run,
            graded.report,
            assignment_version=self._marking.assignment.version,
            grader_version=__version__,
            limits=self._marking.assignment.limits,
            sandbox=graded.report.sandbox,
            started=graded.started,
            ended=max(graded.started, graded.ended),  # a clock may be put back meanwhile
            cases=self._marking.case_names,
            asked=asked,
            earlier=one.earlier,
        )


def _is_done(gradebook: Gradebook, submission: Submission, marking: Marking) -> bool:
    """Is there nothing to find out? Of who handed in nothing: does what the policy gives stand there already?"""
    key, version = submission_id(submission, marking.assignment.name), marking.assignment.version
    if submission.status is Status.ABSENT:
        report = gradebook.report(submission.student_id)
        if report is None or report.status is not Status.ABSENT:
            return report is not None
        return report.assignment_version == version and report.submission_id == key
    return gradebook.graded(key, version, __version__)


def _work(submission: Submission, td: str) -> str:
    """What has to be run: a team's files are run once, whoever is in the team."""
    return submission_id(replace(submission, student_id=submission.team or submission.student_id), td)
