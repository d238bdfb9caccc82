"""An examiner's sheet in a real browser: marks, levels and adjustments are checked, and saved as the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from grader.contract import Manual, Policy, Slot
from grader.exports import sheets
from grader.exports.marking import Mark
from grader.exports.sheets import Heard, Person
from grader.pages.jury import Member, Team, jury
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.pages_samples import assignment

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
]
TALK = Manual("talk", "3", 3.0, "A talk of ten minutes.", levels=((0.0, "read"), (1.5, "explained")), jury=True)
CODE = Manual("code", "4", 2.0, "Each of you knows the code.", jury=True)
WHO, FILE = 'Marie "M." Curie', "Marie.csv"
TEAM = Slot("team-7", datetime.fromisoformat("2027-01-14T09:00+01:00"), 20, "B12", (WHO, "Alan Turing"))
ALONE = replace(TEAM, team="4", start=datetime.fromisoformat("2027-01-14T09:20+01:00"))
KNOWN = {(WHO, student, "code"): Mark(1.0, "ok") for student in ("1", "2")}
HEARD = (
    Heard(
        TEAM,
        "Ada, Bo",
        (Person("1", "=Ada"), Person("2", "</script>Bo")),
        5.5,
        6.0,
        KNOWN,
    ),
    Heard(ALONE, "Dee", (Person("4", "Dee"),), None, 6.0),
)


def page() -> str:
    td = replace(assignment(), manual=(TALK, CODE), policy=Policy())
    one, two, four = (
        Member(1, "1", "=Ada", "../1.html"),
        Member(2, "2", "</script>Bo", "../2.html"),
        Member(3, "4", "Dee", ""),
    )
    teams = [Team(0, TEAM, (one, two), 5.5, 6.0), Team(3, ALONE, (four,), None, 6.0)]
    return jury(
        td, WHO, sheets.table(WHO, HEARD, (TALK, CODE)), teams, FILE, "surdix defences results --read Marie.csv"
    )


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "Marie.html"
    path.write_text(page(), encoding="utf-8")
    with Browser(tmp_path) as browser:
        browser.open(path)
        yield browser
        assert browser.console == []


def box(row, column, kind="input"):
    return f'{kind}[data-row="{row}"][data-column="{column}"]'


def said(data, tmp_path):
    path = tmp_path / FILE
    path.write_bytes(data)
    found = sheets.read(path, HEARD, (TALK, CODE), 10.0)
    assert found.problems == ()
    return [(one.kind, one.student_id, one.check, one.points, one.why) for one in found.said]


def saved(sheet):
    sheet.click("#save")
    return sheet.downloaded(FILE)


def test_an_untouched_sheet_gives_the_table_as_it_is(sheet):
    assert saved(sheet) == sheets.sheet_csv(WHO, HEARD, (TALK, CODE)).encode()
    assert sheet.evaluate("document.getElementById('count').textContent") == "1 of 4 marked"


def test_marks_levels_and_adjustments_come_back(sheet, tmp_path):
    sheet.click('article[data-row="0"] [data-points="1.5"]')
    assert sheet.evaluate("document.querySelector('article').classList.contains('done')")
    sheet.type(box(3, 4), "2,5")
    sheet.type(box(2, 8), "-0.75")
    sheet.type(box(2, 9, "textarea"), "=was silent")
    sheet.type(box(3, 8), "+0.5")
    sheet.type(box(3, 9, "textarea"), "alone")
    assert sheet.evaluate("document.getElementById('count').textContent") == "3 of 4 marked"
    assert said(saved(sheet), tmp_path) == [
        ("mark", "1", "talk", 1.5, "marked"),
        ("mark", "2", "talk", 1.5, "marked"),
        ("adjust", "2", "", -0.75, "=was silent"),
        ("mark", "4", "talk", 2.5, "marked"),
        ("adjust", "4", "", 0.5, "alone"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "text", "words"),
    [
        (1, 8, "-11", "An adjustment is from -10 to 10."),
        (1, 8, "much", "This is no number"),
        (0, 4, "-1", "Points cannot be below 0."),
        (0, 4, "3.5", "The question is worth 3"),
    ],
)
def test_what_is_out_of_range_is_told_and_not_saved(sheet, row, column, text, words):
    sheet.type(box(row, column), text)
    assert words in sheet.evaluate(f"document.getElementById('w{row}-{column}').textContent")
    sheet.click("#save")
    assert "Nothing was saved" in sheet.evaluate("document.getElementById('told').textContent")
