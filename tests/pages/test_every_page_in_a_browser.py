"""Every kind of page in a real browser: it loads nothing, fails nowhere, fits a phone, and can be used by all."""

from __future__ import annotations

import pytest

from tests.pages import axe
from tests.pages.browser import CHROMIUM, Browser
from tests.pages.every_page import pages
from tests.pages.pages_samples import everything

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]
PAGES = {language: {**pages(language), "feedback with everything": everything(language)} for language in ("en", "fr")}
KINDS = list(PAGES["en"])


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def opened(browser, tmp_path):
    def show(html, **how):
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        browser.console.clear()
        browser.open(path, **how)
        return browser, path.as_uri()

    return show


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_asks_for_nothing_and_nothing_fails(opened, kind, language):
    browser, address = opened(PAGES[language][kind])
    assert browser.evaluate("document.querySelector('h1').textContent.length") > 3
    assert browser.console == [] and browser.requests == [address]


def test_the_sensors_work(opened):
    page = PAGES["en"]["feedback"]
    browser, address = opened(page.replace("<main", "<script>document.title = 'x'</script><main", 1))
    assert "Content Security Policy" in str(browser.console) and browser.evaluate("document.title") != "x"
    browser, address = opened("<img src='other.png'>")
    assert len(browser.requests) == 2 and browser.requests[0] == address


@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_a_phone(opened, kind):
    for language in PAGES:
        browser, _ = opened(PAGES[language][kind], width=360, height=700)
        assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), language


@pytest.mark.skipif(axe.SOURCE is None, reason="no axe-core: pip install -e '.[dev]'")
@pytest.mark.parametrize("width", [1200, 360])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(opened, browser, kind, dark, width):
    browser.media(dark=dark)
    try:
        opened(PAGES["en"][kind], width=width)
        assert axe.violations(browser) == []
    finally:
        browser.media()


@pytest.mark.skipif(axe.SOURCE is None, reason="no axe-core: pip install -e '.[dev]'")
def test_axe_finds_what_is_wrong(opened):
    browser, _ = opened("<html lang='en'><title>x</title><main><h1>x</h1><input><p style='color:#ccc'>faint")
    assert {found.partition(":")[0] for found in axe.violations(browser)} >= {"label", "color-contrast"}
