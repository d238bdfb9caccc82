"""A feedback page in a real browser: nothing is asked of the network, nothing runs, and it fits a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.browser import CHROMIUM, Browser
from tests.pages.pages_samples import everything

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("browser")
    (folder / "page.html").write_text(everything(), encoding="utf-8")
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
