"""What torch answers (`make_torch_attention.py`), for attention, transformer and language, as arrays."""

from typing import Any

import numpy as np

from tests.reference.made import made


def arrays(tree: Any) -> Any:
    return {key: arrays(value) for key, value in tree.items()} if isinstance(tree, dict) else np.array(tree)


MADE = arrays(made("torch_attention"))
