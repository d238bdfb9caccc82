"""What scikit-learn and scipy answer (`make_scipy_other_learning.py`), for all that td9's reference is made of."""

import json
from pathlib import Path

MADE = json.loads((Path(__file__).parent / "scipy_other_learning.json").read_text(encoding="utf-8"))
