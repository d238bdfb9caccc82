"""The gradebook: all that is known of a TD's submissions, in one SQLite file.

    with Gradebook.open(out / "gradebook.sqlite", td="td2") as gradebook:
        key = submission_id(submission, "td2")
        if gradebook.graded(key, assignment.version, version):
            gradebook.seen(submission, assignment.version, version)
        else:
            ...
            gradebook.record(submission, run, report, ...)
        write_all(out, gradebook.each_report(), ...)

The latest grading of the last submission counts, or that of the best by the policy, with people's decisions on top.
A team's submission is recorded once for each member, with the member's own `student_id`. `Submission.earlier` is kept
with it; its own gradings are recorded with `earlier=True`, in any order.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.contract import Answer, Limits, Policy, Report, Run, Slot, Status, Submission
from grader.errors import UserError
from grader.gradebook import database, defences, dues, events, gradings, hand_ins, history, policies, rows
from grader.gradebook.answers import CaseNames
from grader.gradebook.events import Event
from grader.gradebook.history import History, Past
from grader.gradebook.values import dumps, from_text, to_text


class Gradebook:
    """A context manager around one file.

    Every method may raise `UserError`: the disk is full, another run holds the file, it is another kind of file.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, td: str) -> None:
        self._connection = connection
        self.path = path
        self.td = td
        self._identity = database.identity(path)
        self._later: rows.Rows | None = None  # while several are recorded together

    @classmethod
    def open(cls, path: Path, *, td: str = "", create: bool = True, patience: float = 10.0) -> Self:
        """The gradebook of `td` at `path`; with td "" whichever TD it is of.

        `patience` is how many seconds to wait for another run. Raises `UserError` if it is another TD's, or if there
        is none and none is to be made.
        """
        path = Path(path)
        connection = database.connect(path, create=create and bool(td), patience=patience)
        try:
            with database.explained(path):
                found = cls._claim(connection, td)
            if not found:
                raise UserError(f"{path}: nothing was graded here yet; run `surdix grade` first")
            if td and found != td:
                raise UserError(f"{path} is the gradebook of {found}, not of {td}; choose another folder for {td}")
        except BaseException:
            database.close(connection)
            raise
        return cls(connection, path, found)

    @staticmethod
    def _claim(connection: sqlite3.Connection, td: str) -> str:
        """The TD that the file is of; a new file becomes `td`'s."""
        query = "SELECT value FROM meta WHERE key = 'td'"
        row = connection.execute(query).fetchone()
        if row is None and td:
            with database.transaction(connection):
                connection.execute("INSERT OR IGNORE INTO meta VALUES ('td', ?)", (to_text(td),))
            row = connection.execute(query).fetchone()
        return from_text(row[0]) if row else ""

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        database.close(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is recorded inside is one transaction, there as a whole or not at all: it costs little more than one
        submission's. Nothing may be read from this gradebook meanwhile."""
        with self._writing() as connection:
            self._later = rows.Rows()
            try:
                yield
                self._later.insert(connection)
            finally:
                self._later = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self._later is not None:
            yield self._connection
            return
        self._refuse_if_moved()
        with database.explained(self.path), database.transaction(self._connection):
            yield self._connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the file, however long it takes to read."""
        self._refuse_if_moved()
        with database.explained(self.path), database.transaction(self._connection, "DEFERRED"):
            yield self._connection

    def _refuse_if_moved(self) -> None:
        """SQLite goes on in a file that was removed or replaced, and all that it writes is lost without a word."""
        if database.identity(self.path) != self._identity:
            raise UserError(
                f"{self.path} was moved, removed or replaced while it was in use; put it back, then start again"
            )

    # What was handed in and graded

    def record(
        self,
        submission: Submission,
        run: Run | None,
        report: Report,
        *,
        assignment_version: str,
        grader_version: str,
        limits: Limits,
        sandbox: str,
        started: datetime,
        ended: datetime,
        cases: CaseNames,
        asked: Mapping[str, str] | None = None,
        judged_from: int | None = None,
        earlier: bool = False,
    ) -> None:
        """Add a graded submission, all of it in one transaction (that of `together`, inside of it).

        `asked` says by check what the run was asked, so that it can be judged again; `judged_from` is the grading whose
        run was: then there is no other.

        `cases` names each check's cases, public and hidden, in the order of the run's answers. Whose it is, the report
        says. A student who is absent this time keeps the results of an earlier submission: nothing is added then.
        `earlier` says that it is not what the student handed in last.
        """
        submission = replace(
            submission,
            student_id=report.student_id,
            name=report.name,
            team=report.team,
            draft=report.draft,
        )
        row = hand_ins.columns(submission, self.td, earlier=earlier)
        with self._writing() as connection:
            latest = hand_ins.latest(connection, report.student_id)
            if report.status is Status.ABSENT and latest is not None and latest["status"] != Status.ABSENT:
                return
            hand_ins.keep_earlier(connection, submission, self.td)
            known = None
            if earlier:
                row, known = hand_ins.kept_row(connection, submission, self.td)
                known = known if row["grading"] is None else None  # the new one counts, and no other that is named
                row["grading"] = None
            grading = rows.insert(
                connection,
                "gradings",
                submission=hand_ins.add(connection, submission, row) if known is None else known["seq"],
                status=report.status,
                raw_score=report.raw_score,
                score=report.score,
                out_of=report.out_of,
                notes=rows.write_notes(report.notes),
                assignment_version=assignment_version,
                grader_version=grader_version,
                limits=_written(limits),
                sandbox=sandbox,
                started=started.isoformat(),
                ended=ended.isoformat(),
                run=rows.write_summary(run),
                asked=None if asked is None else dumps(dict(asked)),
                judged_from=judged_from,
            )
            later = self._later or rows.Rows()
            if run is not None:
                rows.add_run(later, grading, run, cases)
            rows.add_verdicts(later, grading, report.verdicts)
            if self._later is None:
                later.insert(connection)

    def graded(self, submission_id: str, assignment_version: str, grader_version: str) -> bool:
        """Whether this very thing has been graded. A grader's fault or a crash does not count: try again."""
        with self._reading() as connection:
            return gradings.done(connection, submission_id, assignment_version, grader_version) is not None

    def keep(self, submission: Submission) -> None:
        """Keep what a student handed in before a submission, ungraded, in its order."""
        if submission.earlier:
            with self._writing() as connection:
                hand_ins.keep_earlier(connection, submission, self.td)

    def seen(
        self, submission: Submission, assignment_version: str, grader_version: str, *, earlier: bool = False
    ) -> None:
        """Say that a submission that has been graded is the one that counts, with what is known of it now.

        So a student who goes back to an earlier file gets that file's grading, a TD that was changed and put back
        counts as it was graded then, and a new roster's names, teams and dates count without anything being graded
        again. Nothing is added where nothing changed. `earlier`: it is not what the student handed in last.
        """
        row = hand_ins.columns(submission, self.td, earlier=earlier)
        with self._writing() as connection:
            latest = hand_ins.latest(connection, submission.student_id)
            if submission.status is Status.ABSENT and latest is not None and latest["status"] != Status.ABSENT:
                return
            hand_ins.keep_earlier(connection, submission, self.td)
            known = latest
            if earlier:
                row, known = hand_ins.kept_row(connection, submission, self.td)
            counts = None if known is None else gradings.counting(connection, known)
            then = gradings.done(connection, row["submission_id"], assignment_version, grader_version)
            row["grading"] = then
            if counts is None or counts["seq"] != then or hand_ins.differs(row, known):
                hand_ins.add(connection, submission, row)

    # What people decide

    def event(
        self,
        kind: str,
        student_id: str = "",
        *,
        check: str = "",
        points: float | None = None,
        value: str = "",
        who: str,
        why: str,
        at: datetime | None = None,
        most: float | None = None,
    ) -> None:
        """Add a decision (see `corrections`). Without a student it is for everybody, which only some kinds may be.

        `most` is what the check is worth, else the policy's maximum. Raises `UserError` for a student who is not here,
        for points that are no number from 0 to that (of an adjustment from its negative on), and without a reason.
        """
        decision = Event(kind, student_id, check, points, value, who, at.isoformat() if at else events.now(), why)
        with self._writing() as connection:
            most = policies.read(connection).maximum if most is None else most
            if points is not None and abs(points) > most:
                least = -most if kind == "adjust" else 0
                raise UserError(f"{kind}: points must be from {least:g} to {most:g}, not {points:g}")
            # A file may be picked, or a deadline moved, before the student's first grading.
            known = kind in ("pick", "extension") or not student_id or hand_ins.known(connection, student_id)
            if not known:
                raise UserError(f"{self.path}: there is no student {student_id!r}")
            events.add(connection, decision)

    def events(self, student_id: str | None = None) -> list[Event]:
        """All decisions, oldest first; or those that touch one student."""
        with self._reading() as connection:
            found = events.read(connection)
        return found if student_id is None else [event for event in found if event.student_id in ("", student_id)]

    def pick(self, student_id: str, file: str, who: str, why: str = "") -> None:
        """Settle which of a student's files counts, from the next grading on; of a team's files, for the team."""
        submission = self.submission(student_id)
        self.event("pick", (submission.team if submission else "") or student_id, value=file, who=who, why=why)

    def released(self) -> Event | None:
        """The first release of the solutions; None while they are kept."""
        with self._reading() as connection:
            return next((event for event in events.read(connection, ()) if event.kind == "release"), None)

    def open_appeals(self) -> dict[str, Event]:
        """By student the last request that has no answer yet."""
        return events.unanswered(self.events())

    def defend(self, slot: Slot, students: Iterable[str], who: str) -> None:
        """Give the students of a team this slot. Raises `UserError` where one is not here."""
        for student in students:
            self.event("defence", student, value=defences.written(slot), who=who, why="")

    def slots(self) -> dict[str, Slot]:
        """By student when they defend their project, of those who have a slot."""
        return defences.slots(self.events())

    def slot(self, student_id: str) -> Slot | None:
        """When a student defends their project; None where nothing says it."""
        with self._reading() as connection:
            return defences.slots(events.read(connection, (student_id,))).get(student_id)

    def examiners(self) -> set[str]:
        """Everybody who was ever to hear a team."""
        given = [defences.slots([event]) for event in self.events()]
        return {name for slots in given for slot in slots.values() for name in slot.examiners}

    def due_times(self) -> dict[str, datetime | None]:
        """Until when each student, or team, may hand in without being late; None where nothing says it."""
        with self._reading() as connection:
            return dues.read(connection, events.read(connection), policies.read(connection))

    def students(self) -> list[str]:
        """Everybody of whom something is known, teams too, in the order of their ids."""
        with self._reading() as connection:
            return hand_ins.students(connection)

    def picks(self) -> dict[str, str]:
        """The file that a person picked, by student or team; the last word counts."""
        return {event.student_id: event.value for event in self.events() if event.kind == "pick"}

    # What the course decided

    def set_policy(self, policy: Policy) -> None:
        """Keep the policy that scores are made with from now on; nothing is added where it is the same."""
        content = dumps(asdict(policy))
        with self._writing() as connection:
            if policies.latest(connection) != content:
                rows.insert(connection, "policies", content=content, since=events.now())

    @property
    def policy(self) -> Policy:
        """The policy that counts; the defaults change no score."""
        with self._reading() as connection:
            return policies.read(connection)

    # What came of it

    def reports(self) -> list[Report]:
        """Every student's report, in the order of their ids. A team's own gives way to those of its members."""
        return list(self.each_report())

    def each_report(self) -> Iterator[Report]:
        """The same one by one, for a class of any size: of each what is known when its turn comes."""
        with self._reading() as connection:
            listed = gradings.listed(connection)
        for student in listed:
            report = self.report(student)
            if report is not None:
                yield report

    def report(self, student_id: str) -> Report | None:
        """One student's report: what counts of their hand-ins, and what people decided about it."""
        with self._reading() as connection:
            decided = hand_ins.decided_about(connection, student_id)
            return gradings.read_report(connection, student_id, decided, policies.read(connection))

    def submission(self, student_id: str) -> Submission | None:
        """What a student handed in last, its files' bytes included; by the policy another may count."""
        with self._reading() as connection:
            return hand_ins.read(connection, student_id)

    def submission_of(self, report: Report) -> Submission | None:
        """What a report is about, its files' bytes included: for pages, and to run it again."""
        with self._reading() as connection:
            row = hand_ins.last_row(connection, report.student_id, report.submission_id)
            return None if row is None else hand_ins.of_row(connection, row)

    def run(self, report: Report) -> Run | None:
        """The run that a report comes of, to be judged again; None if nothing ran or an answer was not kept."""
        with self._reading() as connection:
            ran = gradings.that_ran(connection, report)
            return None if ran is None else rows.read_run(connection, ran["seq"], ran["run"])

    def public_answers(self, report: Report) -> dict[str, dict[str, Answer]]:
        """What came back in public cases, by check and case, as far as it was kept: for pages, which show no other.

        Nothing of a run that was judged again: a case that passed at first, and now does not, was answered by a process
        that had seen hidden inputs.
        """
        with self._reading() as connection:
            ran = gradings.that_was_asked(connection, report)
            return {} if ran is None else rows.read_public_answers(connection, ran["seq"])

    def printed(self, report: Report) -> str:
        """What the submission of a report printed while it was loaded, as far as it was kept."""
        with self._reading() as connection:
            ran = gradings.that_ran(connection, report)
            return "" if ran is None else rows.read_printed(ran["run"])

    def to_judge_again(self) -> list[gradings.Kept]:
        """What is kept of every hand-in that may count: its run, and what it was asked."""
        with self._reading() as connection:
            return [
                kept for student_id in hand_ins.students(connection) for kept in gradings.kept(connection, student_id)
            ]

    def copied(self, path: Path) -> Self:
        """The same gradebook in another file, to try something out. Raises `UserError` where it cannot be written."""
        with database.explained(path):
            other = database.connect(path, create=True, patience=0.0)
            self._connection.backup(other)
        return type(self)(other, path, self.td)

    def explained(self, student_id: str) -> History | None:
        """How a student's score came about; None if nothing is known of them."""
        with self._reading() as connection:
            decided = hand_ins.decided_about(connection, student_id)
            return history.read(connection, student_id, decided, policies.read(connection))

    def history(self, student_id: str) -> list[Past]:
        """All gradings of a student, oldest first."""
        with self._reading() as connection:
            decided = hand_ins.decided_about(connection, student_id)
            return history.past(connection, student_id, decided, policies.read(connection))


@functools.cache
def _written(limits: Limits) -> str:
    """Limits as they are kept: the same ones for a class, so they are written once."""
    return dumps(asdict(limits))
