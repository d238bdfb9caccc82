"""What torch answers (`make_torch_attention.py`), for attention, transformer and language, as arrays."""

import json
from pathlib import Path
from typing import Any

import numpy as np


def arrays(tree: Any) -> Any:
    return {key: arrays(value) for key, value in tree.items()} if isinstance(tree, dict) else np.array(tree)


MADE = arrays(json.loads((Path(__file__).parent / "torch_attention.json").read_text(encoding="utf-8")))
