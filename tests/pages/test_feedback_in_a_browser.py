"""A feedback page in a real browser: nothing is asked of the network, nothing runs, and it fits a telephone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.contract import Answer, Case, Check, Note
from grader.pages import feedback
from grader.pages.tried import Tried, asked
from student_template.runner import codec
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.pages_samples import ATTACKS, E, W, assignment, one, report, say, verdict

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]
X = np.linspace(-3, 3, 30)
SOURCE = [
    ("td2.py", "def f(x):\n    return x @ self.W\n" + "# long " * 60 + "\n"),
    *(("cell", text) for text in ATTACKS),
]
ALERT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


def tried(kind: str, got: object, want: object, **values: object) -> Tried:
    names = tuple(name for name in values if name != "y")
    check = Check("c", "1", 1.0, "s", {"kind": kind, "rtol": 1e-4, "atol": 0.0, "labels": "y"}, names)
    return Tried(asked(check, Case("one", values), "return td.f(x)", want), Answer(value=codec.encode(got)))


def page() -> str:
    trace = {"trace": [{"label": "", "line": 2}], "text": ALERT}
    labels = np.arange(40) % 10
    verdicts = (
        verdict(0, W, message=Note("hostile", trace)),
        verdict(1, W, message=Note("hostile", trace)),
        verdict(2, E, message=Note("hostile", {"text": ALERT})),
        verdict(6, W, message=Note("hostile", {"text": ALERT})),
    )
    shown = {
        verdicts[0].id: tried("close", {"<b>": ALERT}, 1.0, x=np.ones((6, 6))),
        verdicts[2].id: tried("close", X**3, X**2, x=X),
        verdicts[3].id: tried("accuracy", (labels + 1) % 10, None, X=np.eye(64)[:40], y=labels),
    }
    of = replace(report("1", ALERT, *(v.outcome for v in verdicts)), verdicts=verdicts, notes=one().notes, team=ALERT)
    return feedback(of, assignment(), say, SOURCE, ALERT, tried=shown)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("browser")
    (folder / "page.html").write_text(page(), encoding="utf-8")
    with Browser(folder) as opened:
        opened.page = folder / "page.html"  # type: ignore[attr-defined]
        yield opened


@pytest.mark.parametrize("width", [360, 1200])
def test_a_page_asks_for_nothing_and_runs_nothing(browser: Browser, width: int) -> None:
    path: Path = browser.page  # type: ignore[attr-defined]
    browser.open(path, width=width, height=800)
    assert browser.console == []
    assert browser.evaluate("performance.getEntriesByType('resource').length") == 0
    assert "run" not in browser.evaluate("document.title").split()
    assert browser.evaluate("document.querySelectorAll('main img, main script, main b > b').length") == 0
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate("document.querySelectorAll('svg.picture').length") == 1
    assert browser.evaluate("document.querySelectorAll('.misread svg').length") == 12
    assert browser.evaluate("document.querySelector('mark').textContent.trim()") == "return x @ self.W"


def test_what_is_folded_away_opens_where_a_link_leads(browser: Browser) -> None:
    browser.open(browser.page)  # type: ignore[attr-defined]
    assert browser.evaluate("document.querySelector('details.inside').open") is False
    browser.evaluate("location.hash = document.querySelector('details.inside article').id")
    browser.until("document.querySelector('details.inside').open")


def test_colours_of_a_picture_are_the_pages(browser: Browser) -> None:
    browser.open(browser.page)  # type: ignore[attr-defined]
    for value, ink in (("light", "rgb(168, 42, 34)"), ("dark", "rgb(242, 146, 136)")):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])
        strokes = "[...document.querySelectorAll('.picture path')].map(p => getComputedStyle(p).stroke)"
        assert ink in browser.evaluate(strokes)
