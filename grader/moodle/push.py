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

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import UserError
from grader.moodle import answers, feedback
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client
from grader.moodle.deliveries import Delivery, Fate, Line, Parcel, address, check_scale, grade_text
from grader.moodle.feedback import There, comment_digest, digest
from grader.moodle.journal import Entry, Journal
from grader.moodle.participants import Person, people, team_id
from grader.moodle.pull import HANDED_IN
from grader.moodle.troubles import Trouble

TOGETHER = 10  # students between two looks at the grades
ONE_STUDENTS = ("dmlwriteexception", "invalidparameter")  # refusals of one call that say nothing of the others


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of each student, in the order of their numbers, and what to know besides."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """One user's grade in Moodle: "" is none."""

    grade: str = ""
    timemodified: int = 0


@dataclass(frozen=True, slots=True)
class _Ready:
    """A delivery that is to be sent, and what was seen before."""

    delivery: Delivery
    there: There
    seen: _Seen
    state: str  # of the marking workflow
    attempt: int


@dataclass(frozen=True, slots=True)
class _Shipment:
    """One call: one user, or a whole team, of which the first member is named."""

    ready: tuple[_Ready, ...]
    page: bytes
    whole_team: bool = False

    @property
    def first(self) -> _Ready:
        return self.ready[0]


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
        state = _State.read(client, assignment, journal, overwrite, dry_run)
        ready: list[_Ready] = []
        for done, delivery in enumerate(deliveries):
            progress(done, 2 * len(deliveries))
            decided = state.decide(delivery)
            if isinstance(decided, Line):
                lines.append(decided)
            else:
                ready.append(decided)
        if assignment.team and not group:  # who sees one group only does not know who else is in a team
            shipments = _together(ready, everyone, team_page)
        else:
            shipments = [_Shipment((one,), one.delivery.page) for one in ready]
        if dry_run:
            lines += [
                Line(one.delivery.who, Fate.WOULD_SEND, _grade_change(one)) for ship in shipments for one in ship.ready
            ]
        else:
            sent = len(deliveries)
            for batch in _batches(shipments):
                lines += state.send(batch)
                sent += sum(len(ship.ready) for ship in batch)
                progress(sent, len(deliveries) + len(ready))
    lines.sort(key=lambda line: (not line.who.isdigit(), int(line.who) if line.who.isdigit() else 0, line.who))
    return Pushed(tuple(lines), tuple(_notes(assignment, parcels, lines, largest)))


