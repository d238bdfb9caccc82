"""Pictures of every kind of page: light, dark, and on a phone.

python -m tests.pages.screenshots FOLDER
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.pages.browser import CHROMIUM, Browser
from tests.pages.every_page import pages

VIEWS = {"": (1200, False), "-dark": (1200, True), "-phone": (360, False)}


def main(folder: Path) -> None:
    if CHROMIUM is None:
        sys.exit("screenshots: there is no Chromium on this machine: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    # A browser that has ended may still be clearing its profile away.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, Browser(Path(scratch)) as browser:
        for kind, html in pages().items():
            page = Path(scratch) / f"{kind}.html"
            page.write_text(html, encoding="utf-8")
            for view, (width, dark) in VIEWS.items():
                browser.media(dark=dark)
                browser.open(page, width=width)
                picture = folder / f"{kind}{view}.png"
                browser.screenshot(picture)
                print(picture)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.pages.screenshots FOLDER")
    main(Path(sys.argv[1]))
