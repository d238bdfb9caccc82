"""An examiner's sheet in a real browser: marks, levels and adjustments are checked, and saved as the table."""

from __future__ import annotations

import pytest

from grader.exports import sheets
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.jury_samples import CODE, FILE, HEARD, TALK, WHO, page

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]


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
