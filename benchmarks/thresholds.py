"""Where may the ramps of td2's training checks lie? Accuracies of right and of broken solutions, side by side.

    python benchmarks/thresholds.py [--seeds 50] [--jobs 2] [--only WORD]

Each row is a way to solve td2, run on each accuracy check of assignments/td2/checks.py, with data and the student's
rng drawn anew for each seed; the smallest, the median and the largest accuracy over seeds and cases are printed.
A ramp must have all right solutions above `full`, and all networks that learn nothing below `none`.

Right: the reference and tests/independent/td2_loops.py, with weights drawn as people draw them. Broken: networks
untrained, trained uphill or on shuffled labels. The mistakes of mistakes.py are run with the seed of the
checks, as in grading: their spread is what chance would give or take where a ramp is partial.
"""

import argparse
import importlib.util
import os
import types
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "reference" / "backprop.py"
INDEPENDENT = ROOT / "tests" / "independent" / "td2_loops.py"
TD2 = ROOT / "assignments" / "td2"

Edit = tuple[str, str]

DRAW = "rng.normal(0.0, np.sqrt(2.0 / dim_in), size=(dim_out, dim_in))"
ZERO_BIAS = "self.b = np.zeros(dim_out)"
RIGHT: dict[str, list[Edit]] = {
    "reference: He, normal": [],
    "He, uniform": [(DRAW, "np.sqrt(6 / dim_in) * rng.uniform(-1, 1, size=(dim_out, dim_in))")],
    "Xavier, normal": [(DRAW, "rng.normal(0, np.sqrt(2 / (dim_in + dim_out)), size=(dim_out, dim_in))")],
    "1/sqrt(n), normal": [(DRAW, "rng.normal(size=(dim_out, dim_in)) / np.sqrt(dim_in)")],
    "1/sqrt(n), uniform, b too": [
        (DRAW, "rng.uniform(-1, 1, size=(dim_out, dim_in)) / np.sqrt(dim_in)"),
        (ZERO_BIAS, "self.b = rng.uniform(-1, 1, size=dim_out) / np.sqrt(dim_in)"),
    ],
    "normal, 0.01": [(DRAW, "0.01 * rng.normal(size=(dim_out, dim_in))")],
    "normal, 0.1": [(DRAW, "0.1 * rng.normal(size=(dim_out, dim_in))")],
    "normal, 1": [(DRAW, "rng.normal(size=(dim_out, dim_in))")],
    "uniform in [0, 0.1)": [(DRAW, "0.1 * rng.random(size=(dim_out, dim_in))")],
    "float32": [
        (DRAW, f"{DRAW}.astype(np.float32)"),
        (ZERO_BIAS, "self.b = np.zeros(dim_out, np.float32)"),
        ("self.x = x\n        outputs: np.ndarray = x @", "self.x = x = x.astype(np.float32)\n        outputs = x @"),
    ],
}
BROKEN: dict[str, list[Edit]] = {
    "untrained: no step": [("            model.step(lr)\n", "")],
    "uphill": [("self.W - lr * self.grad_W", "self.W + lr * self.grad_W"), ("self.b - lr *", "self.b + lr *")],
    "shuffled labels": [("y[batch])", "rng.permutation(y)[: len(batch)])")],
}


def module_of(path: Path, edits: list[Edit]) -> types.ModuleType:
    """The module in this file, each edit's first string, which occurs once, replaced by its second."""
    source = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert source.count(old) == 1, f"{path}: {source.count(old)} times {old!r}"
        source = source.replace(old, new)
    module = types.ModuleType(path.stem)
    exec(compile(source, str(path), "exec"), vars(module))
    return module


@cache
def course_file(name: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(f"td2_{name}", TD2 / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def training_checks() -> list[Any]:
    declared = [value for value in vars(course_file("checks")).values() if hasattr(value, "compare")]
    return [check for check in declared if check.compare.spec["kind"] == "accuracy"]


def accuracies(path: Path, edits: list[Edit], seed: int, own_seed: bool) -> dict[str, list[float]]:
    """Accuracy in each case of each training check, at one draw; -1 where the code fails.

    `own_seed`: the student's rng has this seed as well; else the seed that the check gives.
    """
    td = module_of(path, edits)
    found: dict[str, list[float]] = {}
    for check in training_checks():
        for values in check.cases(np.random.default_rng([2, seed])).values():
            arguments = {name: values[name] for name in check.parameters}
            if own_seed:
                arguments["seed"] = seed
            try:
                with warnings.catch_warnings(), np.errstate(all="ignore"):
                    warnings.simplefilter("ignore")
                    right = float(np.mean(check.probe(td, **arguments) == values[check.compare.spec["labels"]]))
            except (ValueError, IndexError, TypeError):
                right = -1.0
            found.setdefault(check.id, []).append(right)
    return found


def rows(only: str) -> Iterator[tuple[str, Path, list[Edit], bool]]:
    """(name, file, edits, whether the student's rng differs from seed to seed)."""
    named: list[tuple[str, Path, list[Edit], bool]] = [
        *((f"right | {name}", REFERENCE, edits, True) for name, edits in RIGHT.items()),
        ("right | independent, in loops", INDEPENDENT, [], True),
        *((f"broken | {name}", REFERENCE, edits, True) for name, edits in BROKEN.items()),
        *(
            (f"mistake | {mistake.id}", REFERENCE, [(mistake.old, mistake.new)], False)
            for mistake in course_file("mistakes").MISTAKES
        ),
    ]
    return (row for row in named if only in row[0])


def table(seeds: int, jobs: int, only: str, say: Callable[[str], None]) -> None:
    checks = training_checks()
    say(" " * 50 + "".join(f"{check.id:>26}" for check in checks))
    ramps = (f"{check.compare.spec['none']:g} → {check.compare.spec['full']:g}" for check in checks)
    say(f"{f'ramps; {seeds} seeds: min median max':50}" + "".join(f"{ramp:>26}" for ramp in ramps))
    with ProcessPoolExecutor(jobs) as pool:
        for name, path, edits, own_seed in rows(only):
            found = list(
                pool.map(accuracies, *zip(*[(path, edits, seed, own_seed) for seed in range(seeds)], strict=True))
            )
            line = f"{name:50}"
            for check in checks:
                all_of = np.array([one[check.id] for one in found])
                line += f"{f'{all_of.min():.3f} {np.median(all_of):.3f} {all_of.max():.3f}':>26}"
            say(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default="", help="rows whose name contains this: right, broken, mistake, …")
    options = parser.parse_args()
    table(options.seeds, options.jobs, options.only, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
