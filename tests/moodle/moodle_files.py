"""Where the files of a real Moodle lie (`real/README.md` says what each is), and the worksheets as it gave them."""

from __future__ import annotations

from pathlib import Path

REAL = Path(__file__).parent / "real"
# Those that were filled in and taken back are not as Moodle gave them.
WORKSHEETS = sorted(path for path in REAL.glob("*-worksheet-??.csv") if "accepted" not in path.name)