@dataclass(slots=True)
class _State:
    """What Moodle holds, as it was read at the beginning, and what was sent before."""

    client: Client
    assignment: Assignment
    journal: Journal
    overwrite: bool
    dry_run: bool
    grades: Mapping[int, _Seen]
    states: Mapping[int, str]
    attempts: Mapping[int, answers.Submission]

    @classmethod
    def read(cls, client: Client, assignment: Assignment, journal: Journal, overwrite: bool, dry_run: bool) -> _State:
        flags = client.ask("mod_assign_get_user_flags", answers.UserFlags, assignmentids=[assignment.id])
        found = client.ask("mod_assign_get_submissions", answers.Submissions, assignmentids=[assignment.id])
        entries = [entry for one in found.assignments for entry in one.submissions]
        return cls(
            client,
            assignment,
            journal,
            overwrite,
            dry_run,
            _grades(client, assignment),
            {flag.userid: flag.workflowstate for one in flags.assignments for flag in one.userflags},
            {entry.userid or -entry.groupid: entry for entry in entries},
        )

    def decide(self, delivery: Delivery) -> Line | _Ready:
        """Has this user all of it, did a person change it, or is it to be sent?"""
        user, who = delivery.user, delivery.who
        seen = self.grades.get(user, _Seen())
        last, cut = self.journal.last(user), self.journal.unfinished(user)
        submission = self._submission(delivery)
        attempt = submission.attemptnumber if submission else 0
        if last is not None and attempt > last.attempt:  # a new attempt begins without grade and feedback
            if submission is not None and submission.status not in HANDED_IN and last.digest == delivery.digest:
                return Line(who, Fate.UNCHANGED)  # reopened, and nothing handed in since
            last = None
        if last is not None and not cut and last.digest == delivery.digest:
            if seen.grade == delivery.grade:
                return Line(who, Fate.UNCHANGED)
            if not self.overwrite and seen.grade == last.back:
                return Line(who, Fate.NOT_TAKEN, f"{_refused(delivery, seen)}; --overwrite tries again")
            if not self.overwrite:
                why = f"Moodle has {_shown(seen.grade)}, the last push left {_shown(last.back)}"
                return Line(who, Fate.KEPT, f"{why}; --overwrite replaces it")
        found = feedback.there(self.client, self.assignment.id, user)
        if cut or (last is None and seen.grade == delivery.grade):
            arrived = self._arrived(delivery, found, seen, last, cut)
            if arrived and not self.dry_run:
                self.journal.write([self._sent(delivery, found, seen, arrived, attempt)])
            if arrived and seen.grade == delivery.grade:
                return Line(who, Fate.UNCHANGED)
            if arrived:
                return Line(who, Fate.NOT_TAKEN, f"{_refused(delivery, seen)}; --overwrite tries again")
        if not self.overwrite and (why := self._changed_by_a_person(delivery, found, seen, last, cut)):
            return Line(who, Fate.KEPT, f"{why}; --overwrite replaces it")
        return _Ready(delivery, found, seen, self.states.get(user, ""), attempt)

    def send(self, shipments: Sequence[_Shipment]) -> list[Line]:
        """Send some, then read them all back."""
        lines: list[Line] = []
        sent: list[_Shipment] = []
        fresh = _grades(self.client, self.assignment)
        for shipment in shipments:
            if any(fresh.get(one.delivery.user, _Seen()) != one.seen for one in shipment.ready) and not self.overwrite:
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
        fresh = _grades(self.client, self.assignment) if sent else fresh
        for shipment in sent:
            page = digest(shipment.page)
            for one in shipment.ready:
                delivery, seen = one.delivery, fresh.get(one.delivery.user, _Seen())
                found = feedback.there(self.client, self.assignment.id, delivery.user)
                self.journal.write([self._sent(delivery, found, seen, page, one.attempt)])
                lines.append(_outcome(delivery, shipment.page, found, seen))
        return lines

    def _save(self, shipment: _Shipment) -> None:
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
                Entry("sending", d.user, d.digest, d.grade, page, comment, attempt=one.attempt)
                for one in shipment.ready
                for d in [one.delivery]
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

    def _submission(self, delivery: Delivery) -> answers.Submission | None:
        """What was handed in: in a team assignment the team's."""
        if not self.assignment.team:
            return self.attempts.get(delivery.user)
        return next(
            (entry for key, entry in self.attempts.items() if key <= 0 and team_id(-key) == delivery.team), None
        )

    def _arrived(self, delivery: Delivery, found: There, seen: _Seen, last: Entry | None, cut: Sequence[Entry]) -> str:
        """The page's digest if all of the delivery is in Moodle, else "".

        Where the push that was cut brought a comment or page that were not there before, these show that Moodle acted,
        whatever became of the grade.
        """
        same = [entry for entry in (last, *cut) if entry is not None and entry.digest == delivery.digest]
        pages = {digest(delivery.page), *(entry.page for entry in same)}  # a team gets one member's page
        if delivery.comment and comment_digest(found.comment) != comment_digest(delivery.comment):
            return ""
        if delivery.page and not feedback.has_page(self.client, found, pages):
            return ""
        new = bool(same) and all(entry in same for entry in cut)
        new = new and (last is None or (last.page, last.comment) != (same[-1].page, same[-1].comment))
        if seen.grade == delivery.grade or (new and (delivery.comment or delivery.page) and not self.overwrite):
            return same[-1].page if same else digest(delivery.page)
        return ""

    def _changed_by_a_person(
        self, delivery: Delivery, found: There, seen: _Seen, last: Entry | None, cut: Sequence[Entry]
    ) -> str:
        """What stands in Moodle that no push of these results left there."""
        ours = [entry for entry in (last, *cut) if entry is not None]
        grades = {delivery.grade, *(entry.grade for entry in ours), last.back if last is not None else ""}
        if seen.grade not in grades:
            return f"Moodle has {_shown(seen.grade)} as grade, which no push of these results left"
        comments = {"", comment_digest(delivery.comment), *(entry.comment for entry in ours)}
        if delivery.comment and comment_digest(found.comment) not in comments:
            return "Moodle has a comment which no push of these results left"
        if not delivery.page:
            return ""
        if found.page is not None and not ours and not feedback.has_page(self.client, found, {digest(delivery.page)}):
            return f"Moodle has a file {feedback.PAGE} which no push of these results left"
        if any(file.isexternalfile for file in found.others):
            return "a feedback file lies outside of Moodle and would be lost"
        return ""

    def _sent(self, delivery: Delivery, found: There, seen: _Seen, page: str, attempt: int) -> Entry:
        comment = comment_digest(found.comment)
        return Entry("sent", delivery.user, delivery.digest, delivery.grade, page, comment, seen.grade, attempt)


