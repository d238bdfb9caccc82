"""The class's report in a real browser: its table sorts and searches, by mouse and by keyboard, and is one without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.authoring import load
from grader.contract import Status, Submission
from grader.intake import file_name
from grader.pages import feedback
from grader.pages import report as class_report
from grader.pages.shareable import shareable
from grader.pipeline import grade, prepare
from grader.sandbox.tiers import open_sandbox
from student_template.runner.sentences import say as say_really
from tests.attacks import arena
from tests.attacks.test_attacks import FOLDER
from tests.attacks.victim import COURSE
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.pages_samples import ATTACKS, P, T, W, assignment, class_of, report, say

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]
NAMES = "[...document.querySelectorAll('#students tbody tr:not([hidden]) th')].map(name => name.textContent)"
CLASS = [
    report("10", "Zoé", P, P, P),
    report("9", "Émile", P),
    report("101", "anna", T, W),
    report("1", "Eva-Maria Ng", status=Status.ABSENT, score=None, raw_score=None, picked=""),
    report("2", "李 明", P, P, P, P, P, P, P, P, late=True),
]


def column(number: int) -> str:
    return f"#students thead th:nth-child({number}) button"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser
        assert browser.console == []


@pytest.fixture
def page(browser, tmp_path):
    path = tmp_path / "report.html"

    def show(reports=CLASS, language="en", **how):
        path.write_text(class_report(reports, assignment(language), say, feedback_name=file_name), encoding="utf-8")
        browser.open(path, **how)
        return browser

    return show


def ids(browser):
    return browser.evaluate(
        "[...document.querySelectorAll('#students tbody tr:not([hidden]) td:nth-child(2)')].map(id => id.textContent)"
    )


def sorts(browser):
    return browser.evaluate("[...document.querySelectorAll('#students th[scope=col]')].map(h => h.ariaSort)")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_click_on_a_heading_sorts(page, language):
    browser = page(language=language)
    assert ids(browser) == ["1", "10", "101", "2", "9"] and set(sorts(browser)) == {None}
    browser.click(column(3))  # scores; who has none stays last
    assert ids(browser) == ["101", "9", "10", "2", "1"]
    assert sorts(browser)[2] == "ascending"
    browser.click(column(3))
    assert ids(browser) == ["2", "10", "9", "101", "1"]
    assert [sort for sort in sorts(browser) if sort] == ["descending"]
    browser.click(column(2))  # numbers in ids count as numbers
    assert ids(browser) == ["1", "2", "9", "10", "101"]
    assert [sort for sort in sorts(browser) if sort] == ["ascending"]


def test_names_are_sorted_as_people_do(page):
    browser = page()
    browser.click(column(1))
    assert browser.evaluate(NAMES)[:4] == ["anna", "Émile", "Eva-Maria Ng", "Zoé"]


def test_equal_rows_stay_as_they_were(page):
    browser = page(class_of(60))
    browser.click(column(2))
    before = ids(browser)
    browser.click(column(12))  # late or not
    late = [one for one in ids(browser) if int(one) < 200 and (int(one) - 100) % 11 == 0]
    assert late == [one for one in before if one in late]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["Zoé"]),
        ("EMIL", ["Émile"]),
        ("ng maria", ["Eva-Maria Ng"]),
        ("李", ["李 明"]),
        ("late", ["李 明"]),
        ("101", ["anna"]),
        ("nobody", []),
        ("", ["Eva-Maria Ng", "Zoé", "anna", "李 明", "Émile"]),
        ("  ", ["Eva-Maria Ng", "Zoé", "anna", "李 明", "Émile"]),
    ],
)
def test_what_is_typed_is_searched(page, typed, found):
    browser = page()
    browser.type("#search", typed)
    assert browser.evaluate(NAMES) == found
    assert browser.evaluate("document.getElementById('shown').textContent") == f"{len(found)} of 5 students"


def test_a_search_stays_while_the_table_is_sorted(page):
    browser = page()
    browser.type("#search", "a")
    shown = browser.evaluate(NAMES)
    browser.click(column(3))
    assert sorted(browser.evaluate(NAMES)) == sorted(shown)
    browser.type("#search", "")
    assert len(ids(browser)) == 5


def test_by_keyboard_alone(page):
    browser = page()
    browser.evaluate("document.getElementById('search').focus()")
    focused = "document.activeElement.parentElement.textContent"
    browser.press("Tab")  # the region, which scrolls
    for heading in ("Student", "Id", "Score"):
        browser.press("Tab")
        assert browser.evaluate(focused) == heading
    browser.press("Enter")
    assert ids(browser) == ["101", "9", "10", "2", "1"]
    assert browser.evaluate(focused) == "Score", "where one is, one stays"
    browser.evaluate("document.querySelector('#mistakes summary, #trouble summary').focus()")
    browser.press("Enter")
    assert browser.evaluate("document.activeElement.parentElement.open") is True


def test_without_its_script_it_is_a_plain_table(page, browser):
    browser.scripts(run=False)
    try:
        page()
        assert ids(browser) == ["1", "10", "101", "2", "9"]
        assert browser.evaluate("document.querySelectorAll('button').length") == 0
        assert browser.evaluate("getComputedStyle(document.querySelector('.find')).display") == "none"
    finally:
        browser.scripts(run=True)


def test_on_paper_there_are_no_controls_and_nothing_is_cut_off(page, browser):
    page(class_of(60))
    browser.media(printed=True)
    try:
        for hidden in (".find", "nav"):
            assert browser.evaluate(f"getComputedStyle(document.querySelector('{hidden}')).display") == "none"
        tall = "document.querySelector('.tall')"
        assert browser.evaluate(f"{tall}.scrollHeight <= {tall}.clientHeight + 1")
    finally:
        browser.media()


def test_a_link_leads_to_the_students_page(page, browser, tmp_path):
    who = replace(CLASS[0], student_id="a b/é?#%41.<x>")
    (tmp_path / "feedback").mkdir()
    made = tmp_path / "feedback" / f"{file_name(who.student_id)}.html"
    made.write_text(feedback(who, assignment(), say), encoding="utf-8")
    page([who])
    link = browser.evaluate("document.querySelector('#students a').href")
    browser.click("#students a")
    browser.until("document.title !== '' && document.querySelector('.score') !== null")
    assert browser.requests[-1] == link and "Zoé" in browser.evaluate("document.body.textContent")


def test_hostile_names_are_searched_as_text(page):
    reports = [report(f"{n}", f"x {text}", P) for n, text in enumerate(ATTACKS)]
    browser = page(reports)
    browser.type("#search", "<script>alert")
    assert ids(browser) == ["0", "1"]
    browser.click(column(1))
    browser.type("#search", "")
    assert len(ids(browser)) == len(ATTACKS)
    assert browser.evaluate("document.scripts.length") == 1


# What the attacks of the suite leave on pages


@pytest.fixture(scope="module")
def attacked():
    """The reports of every submission that attacks pages, with its file, graded in the sandbox."""
    marking = prepare(load.load(COURSE, "tda"), b"a secret of tests", mistakes=False)
    found = []
    with open_sandbox("best", marking.assignment) as box:
        for path in sorted((FOLDER / "reports").glob("*.py")):
            attack = arena.read(path)
            run, done = grade(box, Submission(path.stem, attack.name, "tda.py", path.read_bytes()), marking)
            found.append((done, path.read_text(encoding="utf-8"), run.printed if run else ""))
    return marking.assignment, found


def test_what_attacks_write_is_text(browser, attacked, tmp_path):
    td, found = attacked
    assert len(found) > 25
    reports = [done for done, _, _ in found]
    pages = {
        "class": class_report(reports, td, say_really, feedback_name=file_name),
        "shareable": shareable(reports, td, say_really),
        **{
            done.student_id: feedback(done, td, say_really, [("tda.py", text)], printed)
            for done, text, printed in found
        },
    }
    shown = ""
    for name, html in pages.items():
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8", errors="backslashreplace")
        browser.open(path)
        assert browser.requests == [path.as_uri()], name
        assert browser.evaluate("document.querySelectorAll('pwned, [pwned], [onclick], [onerror]').length") == 0, name
        assert browser.evaluate("document.scripts.length") == (name == "class"), name
        assert browser.evaluate("document.title.length > 0 && document.querySelectorAll('main').length") == 1, name
        shown += browser.evaluate("document.body.innerText")
    assert shown.count("pwned>") > 10, "it is there, as text"
