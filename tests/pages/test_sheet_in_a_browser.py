"""The page to mark on, in a real browser: what is typed is checked, counted, kept, and saved as the table."""

from __future__ import annotations

import csv
import io

import pytest

from grader.exports import marking
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.sheet_samples import COMMAND, ENTRIES, QUESTIONS, page

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]
SAVED = "td2-marks.csv"
TOLD = "document.getElementById('told').textContent"
COUNT = "document.getElementById('count').textContent"


def points(row, column=3):
    return f'input[data-row="{row}"][data-column="{column}"]'


def comment(row, column=4):
    return f'textarea[data-row="{row}"][data-column="{column}"]'


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser
        assert browser.console == []  # nothing failed, and the policy held nothing up


@pytest.fixture(params=["en"])
def sheet(request, browser, tmp_path):
    path = tmp_path / "marks.html"
    path.write_text(page(request.param), encoding="utf-8")
    browser.open(path)
    browser.evaluate("localStorage.clear()")
    browser.reload()
    return browser


def saved(sheet):
    sheet.click("#save")
    return sheet.downloaded(SAVED)


def changes(data, tmp_path):
    """What `surdix mark --read` takes from a table."""
    path = tmp_path / SAVED
    path.write_bytes(data)
    found = marking.read(path, ENTRIES, QUESTIONS)
    assert found.problems == ()
    return [(one.student_id, one.question, one.points, one.comment) for one in found.changes]


def focused(sheet):
    return sheet.evaluate("[document.activeElement.dataset.row, document.activeElement.dataset.column].join()")


def trouble(sheet, selector):
    return sheet.evaluate(
        f"(box => box.hidden ? '' : box.textContent)"
        f"(document.getElementById(document.querySelector('{selector}').getAttribute('aria-describedby')))"
    )


@pytest.mark.parametrize("sheet", ["en", "fr"], indirect=True)
def test_an_untouched_page_gives_the_csv_as_it_is(sheet, tmp_path):
    data = saved(sheet)
    assert data == marking.marking_csv(ENTRIES, QUESTIONS).encode()
    assert changes(data, tmp_path) == []
    assert sheet.evaluate(TOLD).endswith(COMMAND) and SAVED in sheet.evaluate(TOLD)


def test_what_is_typed_stands_in_the_table(sheet, tmp_path):
    assert sheet.evaluate(COUNT) == "1 of 8 marked"
    sheet.type(points(1), "0,75")
    sheet.type(comment(1), '=1+1; "quoted", and\n  @two lines, é')
    sheet.type(points(0), "1")
    sheet.type(points(3, 5), "+2")
    sheet.type(comment(2, 6), "'= typed")
    assert sheet.evaluate(COUNT) == "3 of 8 marked"
    data = saved(sheet)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[2][3:5] == ["0.75", marking.cell('=1+1; "quoted", and @two lines, é')]
    assert changes(data, tmp_path) == [
        ("1", "proof", 1.0, None),
        ("2", "proof", 0.75, '=1+1; "quoted", and @two lines, é'),
        ("9", "report", None, "'= typed"),
        ("3", "report", 2.0, None),
        ("4", "report", 2.0, None),
    ]


@pytest.mark.parametrize(
    "text",
    ["=a", "a;=b", "a, -b", "a |  +c", "''@d", "x=1", "'quoted'", "'=e", "- - -", "tab\tand\nlines", '"', ",", "π ≈ 3"],
)
def test_a_cell_is_written_as_surdix_writes_it(sheet, text):
    sheet.type(comment(1), text)
    rows = list(csv.reader(io.StringIO(saved(sheet).decode("utf-8-sig"), newline="")))
    assert rows[2][4] == marking.cell(text) and marking.plain(rows[2][4]) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1.01", "The question is worth 1: write no more than that."),
        ("-0.5", "Points cannot be below 0."),
        ("half", "This is no number: write points like 0.5."),
        ("1e0", "This is no number: write points like 0.5."),
        ("0.5.", "This is no number: write points like 0.5."),
        ("1", ""),
        (".5", ""),
        ("", ""),
    ],
)
def test_points_that_cannot_be_are_said_in_words_and_not_saved(sheet, text, says):
    sheet.type(points(1), text)
    assert trouble(sheet, points(1)) == says
    assert (
        sheet.evaluate(f"document.querySelector('{points(1)}').getAttribute('aria-invalid')") == str(bool(says)).lower()
    )
    assert sheet.evaluate(COUNT) == f"{2 if text and not says else 1} of 8 marked"
    sheet.click("#save")
    if says:
        assert sheet.evaluate(TOLD).startswith("Nothing was saved. Points to put right first: 1.")
        assert focused(sheet) == "1,3"
    else:
        sheet.downloaded(SAVED)
        assert "was saved" in sheet.evaluate(TOLD)


def test_what_was_emptied_is_told(sheet, tmp_path):
    sheet.type(points(0), "")
    sheet.type(comment(0), "")
    assert "write 0" in trouble(sheet, points(0)) and "stays" in trouble(sheet, comment(0))
    assert changes(saved(sheet), tmp_path) == []


