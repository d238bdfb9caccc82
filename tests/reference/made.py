"""What other libraries answer: each file beside this one was written by the `make_*.py` of its name."""

import json
from pathlib import Path
from typing import Any


def made(name: str) -> Any:
    """What `make_{name}.py` wrote, as lists and numbers."""
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
