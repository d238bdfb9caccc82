"""What people decide is applied on top, says so, and overwrites nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.contract import Note, Outcome, Report, Slot, Status
from grader.errors import UserError
from grader.gradebook import Gradebook
from grader.gradebook.events import Event
from tests.gradebook.gradebook_samples import WHEN, verdict

FAULT = verdict("softmax", 0.0, outcome=Outcome.GRADER_FAULT)
MADE = {"who": "prof", "why": "a slip of the pen", "at": WHEN}

Decision = tuple[str, str, float | None]  # kind, check, points


@pytest.mark.parametrize(
    ("decisions", "score", "moved"),
    [
        ([], 2.5, []),
        ([("override", "mse", 2.0)], 4.0, [1.5]),
        ([("override", "mse", 2.0), ("override", "mse", 1.0)], 3.0, [1.5, -1.0]),
        ([("override", "", 7.0)], 7.0, [4.5]),
        ([("override", "", 7.0), ("override", "mse", 1.0)], 7.5, [4.5, 0.5]),
        ([("void", "mse", None)], 4.0, [1.5]),
        ([("void", "mse", None), ("override", "mse", 0.5)], 2.5, [1.5, -1.5]),
        ([("override", "proof", 1.25)], 3.75, [1.25]),  # a question that a person marks
        ([("void", "of another version", None)], 2.5, []),
        ([("comment", "", None)], 2.5, []),
        ([("override", "", 10.0), ("override", "mse", 2.0)], 10.0, [7.5, 1.5]),
    ],
)
def test_overrides_and_voids(
    gradebook: Gradebook, graded: Callable[..., Report], decisions: list[Decision], score: float, moved: list[float]
) -> None:
    before = graded(verdict("mse", 0.5), verdict("sigmoid", 2.0))
    for kind, check, points in decisions:
        gradebook.event(kind, "7", check=check, points=points, **MADE)
    report = gradebook.report("7")
    assert report.score == score
    assert [adjustment["points"] for adjustment in report.adjustments] == pytest.approx(moved)
    assert (report.raw_score, report.verdicts) == (before.raw_score, before.verdicts)
    for adjustment in report.adjustments:
        assert (adjustment["author"], adjustment["reason"]) == ("prof", "a slip of the pen")
        assert adjustment["time"] == "2026-03-01T12:00:00+00:00"


def test_the_mean_of_the_examiners_counts_and_of_each_the_last_mark(
    gradebook: Gradebook, graded: Callable[..., Report]
) -> None:
    graded(verdict("mse", 1.0))
    for who, points in (("Curie", 2.0), ("Turing", 1.0), ("Curie", 1.5)):
        gradebook.event("mark", "7", check="talk", points=points, who=who, why="marked", at=WHEN)
    report = gradebook.report("7")
    assert report.score == 2.25 and report.given == {"talk": 1.25}
    (adjustment,) = report.adjustments  # one, of all: nobody's mark is told, or takes from another's
    assert (adjustment["points"], adjustment["author"], adjustment["reason"]) == (1.25, "Curie, Turing", "marked")
    gradebook.event("override", "7", check="talk", points=2.0, **MADE)
    assert gradebook.report("7").score == 3.0
    gradebook.event("mark", "7", check="talk", points=1.5, who="Turing", why="marked")
    assert gradebook.report("7").score == 2.5


def test_a_person_s_adjustment_stays_whatever_the_team_has(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 2.0))
    for who, points in (("Curie", -1.0), ("Turing", 0.0), ("Curie", -0.5)):
        gradebook.event("adjust", "7", points=points, value="jury", who=who, why="no word", at=WHEN)
    assert gradebook.report("7").score == 1.75
    graded(verdict("mse", 0.1))
    assert gradebook.report("7").score == 0.0
    history = gradebook.explained("7")
    assert [name for name, _ in history.sum] == ["mse", "adjust by Curie, Turing", "rounding and limits"]
    assert sum(points for _, points in history.sum) == pytest.approx(0.0)


def test_what_the_instructor_says_of_a_person_counts_in_place_of_the_examiners(
    gradebook: Gradebook, graded: Callable[..., Report]
) -> None:
    graded(verdict("mse", 2.0))
    for who in ("Curie", "Turing"):
        gradebook.event("adjust", "7", points=1.0, value="jury", who=who, why="alone", at=WHEN)
    gradebook.event("adjust", "7", points=-0.5, who="me", why="not alone", at=WHEN)
    assert gradebook.report("7").score == 1.5
    gradebook.event("adjust", "7", points=0.0, who="me", why="as the others", at=WHEN)
    assert gradebook.report("7").score == 2.0
    gradebook.event("adjust", "7", points=0.0, value="jury", who="Curie", why="marked")
    assert gradebook.report("7").score == 2.5  # an examiner speaks anew: the mean of both


def test_marks_of_who_is_not_in_the_jury_any_more_do_not_count(
    gradebook: Gradebook, graded: Callable[..., Report]
) -> None:
    graded(verdict("mse", 2.0))
    slot = Slot("7", WHEN, 20, "B12", ("Marie", "Turing"))
    gradebook.defend(slot, ["7"], "me")
    for who, points in (("Marie", 0.0), ("Turing", 2.0)):
        gradebook.event("mark", "7", check="talk", points=points, who=who, why="marked")
    assert gradebook.report("7").score == 3.0
    gradebook.defend(replace(slot, examiners=("Curie", "Turing")), ["7"], "me")
    assert gradebook.report("7").score == 4.0
    gradebook.event("mark", "7", check="talk", points=1.0, who="Curie", why="marked")
    assert gradebook.report("7").score == 3.5


def test_a_damaged_slot_is_none(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 2.0))
    for value in (
        "",
        "x",
        "x | 20 | B | C",
        "2027-01-14T09:00:00 | 20 | B | C",
        "2027-01-14T09:00:00+01:00 | x | B | C",
    ):
        gradebook.event("defence", "7", value=value, who="me", why="")
    assert gradebook.slots() == {} and gradebook.examiners() == set() and gradebook.report("7").score == 2.0


def test_a_voided_question_costs_nobody_anything(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 2.0))
    gradebook.event("mark", "7", check="talk", points=1.0, who="Curie", why="marked", at=WHEN)
    gradebook.event("void", check="talk", points=3.0, value="give", who="me", why="a fire alarm", at=WHEN)
    assert gradebook.report("7").score == 5.0
    gradebook.event("mark", "7", check="talk", points=0.5, who="Turing", why="marked")  # a sheet that comes late
    assert gradebook.report("7").score == 5.0


def test_a_bonus_is_left_out_and_the_rest_counts_as_before(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 2.0))
    gradebook.event("override", "7", check="more", points=1.0, who="me", why="marked", at=WHEN)
    gradebook.event("void", check="more", points=2.0, value="leave out", who="me", why="so", at=WHEN)
    report = gradebook.report("7")
    assert (report.score, report.dropped, report.given) == (2.0, {"more"}, {})


def test_a_dropped_criterion_is_dropped_for_who_handed_in_nothing_of_their_own(
    gradebook: Gradebook, graded: Callable[..., Report]
) -> None:
    graded(verdict("mse", 0.0), status=Status.EMPTY, score=0.0, raw_score=0.0)
    for check in ("talk", "code"):
        gradebook.event("mark", "7", check=check, points=2.0, who="Curie", why="marked", at=WHEN)
    gradebook.event("void", check="talk", points=5.0, value="drop", who="me", why="so", at=WHEN)
    assert gradebook.report("7").score == 4.0  # 2 of 5, of 10


def test_examiners_give_no_score_to_what_has_none(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 0.0, outcome=Outcome.MISSING), status=Status.UNREADABLE, score=None, raw_score=None)
    gradebook.event("mark", "7", check="talk", points=2.0, who="Curie", why="marked")
    gradebook.event("adjust", "7", points=2.0, who="Curie", why="alone")
    assert gradebook.report("7").score is None


@pytest.mark.parametrize(("value", "score"), [("give", 4.0), ("drop", 20 / 9)])
def test_a_question_marked_by_people_can_be_voided(
    gradebook: Gradebook, graded: Callable[..., Report], value: str, score: float
) -> None:
    graded(verdict("mse", 2.0))
    gradebook.event("mark", "7", check="talk", points=0.5, who="Curie", why="marked", at=WHEN)
    gradebook.event("void", check="talk", points=2.0 if value == "give" else 1.0, value=value, who="me", why="so")
    assert gradebook.report("7").score == pytest.approx(score, abs=0.005)


def test_points_are_moved_before_they_are_rounded(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    """2.005 is 2.01, and 0.335 of it replaced by 0.34 is 2.01 too, not 2.02."""
    graded(verdict("a", 0.335), verdict("b", 1.67), score=2.01, raw_score=2.01)
    gradebook.event("override", "7", check="a", points=0.34, **MADE)
    assert gradebook.report("7").score == 2.01


def test_a_void_for_everybody(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    for student, points in (("1", 0.0), ("2", 2.0)):
        graded(verdict("mse", points), student_id=student)
    graded(verdict("mse", 0.0), student_id="3", status=Status.EMPTY)
    graded(verdict("mse", 0.0), student_id="4", status=Status.UNREADABLE, score=None, raw_score=None)
    gradebook.event("void", check="mse", who="prof", why="the question was wrong")
    assert [report.score for report in gradebook.reports()] == [2.0, 2.0, 0.0, None]


@pytest.mark.parametrize("status", [Status.UNREADABLE, Status.CRASHED, Status.ABSENT])
@pytest.mark.parametrize(("check", "score"), [("", 6.0), ("mse", 6.0), (None, None)])
def test_a_person_gives_the_score_that_the_grader_could_not(
    gradebook: Gradebook, graded: Callable[..., Report], status: Status, check: str | None, score: float | None
) -> None:
    graded(verdict("mse", 0.0, outcome=Outcome.MISSING), status=status, score=None, raw_score=None)
    gradebook.event("comment", "7", **MADE)
    if check is not None:
        gradebook.event("override", "7", check=check, points=6.0, **MADE)
    report = gradebook.report("7")
    assert (report.status, report.raw_score, report.score) == (status, None, score)


@pytest.mark.parametrize(
    ("decisions", "score"),
    [
        ([("override", "mse", 1.0)], None),  # the check at fault is still open
        ([("override", "softmax", 1.0)], 3.0),
        ([("void", "softmax", None)], 4.0),
        ([("override", "", 5.0)], 5.0),
    ],
)
def test_our_faults_are_settled_one_by_one(
    gradebook: Gradebook, graded: Callable[..., Report], decisions: list[Decision], score: float | None
) -> None:
    graded(verdict("mse", 2.0), FAULT, status=Status.GRADER_FAULT, score=None, raw_score=None)
    for kind, check, points in decisions:
        gradebook.event(kind, "7", check=check, points=points, **MADE)
    assert gradebook.report("7").score == score


def test_a_comment_is_a_note(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 2.0))
    gradebook.event("comment", "7", who="prof", why="Well argued.", at=WHEN)
    values = {"text": "Well argued.", "who": "prof", "at": WHEN.isoformat()}
    assert gradebook.report("7").notes == (Note("comment", values),)


def test_corrections_outlive_a_regrade(gradebook: Gradebook, graded: Callable[..., Report]) -> None:
    graded(verdict("mse", 0.5))
    gradebook.event("override", "7", check="mse", points=1.5, **MADE)
    report = graded(verdict("mse", 1.0))
    assert (report.raw_score, report.score) == (1.0, 1.5)


def test_the_last_pick_counts(gradebook: Gradebook) -> None:
    gradebook.pick("7", "a.py", "prof", "asked her")
    gradebook.pick("7", "sub/b.py", "prof")
    gradebook.pick("8", "c\udce9.py", "prof")
    assert gradebook.picks() == {"7": "sub/b.py", "8": "c\udce9.py"}


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"kind": "override", "student_id": "7", "points": 11.0}, "from 0 to 10"),
        ({"kind": "override", "student_id": "7", "points": 1.5, "most": 1.0}, "from 0 to 1, not 1.5"),
        ({"kind": "override", "student_id": "7", "points": -0.5}, "from 0 on"),
        ({"kind": "void", "check": "mse", "value": "perhaps"}, "give or drop"),
        ({"kind": "extension", "student_id": "7", "value": "2026-11-23T22:00"}, "has no offset"),
        ({"kind": "extension", "student_id": "7", "value": "tomorrow"}, "extension is 'tomorrow'; write"),
        ({"kind": "override", "student_id": "7", "points": float("nan")}, "from 0 on"),
        ({"kind": "override", "student_id": "7"}, "from 0 on"),
        ({"kind": "override", "student_id": "8", "points": 1.0}, "no student '8'"),
        ({"kind": "override", "points": 1.0}, "which student"),
        ({"kind": "void"}, "which check"),
        ({"kind": "comment", "student_id": "7", "why": " "}, "say why"),
        ({"kind": "mark", "student_id": "7", "check": "talk", "points": 3.0, "most": 2.0}, "from 0 to 2, not 3"),
        ({"kind": "mark", "student_id": "7", "check": "talk", "points": -1.0}, "from 0 on"),
        ({"kind": "mark", "student_id": "7", "points": 1.0}, "which criterion"),
        ({"kind": "adjust", "student_id": "7", "points": -11.0}, "from -10 to 10, not -11"),
        ({"kind": "adjust", "student_id": "7", "check": "mse", "points": 1.0}, "not of a check"),
        ({"kind": "adjust", "student_id": "7", "points": 1.0, "why": ""}, "say why"),
        ({"kind": "praise", "student_id": "7"}, "not one of"),
    ],
)
def test_decisions_that_say_too_little(
    gradebook: Gradebook, graded: Callable[..., Report], decision: dict[str, Any], words: str
) -> None:
    graded(verdict("mse", 2.0))
    with pytest.raises(UserError, match=words):
        gradebook.event(**{"who": "prof", "why": "so"} | decision)
    assert gradebook.events() == []


def test_of_decisions_about_others_none_is_read_for_a_report(
    gradebook: Gradebook, graded: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a class has as many decisions as students, its time would grow with the square of their number."""
    for student in map(str, range(20)):
        graded(verdict("mse", 1.0), student_id=student)
        gradebook.event("comment", student, **MADE)
    gradebook.event("void", check="mse", who="prof", why="the question was wrong")
    read: list[str] = []
    made = Event.__post_init__
    monkeypatch.setattr(Event, "__post_init__", lambda event: (read.append(event.student_id), made(event)))
    assert [note.key for note in gradebook.report("7").notes] == ["comment"] and read == ["7", ""]
    read.clear()
    assert gradebook.released() is None and gradebook.slot("7") is None and read == ["", "7", ""]
    read.clear()
    assert len(gradebook.reports()) == 20 and len(read) == 40
