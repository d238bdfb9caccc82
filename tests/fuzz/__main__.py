"""`make fuzz`: every target with new seeds for a time of CPU, and how much was tried.

What hypothesis found worth keeping stays in `.hypothesis/`, so that the next run begins with it. A target that fails
prints its smallest example, and the others go on.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
import warnings
from pathlib import Path

os.environ.setdefault("FUZZ", "60")  # minutes; before the targets are imported, which ask for it

from tests.fuzz import harness


def main() -> int:
    """1 where a target failed."""
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "Generating overly large repr")
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        importlib.import_module(f"tests.fuzz.{path.stem}")
    share = 60 * float(os.environ["FUZZ"]) / len(harness.TARGETS)
    failed = 0
    for target in harness.TARGETS:
        before, start = harness.tried.copy(), harness.clock()
        try:
            while harness.clock() - start < share:
                target()
        except Exception:
            failed += 1
            traceback.print_exc()
        (name,) = harness.tried - before or ("nothing",)
        count, seconds = harness.tried[name] - before[name], harness.clock() - start
        print(f"{name:<12} {count:>9,} examples in {seconds:5.0f} s of CPU  {target.__name__}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