def test_a_level_fills_in_its_points(sheet, tmp_path):
    pressed = (
        "[...document.querySelectorAll('article[data-row=\"1\"] [aria-pressed=true] b')].map(b => b.textContent).join()"
    )
    assert sheet.evaluate(pressed) == ""
    sheet.click('article[data-row="1"] [data-points="0.125"]')
    assert sheet.evaluate(pressed) == "0.125" and focused(sheet) == "1,3"
    assert changes(saved(sheet), tmp_path) == [("2", "proof", 0.125, None)]
    sheet.type(points(1), "0.3")
    assert sheet.evaluate(pressed) == ""
    sheet.type(points(1), "1,0")
    assert sheet.evaluate(pressed) == "1"


@pytest.mark.parametrize("sheet", ["fr"], indirect=True)
def test_a_french_level_is_read(sheet, tmp_path):
    sheet.click('article[data-row="1"] [data-points="0,125"]')
    assert sheet.evaluate(COUNT) == "2 sur 8 corrigés"
    assert changes(saved(sheet), tmp_path) == [("2", "proof", 0.125, None)]


def test_the_next_that_is_not_marked_by_keyboard_alone(sheet):
    sheet.click("#next")
    assert focused(sheet) == "1,3"
    for expected in ("2,3", "3,3", "0,5", "1,5"):
        sheet.call("Input.insertText", text="1")
        sheet.press("Enter")
        assert focused(sheet) == expected
    sheet.type(points(1, 5), "9")
    sheet.press("Enter")
    assert focused(sheet) == "1,5"  # it is not right
    sheet.type(points(1, 5), "2")
    sheet.type(points(2, 5), "2")
    sheet.press("s", control=True)
    assert b'third",,1,,2,' in sheet.downloaded(SAVED)
    sheet.type(points(3, 5), "2")
    sheet.press("Enter")
    assert sheet.evaluate(TOLD) == "All is marked." and sheet.evaluate(COUNT) == "8 of 8 marked"


def test_by_student_all_of_one_stand_together(sheet):
    order = "[...document.querySelectorAll('input[data-most]')].map(b => b.dataset.row + b.dataset.column).join(' ')"
    assert sheet.evaluate(order) == "03 13 23 33 05 15 25 35"
    chosen = "(box => (box.value = '{}', box.dispatchEvent(new Event('change'))))(document.getElementById('order'))"
    sheet.evaluate(chosen.format("student"))
    assert sheet.evaluate(order) == "03 05 13 15 23 25 33 35"
    shown = "getComputedStyle(document.querySelector('{}')).display !== 'none'"
    assert sheet.evaluate(shown.format("article .which")) and not sheet.evaluate(shown.format(".group"))
    sheet.evaluate(chosen.format("question"))
    assert sheet.evaluate(order) == "03 13 23 33 05 15 25 35"
    assert sheet.evaluate("document.querySelector('#answers').children[5].className") == "group"


def test_what_was_typed_outlives_a_reload(sheet, tmp_path):
    sheet.type(points(1), "0.75")
    sheet.type(comment(2), "where?")
    sheet.type(points(0), "0.25")
    sheet.reload()
    assert sheet.evaluate(COUNT) == "2 of 8 marked"
    assert changes(saved(sheet), tmp_path) == [
        ("1", "proof", 0.25, None),
        ("2", "proof", 0.75, None),
        ("9", "proof", None, "where?"),
    ]
    sheet.type(points(0), "0.5")  # as it was
    assert sheet.evaluate("localStorage.length") == 2


def test_a_newer_page_says_what_is_known_now(sheet, tmp_path):
    sheet.type(points(0), "0.25")
    sheet.type(points(1), "1")
    newer = tmp_path / "newer.html"
    newer.write_text(page().replace('value="0.5"', 'value="0.75"'), encoding="utf-8")
    sheet.open(newer)
    assert sheet.evaluate(f"document.querySelector('{points(0)}').value") == "0.75"
    assert sheet.evaluate(f"document.querySelector('{points(1)}').value") == "1"


def test_all_that_was_handed_in_is_there_to_be_opened(sheet):
    first, team = ('article[data-row="0"][data-column="3"] details', 'article[data-row="3"][data-column="3"] details')
    assert "before = 1" not in sheet.evaluate(f"document.querySelector('{first}').textContent")
    assert "all_of_it = 1" in sheet.evaluate(f"document.querySelector('{team}').textContent")
    sheet.click(f"{first} summary")
    sheet.until(f"document.querySelector('{first}').textContent.includes('before = 1')")
    sheet.click(f"{first} summary")
    sheet.click(f"{first} summary")
    sheet.until(f"document.querySelector('{first}').open")
    assert sheet.evaluate(f"document.querySelector('{first}').textContent.split('before = 1').length") == 2


@pytest.mark.parametrize("width", [360, 800, 1600])
def test_a_page_is_as_wide_as_its_window(sheet, width, tmp_path):
    sheet.open(tmp_path / "marks.html", width=width)
    assert sheet.evaluate("document.documentElement.scrollWidth") <= width


def test_another_script_does_not_run(browser, tmp_path):
    path = tmp_path / "changed.html"
    path.write_text(page().replace("<main", "<script>window.bad = 1</script><main onclick='window.bad = 1'"), "utf-8")
    browser.open(path)
    browser.click("main")
    assert browser.evaluate("window.bad") is None
    assert browser.evaluate("fetch('data:,1').then(() => 'sent', () => 'held up')") == "held up"
    assert len(browser.console) >= 3 and all("Content Security Policy" in one for one in browser.console)
    browser.console.clear()
