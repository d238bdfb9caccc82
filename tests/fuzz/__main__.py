"""`make fuzz`: every target with new seeds for a time of CPU, or until Ctrl-C, and how much was tried.

What hypothesis found worth keeping stays in `.hypothesis/`, so that the next run begins with it. A target that fails
prints its smallest example, and the others go on.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("FUZZ", "60")  # minutes; before the targets are imported, which ask for it

from tests.fuzz import harness


def main() -> int:
    """1 where a target failed."""
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "Generating overly large repr")
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        importlib.import_module(f"tests.fuzz.{path.stem}")
    spent = dict.fromkeys(harness.TARGETS, 0.0)
    tried: Counter[Callable[[], None]] = Counter()
    failed: set[Callable[[], None]] = set()
    with suppress(KeyboardInterrupt):
        while sum(spent.values()) < 60 * float(os.environ["FUZZ"]) and len(failed) < len(spent):
            # The one that has had least, so that all have had their share whenever it ends.
            target = min(spent.keys() - failed, key=lambda one: spent[one])
            start, before = time.process_time(), harness.tried.total()
            try:
                target()
            except Exception:
                failed.add(target)
                traceback.print_exc()
            spent[target] += time.process_time() - start
            tried[target] += harness.tried.total() - before
    for target, seconds in spent.items():
        word = "FAILED" if target in failed else "ok"
        print(f"{word:6} {tried[target]:>9,} examples in {seconds:5.0f} s of CPU: {target.__name__}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
