"""What torch answers (`make_torch_generating.py`), for adversarial networks, diffusion and mixtures."""

import json
from pathlib import Path

MADE = json.loads((Path(__file__).parent / "torch_generating.json").read_text(encoding="utf-8"))
