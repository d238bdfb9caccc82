"""Comments: short, in two languages, harmless whatever is in them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Assignment, Limits, Manual, Note, Outcome, Report, Status, Verdict
from grader.exports.comment import ENGLISH, FRENCH, comment, shown
from tests.exports.exports_samples import report, say


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def verdict(question: str, points: float = 0.0, outcome: Outcome = Outcome.WRONG, **more: Any) -> Verdict:
    first = report().verdicts[0]
    return replace(first, id=f"check_{question}", question=question, points=points, outcome=outcome, hint=None, **more)


def test_a_comment_in_both_languages() -> None:
    one = report(score=7.5, late=True, adjustments=({"kind": "late", "points": -0.5, "reason": "1 day"},))
    assert words(comment(one, None, say)) == (
        "7.5 / 10 (late) 2.3: 1/1.5 −0.5: 1 day To mend first: 2.3: [en] differs index, got, error "
        "All the rest is in the attached page, feedback.html: download it and open it in a browser."
    )
    french = words(comment(one, None, say, "fr", attached=False))
    assert french == (
        "7,5 / 10 (en retard) 2.3 : 1/1,5 −0,5 : 1 day À reprendre d’abord : 2.3 : [fr] differs index, got, error"
    )


def test_every_word_is_there_in_both_languages() -> None:
    assert ENGLISH.keys() == FRENCH.keys()


def test_the_first_failing_checks_those_that_follow_last() -> None:
    follows = replace(verdict("2.1"), message=Note("wrong", {"follows": ["1"]}))
    verdicts = (
        verdict("2.10"),
        follows,
        verdict("2.9"),
        verdict("2.2", points=1.5, outcome=Outcome.PASS),
        verdict("2.3"),
        verdict("2.4", outcome=Outcome.GRADER_FAULT),
    )
    text = comment(report(verdicts=verdicts, adjustments=()), None, say)
    items = [words(item).partition(":")[0] for item in re.findall("<li>(.*?)</li>", text)]
    assert items == ["2.3", "2.9", "2.10", "and 1 more"]
    assert "2.1: 0/1.5 · 2.2: 1.5/1.5 · 2.3: 0/1.5" in text


def test_points_that_people_gave_count_and_are_nothing_to_mend() -> None:
    moved = ({"kind": "override", "check": "softmax_is_stable", "points": 0.5, "reason": "why", "author": "Prof. X"},)
    text = comment(report(adjustments=moved), None, say)
    assert "2.3: 1.5/1.5" in text and "mend" not in text and "Prof. X" not in text and "why" not in text


def test_questions_that_a_person_marks_count_too() -> None:
    moved = ({"kind": "override", "check": "proof", "points": 0.5, "reason": "half of it"},)
    one = report(adjustments=moved)
    manual = (Manual("proof", "2.3", 1.0, "Prove it."), Manual("remark", "3", 2.0, "Say why."))
    assignment = Assignment("td", "TD", "en", "UTC", (), (), "", 1.0, {}, Limits(), {}, (), manual, (), "", "", "", "")
    assert "<p>2.3: 1.5/2.5 · 3: 0/2</p>" in comment(one, assignment, say)
    assert "half of it" not in comment(one, assignment, say) and "half of it" in comment(one, None, say)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.GRADED])
def test_what_is_no_grading_is_said(status: Status) -> None:
    one = report(status=status, score=None)
    for language, table in (("en", ENGLISH), ("fr", FRENCH)):
        text = words(comment(one, None, say, language))
        assert text.startswith(table["no_score"]) and table[status] in text


def test_a_person_who_gave_a_score_has_decided() -> None:
    text = words(comment(report(status=Status.UNREADABLE, score=6.0), None, say))
    assert text.startswith("6 / 10") and "nothing is decided" not in text


def test_a_teachers_words_are_there_without_a_name() -> None:
    note = Note("comment", {"text": "See me <b>soon</b>", "who": "Prof. X"})
    text = comment(report(notes=(note,)), None, say)
    assert "<p>From your teacher: See me &lt;b&gt;soon&lt;/b&gt;</p>" in text and "Prof. X" not in text


anything = st.text(st.characters(), max_size=400)


@given(anything, anything, anything)
def test_any_text_is_one_harmless_line(message: str, name: str, reason: str) -> None:
    def spoken(key: str, values: Any, language: str = "en") -> str:
        return message

    one: Report = report(name="ZZ" + name + "ZZ", adjustments=({"kind": "late", "points": -1.0, "reason": reason},))
    text = comment(one, None, spoken)
    assert text.startswith("<p>") and len(text.splitlines()) == 1
    assert not set(text) & {"\\", "\n", "\r", "\t", "\0"}
    assert set(re.findall(r"<[^>]*>", text)) <= {
        *("<p>", "</p>", "<strong>", "</strong>", "<ul>", "</ul>", "<li>", "</li>", "<code>", "</code>")
    }
    assert len(text) < 6_000
    assert one.name not in text
    text.encode("utf-8")


def test_long_text_is_cut() -> None:
    assert shown("x" * 1_000, 10) == "xxxxxxxxxx …"
    assert shown("a `b` \\ c", 50) == "a <code>b</code> &#92; c"
    assert (
        len(comment(report(verdicts=tuple(verdict(str(i)) for i in range(40))), None, lambda *_: "y" * 9_999)) < 4_000
    )
