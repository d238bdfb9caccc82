"""Write torch_optim.json: where torch's optimisers take given arrays with given gradients, in float64.

Run once, in an environment of its own:

    python -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.13.0 numpy
    /tmp/torch/bin/python tests/reference/make_torch_optim.py

The tests read the file and need no torch. JSON keeps float64 exactly: Python writes the shortest decimal that reads
back as the same number.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

STEPS = 12
SHAPES: list[tuple[int, ...]] = [(3, 2), (2,), (2,), ()]
RUNS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.2}),
    ("SGD", {"lr": 0.05, "momentum": 0.9}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "nesterov": True}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": [0.8, 0.95]}),
    ("Adam", {"lr": 0.1, "eps": 0.3}),
    ("Adam", {"lr": 0.1, "betas": [0.0, 0.9], "weight_decay": 0.3}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.0}),
    ("AdamW", {"lr": 0.2, "betas": [0.7, 0.9], "eps": 1e-3, "weight_decay": 0.5}),
]


def main() -> None:
    rng = np.random.default_rng(4)
    runs = []
    for name, options in RUNS:
        start = [rng.normal(size=shape) for shape in SHAPES]
        grads = [[rng.normal(size=shape) for shape in SHAPES] for _ in range(STEPS)]
        params = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in start]
        optimizer = getattr(torch.optim, name)(params, **options)
        after = []
        for step in grads:
            for p, g in zip(params, step, strict=True):
                p.grad = torch.tensor(g, dtype=torch.float64)
            optimizer.step()
            after.append([p.detach().numpy().tolist() for p in params])
        runs.append(
            {
                "optimizer": name,
                "options": options,
                "start": [p.tolist() for p in start],
                "grads": [[np.asarray(g).tolist() for g in step] for step in grads],
                "after": after,
            }
        )
    written = {"torch": torch.__version__, "runs": runs}
    Path(__file__).with_name("torch_optim.json").write_text(json.dumps(written) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
