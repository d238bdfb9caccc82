"""What scikit-learn and scipy answer (`make_sklearn_unsupervised.py`), for clustering, decomposition and t-SNE."""

import json
from pathlib import Path

MADE = json.loads((Path(__file__).parent / "sklearn_unsupervised.json").read_text(encoding="utf-8"))
