"""Until when each student may hand in, and which requests have no answer yet."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from grader.contract import Policy
from grader.errors import UserError
from grader.gradebook import Gradebook
from tests.gradebook.gradebook_samples import WHEN, record, report_of, submission, verdict

DAY, GRACE = timedelta(days=1), timedelta(minutes=15)


def add(gradebook: Gradebook, student: str, due: datetime | None, team: str = "") -> None:
    handed_in = submission(student, due=due, team=team)
    record(gradebook, handed_in, report_of(handed_in, verdict("mse", 1.0)))


def extend(gradebook: Gradebook, owner: str, until: datetime, at: datetime = WHEN) -> None:
    gradebook.event("extension", owner, value=until.isoformat(), who="prof", why="agreed", at=at)


def test_due_times_are_the_roster_s_the_extension_s_or_unknown(gradebook: Gradebook) -> None:
    gradebook.set_policy(Policy(grace_minutes=15))
    add(gradebook, "1", WHEN)
    add(gradebook, "2", None)
    add(gradebook, "3", WHEN)
    add(gradebook, "4", WHEN, "team-9")
    add(gradebook, "5", None, "team-9")
    add(gradebook, "6", WHEN)
    extend(gradebook, "3", WHEN + 5 * DAY)
    extend(gradebook, "3", WHEN + 2 * DAY, WHEN + DAY)  # the last word counts
    extend(gradebook, "6", WHEN - DAY)  # not later: it takes no time away
    extend(gradebook, "team-9", WHEN + 3 * DAY)
    extend(gradebook, "7", WHEN + 4 * DAY)  # has not handed in yet
    assert gradebook.due_times() == {
        "1": WHEN + GRACE,
        "2": None,
        "3": WHEN + 2 * DAY + GRACE,
        "4": WHEN + 3 * DAY + GRACE,
        "5": WHEN + 3 * DAY + GRACE,
        "6": WHEN + GRACE,
        "7": WHEN + 4 * DAY + GRACE,
        "team-9": WHEN + 3 * DAY + GRACE,
    }
    assert gradebook.students() == ["1", "2", "3", "4", "5", "6"]


def test_a_request_is_open_until_its_answer(gradebook: Gradebook) -> None:
    add(gradebook, "1", None)
    add(gradebook, "2", None)
    for kind, student, why in (
        ("appeal", "1", "one"),
        ("appeal", "2", "two"),
        ("answer", "1", "no"),
        ("appeal", "2", "two, again"),
    ):
        gradebook.event(kind, student, who="prof", why=why, at=WHEN)
    assert {student: event.why for student, event in gradebook.open_appeals().items()} == {"2": "two, again"}


def test_a_release_is_for_everybody_and_the_first_one_counts(gradebook: Gradebook) -> None:
    assert gradebook.released() is None
    for days in (1, 0, 2):
        gradebook.event("release", who="prof", why="", at=WHEN + days * DAY)
    released = gradebook.released()
    assert released is not None and (released.at, released.student_id) == (WHEN.isoformat(), "")


@pytest.mark.parametrize("kind", ["appeal", "answer"])
def test_words_are_somebody_s(gradebook: Gradebook, kind: str) -> None:
    with pytest.raises(UserError, match="say which student"):
        gradebook.event(kind, who="prof", why="x")
