"""Grades, comments and feedback pages → Moodle: what changed, and nothing else, since each save notifies a student.

First everything is read and decided: who has it already, whose grade or comment a person changed, who gets something.
Then about ten students at a time are sent theirs, one call each, and read back: Moodle answers `null` whether it took
a grade or not. A team whose members all get the same is one call.

A push may be cut at any moment. What had been announced in the journal and not read back is looked up in Moodle by its
content (grade, comment, the page's bytes) before anything is sent again. So nobody is sent again what arrived, and
nobody is notified twice of one result, with one exception: a save that changed nothing but a grade, that Moodle
refused, and whose answer was lost, leaves no trace to look up; it is sent once more after each such cut. (A server that
acts on a broken-off request only after the next push has looked cannot be seen either.)

A draft area replaces all of a student's feedback files: a teacher's own are put into it, too. The state of a marking
workflow goes back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.moodle import feedback, standing
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client
from grader.moodle.decide import Deciding, Ready, refused, sent_entry, shown
from grader.moodle.deliveries import Delivery, Fate, Line, Parcel, address, check_scale
from grader.moodle.feedback import There, comment_digest, digest
from grader.moodle.journal import Entry, Journal
from grader.moodle.participants import people
from grader.moodle.shipments import Shipment, together
from grader.moodle.standing import Seen, read_grades
from grader.moodle.troubles import Trouble

TOGETHER = 10  # students between two looks at the grades
ONE_STUDENTS = ("dmlwriteexception", "invalidparameter")  # refusals of one call that say nothing of the others


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of each student, in the order of their numbers, and what to know besides."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def push(
    client: Client,
    assignment: Assignment,
    parcels: Iterable[Parcel],
    results: Path,
    *,
    scale_to_maximum: bool = False,
    overwrite: bool = False,
    dry_run: bool = False,
    largest: int = 0,
    group: int = 0,
    team_page: Callable[[str, str], bytes | None] = lambda student_id, team_name: None,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Pushed:
    """Send what changed. `results` is where the journal lies; `largest` as in `deliveries.address`, `group`
    as in `participants.people`. `team_page` gives a student's page with a team's name in the place of theirs, which
    all of the team may get; None where there is none, and then each member gets their own.

    With `overwrite`, what a person changed in Moodle is replaced, and what Moodle refused the last time is tried again.
    `progress` is told how many students of how many were looked at or sent to. Raises `UserError`; then what was sent
    is known from the journal and from Moodle, and the same push goes on.
    """
    check_scale(assignment, scale_to_maximum)
    parcels = list(parcels)
    everyone = people(client, assignment, group=group)
    deliveries, lines = address(parcels, everyone, assignment, largest=largest)
    with Journal(results, client.site, assignment.id, writable=not dry_run) as journal:
        deciding = Deciding(client, assignment, journal, standing.read(client, assignment), overwrite, dry_run)
        ready: list[Ready] = []
        for done, delivery in enumerate(deliveries):
            progress(done, 2 * len(deliveries))
            decided = deciding.decide(delivery)
            if isinstance(decided, Line):
                lines.append(decided)
            else:
                ready.append(decided)
        if assignment.team and not group:  # who sees one group only does not know who else is in a team
            shipments = together(ready, everyone, team_page)
        else:
            shipments = [Shipment((one,), one.delivery.page) for one in ready]
        if dry_run:
            lines += [
                Line(one.delivery.who, Fate.WOULD_SEND, _grade_change(one)) for ship in shipments for one in ship.ready
            ]
        else:
            sending = _Sending(client, assignment, journal, overwrite)
            sent = len(deliveries)
            for batch in _batches(shipments):
                lines += sending.send(batch)
                sent += sum(len(ship.ready) for ship in batch)
                progress(sent, len(deliveries) + len(ready))
    lines.sort(key=lambda line: (not line.who.isdecimal(), int(line.who) if line.who.isdecimal() else 0, line.who))
    return Pushed(tuple(lines), tuple(_notes(assignment, parcels, lines, largest)))


@dataclass(frozen=True, slots=True)
class _Sending:
    """What sends, and reads back."""

    client: Client
    assignment: Assignment
    journal: Journal
    overwrite: bool

    def send(self, shipments: Sequence[Shipment]) -> list[Line]:
        """Send some, then read them all back."""
        lines: list[Line] = []
        sent: list[Shipment] = []
        fresh = read_grades(self.client, self.assignment)
        for shipment in shipments:
            if any(fresh.get(one.delivery.user, Seen()) != one.seen for one in shipment.ready) and not self.overwrite:
                why = "its grade changed in Moodle a moment ago; push again to see"
                lines += [Line(one.delivery.who, Fate.KEPT, why) for one in shipment.ready]
                continue
            try:
                self._save(shipment)
            except Trouble as error:
                if error.errorcode not in ONE_STUDENTS:
                    raise
                lines += [Line(one.delivery.who, Fate.NOT_TAKEN, str(error)) for one in shipment.ready]
            else:
                sent.append(shipment)
        fresh = read_grades(self.client, self.assignment) if sent else fresh
        for shipment in sent:
            page = digest(shipment.page)
            for one in shipment.ready:
                delivery, seen = one.delivery, fresh.get(one.delivery.user, Seen())
                found = feedback.there(self.client, self.assignment.id, delivery.user)
                self.journal.write([sent_entry(delivery, found, seen, page, one.attempt)])
                lines.append(_outcome(delivery, shipment.page, found, seen))
        return lines

    def _save(self, shipment: Shipment) -> None:
        first = shipment.first
        plugins: dict[str, Any] = {
            # An empty text would erase a comment; without this field at all Moodle fails.
            "assignfeedbackcomments_editor": {"text": first.delivery.comment or first.there.comment, "format": 1}
        }
        if shipment.page:
            draft = self.client.upload(feedback.PAGE, shipment.page)
            for file in first.there.others:
                data = self.client.download(file.fileurl, file.filesize)
                self.client.upload(file.filename, data, itemid=draft, filepath=file.filepath)
            plugins["files_filemanager"] = draft
        page, comment = digest(shipment.page), comment_digest(first.delivery.comment)
        self.journal.write(
            [
                Entry(
                    "sending",
                    one.delivery.user,
                    one.delivery.digest,
                    one.delivery.grade,
                    page,
                    comment,
                    attempt=one.attempt,
                )
                for one in shipment.ready
            ]
        )
        self.client.call(
            "mod_assign_save_grades",
            assignmentid=self.assignment.id,
            applytoall=shipment.whole_team,
            grades=[
                {
                    "userid": first.delivery.user,
                    "grade": first.delivery.grade,
                    "attemptnumber": -1,
                    "addattempt": 0,
                    "workflowstate": first.state,
                    "plugindata": plugins,
                }
            ],
        )


def _batches(shipments: Sequence[Shipment]) -> Iterator[Sequence[Shipment]]:
    for start in range(0, len(shipments), TOGETHER):
        yield shipments[start : start + TOGETHER]


def _outcome(delivery: Delivery, page: bytes, found: There, seen: Seen) -> Line:
    """What reading back shows."""
    if seen.grade != delivery.grade:
        return Line(delivery.who, Fate.NOT_TAKEN, refused(delivery, seen))
    if page and found.shown and (found.page is None or found.page.filesize != len(page)):
        return Line(delivery.who, Fate.NOT_TAKEN, f"the grade {seen.grade} was taken, the feedback page was not")
    if delivery.comment and found.shown and not found.comment:
        return Line(delivery.who, Fate.NOT_TAKEN, f"the grade {seen.grade} was taken, the comment was not")
    return Line(delivery.who, Fate.SENT, seen.grade)


def _grade_change(one: Ready) -> str:
    before = one.seen.grade
    if before == one.delivery.grade:
        return f"{before}, with a new comment or page"
    return f"{one.delivery.grade} (Moodle has {shown(before)})"


def _notes(assignment: Assignment, parcels: Sequence[Parcel], lines: Sequence[Line], largest: int) -> Iterator[str]:
    """What is so for all."""
    if not assignment.comments:
        yield "comments are not sent: in the assignment's settings tick Feedback types, Feedback comments"
    if not assignment.files:
        yield "feedback pages are not sent: in the assignment's settings tick Feedback types, Feedback files"
    elif large := [parcel.student_id for parcel in parcels if 0 < largest < len(parcel.page)]:
        yield f"the pages of {', '.join(large[:5])} are larger than the site takes ({largest} bytes) and are not sent"
    sent = [line for line in lines if line.fate in (Fate.SENT, Fate.NOT_TAKEN)]
    if len(sent) > 2 and all(line.fate is Fate.NOT_TAKEN for line in sent):
        yield "no grade at all was taken: a rubric or marking guide (Advanced grading) takes none from here"
    if assignment.workflow and sent:
        yield "students see nothing before you set the marking workflow to released"
    if assignment.blind and sent:
        yield "grades reach the gradebook when you reveal the students' identities"
