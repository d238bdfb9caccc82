"""The page of the class that others may see: nobody is on it, by name or by number."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from grader.contract import Note, Report, Status
from grader.pages.anonymous import LEAST
from grader.pages.class_words import ENGLISH, FRENCH
from grader.pages.shareable import shareable
from tests.pages.pages_samples import M, P, T, W, assignment, class_of, report, say, verdict
from tests.pages.parsed import Page

TD = assignment()
KNOWN = Note("looks_like", {"mistake": "transposed", "hint": "Which axis is it?"})


def says(key: str, values: dict[str, object], language: str = "en") -> str:
    return str(values["hint"]) if key == "looks_like" else say(key, values, language)


def marked(number: int, base: Report) -> Report:
    """A student all of whose data and words can be told from anything else."""
    text = f"text-of-{number:04}"
    verdicts = tuple(
        replace(v, message=Note("hostile", {"text": text}), hint=None if v.hint is None else KNOWN)
        for v in base.verdicts
    )
    return replace(
        base,
        student_id=f"id-{number:04}",
        name=f"Name{number:04} Surname{number:04}",
        team=f"team-{number // 3:04}x",
        picked=f"path-{number:04}/file-{number:04}.py",
        verdicts=verdicts,
        notes=(
            Note("hostile", {"text": text}),
            Note("comment", {"text": text, "who": text}),
            Note("appeal", {"text": text}),
            Note("declaration", {"tools": text, "partners": text}),
        ),
        adjustments=({"kind": "override", "check": "", "points": 0.1, "reason": text, "author": text},),
        submission_id=f"digest{number:04}",
    )


def traces(of: Report) -> set[str]:
    """Whatever tells who it is: ids, names, paths, and words of theirs or about them."""
    words = {str(value) for note in of.notes for value in note.values.values()}
    words |= {str(value) for adjustment in of.adjustments for value in adjustment.values() if isinstance(value, str)}
    words |= {of.student_id, *of.name.split(), of.team, *of.picked.split("/"), of.submission_id}
    return {word for word in words if word} - {"override"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("count", [0, 3, 42])
def test_nobody_is_on_it(language: str, count: int) -> None:
    reports = [marked(number, base) for number, base in enumerate(class_of(count))]
    page = shareable(reports, assignment(language), says)
    for of in reports:
        assert len(traces(of)) >= 7
        assert not [trace for trace in traces(of) if trace in page]
    assert "feedback" not in page and "<script" not in page and "href" not in page
    words = ENGLISH if language == "en" else FRENCH
    assert words["shareable"].format(least=LEAST) in page
    assert (words["too_small"] in page) == (
        count < 4
    )  # of those of every status that a class has in it, one was graded


def test_what_it_tells() -> None:
    reports = [marked(number, base) for number, base in enumerate(class_of(42))]
    text = " ".join(Page(shareable(reports, TD, says)).text.split())
    for words in ("5.44Mean", "43 with a score", "A 64-64-10 network", "middle half"):
        assert words in text
    assert "Case" not in text, "what was said to one"
    assert ENGLISH["discrimination"] not in text, "too few teams for it"
    assert ENGLISH["area"] in text, "groups are not equally wide"
    assert "Which axis is it?" not in text, "three teams alone did not make it"
    assert "Which axis is it?" in shareable(
        [replace(marked(n, r), team="") for n, r in enumerate(class_of(42))], TD, says
    )
    alone = shareable(class_of(42), TD, say)
    assert ENGLISH["discrimination"] in alone and ENGLISH["weak"] in alone


def test_no_number_is_of_few() -> None:
    for count in (1, 4, 7, 12, 19, 23, 42):
        page = shareable(class_of(count), TD, say)
        bars = [int(n) for n in re.findall(r'class="count"[^>]*>(\d+)<', page)]
        cards = [int(n) for n in re.findall(r"<li><b>(\d+)</b>", page)]
        assert all(n >= LEAST for n in bars + cards), (count, bars, cards)


def test_a_class_that_is_too_small_has_no_numbers() -> None:
    page = shareable([report(str(n), "A", P, W) for n in range(LEAST - 1)], TD, say)
    assert ENGLISH["too_small"] in page and "<svg" not in page and "%" not in Page(page).text


def test_a_histogram_of_one_bar_says_nothing() -> None:
    one_bar = shareable([report(str(n), "A", P) for n in range(LEAST)], TD, say)
    assert "<svg" not in one_bar and ENGLISH["too_small"] not in one_bar and "<b>5</b>" in one_bar


@pytest.mark.parametrize(
    ("made", "others", "empty", "told"),
    [
        *((LEAST, LEAST, 0, True), (LEAST - 1, 20, 0, False), (20, LEAST - 1, 0, False), (9, 0, 0, True)),
        *((7, 2, 10, False), (7, 0, 10, True)),  # who handed in no work may have made it or not: they are none of them
    ],
)
def test_a_mistake_of_few_or_of_all_but_few_is_left_out(made: int, others: int, empty: int, told: bool) -> None:
    wrong = verdict(0, W, hint=KNOWN)
    reports = [replace(report(f"m{n}", "A", W), verdicts=(wrong,)) for n in range(made)]
    reports += [report(f"o{n}", "B", P) for n in range(others)]
    reports += [report(f"e{n}", "C", M, status=Status.EMPTY) for n in range(empty)]
    assert ("Which axis is it?" in shareable(reports, TD, says)) == told


def test_mistakes_that_the_td_does_not_know_take_no_place() -> None:
    """Twelve that are made by more students, each said in its own words, come before the known one."""
    other = [Note("differs", {"case": f"case {n}", "error": 1.0, "index": (0,), "x": ""}) for n in range(12)]
    verdicts = tuple(verdict(0, W, message=note, hint=None) for note in other)
    reports = [replace(report(f"o{n}", "B"), verdicts=verdicts) for n in range(12)]
    reports += [replace(report(f"m{n}", "A"), verdicts=(verdict(1, W, hint=KNOWN),)) for n in range(LEAST)]
    assert "Which axis is it?" in shareable(reports, TD, says)


def test_what_was_said_to_students_of_unknown_mistakes_is_left_out() -> None:
    page = shareable([report(str(n), "A", T, status=Status.GRADED) for n in range(30)], TD, say)
    assert ENGLISH["mistakes"] not in page


def test_quartiles_need_five_in_each_quarter() -> None:
    many = [report(str(n), "A", *((P,) * (n % 5))) for n in range(4 * LEAST)]
    assert ENGLISH["middle_half"] in shareable(many, TD, say)
    assert ENGLISH["middle_half"] not in shareable(many[1:], TD, say)
