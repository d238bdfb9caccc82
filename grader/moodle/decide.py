"""Has a student all of it already, did a person change it in Moodle, or is it to be sent? Nothing is sent here.

What the journal knows is believed; what it does not (a push that was cut, a journal that was lost) is looked up in
Moodle by its content. What stands in Moodle and no push left there is a person's, and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.moodle import feedback
from grader.moodle.answers import HANDED_IN
from grader.moodle.assignments import Assignment
from grader.moodle.client import Client
from grader.moodle.deliveries import Delivery, Fate, Line
from grader.moodle.feedback import There, comment_digest, digest
from grader.moodle.journal import Entry, Journal
from grader.moodle.standing import Seen, Standing


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that is to be sent, and what was seen before."""

    delivery: Delivery
    there: There
    seen: Seen
    state: str  # of the marking workflow
    attempt: int


@dataclass(frozen=True, slots=True)
class Deciding:
    """What is looked at. With `overwrite`, what a person changed is replaced, and what was refused is tried again."""

    client: Client
    assignment: Assignment
    journal: Journal
    standing: Standing
    overwrite: bool
    dry_run: bool

    def decide(self, delivery: Delivery) -> Line | Ready:
        """Has this user all of it, did a person change it, or is it to be sent?"""
        user, who = delivery.user, delivery.who
        seen = self.standing.grades.get(user, Seen())
        last, cut = self.journal.last(user), self.journal.unfinished(user)
        submission = self.standing.submission(delivery)
        attempt = submission.attemptnumber if submission else 0
        if last is not None and attempt > last.attempt:  # a new attempt begins without grade and feedback
            if submission is not None and submission.status not in HANDED_IN and last.digest == delivery.digest:
                return Line(who, Fate.UNCHANGED)  # reopened, and nothing handed in since
            last = None
        if last is not None and not cut and last.digest == delivery.digest:
            if seen.grade == delivery.grade:
                return Line(who, Fate.UNCHANGED)
            if not self.overwrite and seen.grade == last.back:
                return Line(who, Fate.NOT_TAKEN, f"{refused(delivery, seen)}; --overwrite tries again")
            if not self.overwrite:
                why = f"Moodle has {shown(seen.grade)}, the last push left {shown(last.back)}"
                return Line(who, Fate.KEPT, f"{why}; --overwrite replaces it")
        found = feedback.there(self.client, self.assignment.id, user)
        if cut or (last is None and seen.grade == delivery.grade):
            arrived = self._arrived(delivery, found, seen, last, cut)
            if arrived and not self.dry_run:
                self.journal.write([sent_entry(delivery, found, seen, arrived, attempt)])
            if arrived and seen.grade == delivery.grade:
                return Line(who, Fate.UNCHANGED)
            if arrived:
                return Line(who, Fate.NOT_TAKEN, f"{refused(delivery, seen)}; --overwrite tries again")
        if not self.overwrite and (why := self._changed_by_a_person(delivery, found, seen, last, cut)):
            return Line(who, Fate.KEPT, f"{why}; --overwrite replaces it")
        return Ready(delivery, found, seen, self.standing.states.get(user, ""), attempt)

    def _arrived(self, delivery: Delivery, found: There, seen: Seen, last: Entry | None, cut: Sequence[Entry]) -> str:
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
        self, delivery: Delivery, found: There, seen: Seen, last: Entry | None, cut: Sequence[Entry]
    ) -> str:
        """What stands in Moodle that no push of these results left there."""
        ours = [entry for entry in (last, *cut) if entry is not None]
        grades = {delivery.grade, *(entry.grade for entry in ours), last.back if last is not None else ""}
        if seen.grade not in grades:
            return f"Moodle has {shown(seen.grade)} as grade, which no push of these results left"
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


def sent_entry(delivery: Delivery, found: There, seen: Seen, page: str, attempt: int) -> Entry:
    """What the journal keeps of a delivery that was read back."""
    comment = comment_digest(found.comment)
    return Entry("sent", delivery.user, delivery.digest, delivery.grade, page, comment, seen.grade, attempt)


def refused(delivery: Delivery, seen: Seen) -> str:
    """Why a grade may not have been taken: Moodle does not tell these apart."""
    return (
        f"{delivery.grade} was not taken, Moodle has {shown(seen.grade)}: the grade is locked or overridden in the "
        "gradebook, or the assignment is graded with a rubric or guide (comment and page did arrive)"
    )


def shown(grade: str) -> str:
    return grade or "none"