def _together(
    ready: Sequence[_Ready], everyone: Sequence[Person], team_page: Callable[[str, str], bytes | None]
) -> list[_Shipment]:
    """Teams whose members all get the same, and keep the same, in one call; the others singly.

    One file reaches all of a team, so it must name none of them: it is the team's page, or everybody's is the same.
    """
    sizes = Counter(person.team for person in everyone)
    names = {person.team: person.team_name for person in everyone}
    teams: dict[str, list[_Ready]] = {}
    for one in ready:
        teams.setdefault(one.delivery.team, []).append(one)
    shipments: list[_Shipment] = []
    for team, members in teams.items():
        first = members[0]
        alike = {(one.delivery.grade, one.delivery.comment, one.state, one.there.others) for one in members}
        whole = len(members) == sizes[team] > 1 and len(alike) == 1 and not first.there.others
        page: bytes | None = first.delivery.page
        if whole and len({one.delivery.page for one in members}) > 1:
            page = team_page(first.delivery.who, names[team])
        if whole and page is not None:
            shipments.append(_Shipment(tuple(members), page, whole_team=True))
        else:
            shipments += [_Shipment((one,), one.delivery.page) for one in members]
    return shipments


def _batches(shipments: Sequence[_Shipment]) -> Iterator[Sequence[_Shipment]]:
    for start in range(0, len(shipments), TOGETHER):
        yield shipments[start : start + TOGETHER]


def _grades(client: Client, assignment: Assignment) -> dict[int, _Seen]:
    """Everybody's grade of the latest attempt. Raises `UserError` where they may not be seen."""
    answer = client.ask("mod_assign_get_grades", answers.Grades, assignmentids=[assignment.id])
    if not answer.assignments and any(warning.warningcode != "3" for warning in answer.warnings):
        raise UserError(
            f"{client.site}: you may not see the grades of {assignment.name!r}; ask for the capability "
            "mod/assign:viewgrades in this course"
        )
    return {
        grade.userid: _Seen(grade_text(float(grade.grade or -1)), grade.timemodified)
        for one in answer.assignments
        for grade in one.grades
    }


def _outcome(delivery: Delivery, page: bytes, found: There, seen: _Seen) -> Line:
    """What reading back shows."""
    if seen.grade != delivery.grade:
        return Line(delivery.who, Fate.NOT_TAKEN, _refused(delivery, seen))
    if page and found.shown and (found.page is None or found.page.filesize != len(page)):
        return Line(delivery.who, Fate.NOT_TAKEN, f"the grade {seen.grade} was taken, the feedback page was not")
    if delivery.comment and found.shown and not found.comment:
        return Line(delivery.who, Fate.NOT_TAKEN, f"the grade {seen.grade} was taken, the comment was not")
    return Line(delivery.who, Fate.SENT, seen.grade)


def _refused(delivery: Delivery, seen: _Seen) -> str:
    return (
        f"{delivery.grade} was not taken, Moodle has {_shown(seen.grade)}: the grade is locked or overridden in the "
        "gradebook, or the assignment is graded with a rubric or guide (comment and page did arrive)"
    )


def _grade_change(one: _Ready) -> str:
    before = one.seen.grade
    if before == one.delivery.grade:
        return f"{before}, with a new comment or page"
    return f"{one.delivery.grade} (Moodle has {_shown(before)})"


def _shown(grade: str) -> str:
    return grade or "none"


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
