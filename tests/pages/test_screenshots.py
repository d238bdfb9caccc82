"""`make screenshots` leaves a picture of every kind of page."""

from __future__ import annotations

import struct

import pytest

from tests.pages import screenshots
from tests.pages.browser import CHROMIUM
from tests.pages.every_page import pages

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]


def test_every_kind_of_page_has_its_pictures(tmp_path, capsys):
    screenshots.main(tmp_path / "made" / "here")
    names = {path.name for path in (tmp_path / "made" / "here").iterdir()}
    assert names == {f"{kind}{view}.png" for kind in pages() for view in screenshots.VIEWS}
    assert len(capsys.readouterr().out.splitlines()) == len(names)
    for kind, (width, _) in (("report", (1200, 0)), ("report-phone", (360, 0)), ("jury-dark", (1200, 0))):
        data = (tmp_path / "made" / "here" / f"{kind}.png").read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 5000
        assert abs(struct.unpack(">I", data[16:20])[0] - width) <= 15, "as wide as the window, less a scrollbar"
