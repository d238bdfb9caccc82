"""Whose page it says it is, and what it says of a submission that a person looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.contract import Note, Status
from grader.pages import feedback
from grader.pages import report as class_report
from grader.pages.words import ENGLISH
from tests.pages.pages_samples import F, P, assignment, report, say

TD = assignment()
SAID = ("comment", "appeal", "answer")


@pytest.mark.parametrize("name", ["Zoé O'Brien", 'A "B" <c> & d', "x" * 200, "=1+1", "", "a  b\u202e"])
def test_a_page_under_a_teams_name_names_no_member(name: str) -> None:
    member = report("4711", name, P, F, team="team-22")
    shown = feedback(member, TD, say, shown_as="L'équipe <1>")
    assert (
        "<title>L&#39;équipe &lt;1&gt; · " in shown and '<p class="who"><bdi>L&#39;équipe &lt;1&gt;</bdi></p>' in shown
    )
    assert shown == feedback(replace(member, name="L'équipe <1>"), TD, say) and "4711" not in shown


def test_a_teams_page_tells_nobody_what_one_member_asked() -> None:
    said = [Note(key, {"text": f"<{key}>", "who": "A", "at": "2026-11-23T23:30:00+00:00"}) for key in SAID]
    member = report("4711", "Ada", P, F, team="team-22", notes=tuple(said))
    own, teams = feedback(member, TD, say), feedback(member, TD, say, shown_as="Trio")
    assert [key for key in SAID if f"&lt;{key}&gt;" in own] == list(SAID)
    assert [key for key in SAID if f"&lt;{key}&gt;" in teams] == ["comment"]
    assert "2026-11-24" in own, "the day in the course's time zone"


@pytest.mark.parametrize(
    ("student_id", "name", "shown"),
    [
        ("182", "Participant", "Participant 182"),
        ("182", "", "Participant 182"),
        ("team-22", "", "team-22"),
        ("182", "Ada", "Ada"),
    ],
)
def test_who_is_called_participant_has_a_number(student_id: str, name: str, shown: str) -> None:
    """Under blind marking all have that one name: pages in a folder of downloads must differ."""
    one = report(student_id, name, P, F)
    page = feedback(one, TD, say)
    assert f"<title>{shown} · " in page and f'<p class="who"><bdi>{shown}</bdi></p>' in page
    assert f">{shown}<" in class_report([one], TD, say)


@pytest.mark.parametrize("status", [Status.UNREADABLE, Status.CRASHED, Status.GRADER_FAULT])
def test_a_score_that_a_person_gave_is_a_decision(status: Status) -> None:
    words = ENGLISH[f"you_{status}"].replace("'", "&#39;")
    waiting = report("4711", "Ada", status=status, raw_score=None, score=None)
    assert words in feedback(waiting, TD, say)
    moved = (
        {"kind": "override", "check": "", "points": 6.0, "reason": "read on paper", "author": "A", "time": "2026"},
    )
    settled = feedback(replace(waiting, score=6.0, adjustments=moved), TD, say)
    assert words not in settled and "read on paper" in settled


@pytest.mark.parametrize("status", [Status.EMPTY, Status.ABSENT])
def test_what_is_no_decision_of_a_person_is_said_beside_the_score(status: Status) -> None:
    assert ENGLISH[f"you_{status}"] in feedback(report("4711", "Ada", status=status, score=0.0), TD, say)
