"""The autodiff of the reference beside numpy by hand, HIPS autograd and torch, in one run.

    python benchmarks/autodiff.py [--rounds 300] [--peers DIR]

Two things are timed, in float64 and on one thread, in shuffled order, each after a warm-up of its own:

  * a training step of a network 64-128-64-10 with ReLU and softmax cross-entropy on 64 samples: forward, backward, and
    the weights updated. Ratios to backpropagation written by hand in numpy.
  * the sixth derivative of tanh at 200 points, by six nested derivatives. Ratios to torch's.

torch and autograd are installed the first time in a virtual environment of their own; this script then runs there,
since nothing but numpy is needed of surdix. Where they cannot be had, they are left out, and that is said.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from reference import autodiff as ad

SIZES, BATCH, RATE = (64, 128, 64, 10), 64, 0.1
POINTS = np.linspace(-3.0, 3.0, 200)
Way = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--peers", type=Path, default=Path.home() / ".cache" / "surdix" / "peers" / "autodiff")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.here and (python := environment(arguments.peers)):
        sys.exit(subprocess.call([python, __file__, "--here", "--rounds", str(arguments.rounds)]))
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(a, b)) / np.sqrt(a) for a, b in itertools.pairwise(SIZES)]
    biases = [np.zeros(b) for b in SIZES[1:]]
    x, labels = rng.normal(size=(BATCH, SIZES[0])), rng.integers(SIZES[-1], size=BATCH)
    steps: dict[str, Way] = {
        "numpy by hand": by_hand(weights, biases, x, labels),
        "reference": with_reference(weights, biases, x, labels),
    }
    sixths: dict[str, Way] = {"reference": sixth_of_reference()}
    for peer in (with_autograd, with_torch):
        try:
            name, step, sixth = peer(weights, biases, x, labels)
        except ImportError as missing:
            print(f"{missing.name} is not here: left out")
            continue
        steps[name], sixths[name] = step, sixth
    report("a training step", steps, arguments.rounds, "numpy by hand", "reference", 1.25)
    report("the sixth derivative of tanh", sixths, arguments.rounds, "torch", "reference", 0.7)


def environment(folder: Path) -> str:
    """The Python of a virtual environment with torch and autograd; "" where they cannot be installed."""
    python = folder / "bin" / "python"
    if not (folder / ".installed").exists():
        print(f"installing torch and autograd in {folder} …", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        wanted = [f"numpy=={np.__version__}", "torch", "autograd", "scipy"]
        if subprocess.call([str(python), "-m", "pip", "install", "--quiet", *wanted]) != 0:
            return ""
        (folder / ".installed").touch()
    return str(python)


def by_hand(weights: list, biases: list, x: np.ndarray, labels: np.ndarray) -> Way:
    weights, biases = [w.copy() for w in weights], [b.copy() for b in biases]
    rows = np.arange(len(labels))

    def step() -> float:
        inputs, h = [], x
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
            inputs.append(h)
            h = h @ w + b
            if layer < len(weights) - 1:
                h = np.maximum(h, 0.0)
        shifted = h - h.max(axis=1, keepdims=True)
        powers = np.exp(shifted)
        sums = powers.sum(axis=1, keepdims=True)
        loss = np.mean(np.log(sums[:, 0]) - shifted[rows, labels])
        g = powers / sums
        g[rows, labels] -= 1.0
        g /= len(labels)
        for layer in reversed(range(len(weights))):
            w, h = weights[layer], inputs[layer]
            down = g @ w.T if layer else None
            weights[layer] = w - RATE * (h.T @ g)
            biases[layer] = biases[layer] - RATE * g.sum(axis=0)
            if layer:
                g = down * (h > 0)
        return float(loss)

    return step


def with_reference(weights: list, biases: list, x: np.ndarray, labels: np.ndarray) -> Way:
    weights, biases = [ad.Tensor(w) for w in weights], [ad.Tensor(b) for b in biases]

    def step() -> float:
        h = x
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
            h = ad.affine(h, w, b)
            if layer < len(weights) - 1:
                h = ad.relu(h)
        loss = ad.cross_entropy(h, labels)
        loss.backward()
        for parameter in (*weights, *biases):
            parameter.data -= RATE * parameter.grad
            parameter.grad = None
        return float(loss.data)

    return step


def sixth_of_reference() -> Way:
    f = ad.tanh
    for _ in range(6):
        f = ad.elementwise_grad(f)
    return lambda: f(POINTS).data


def with_autograd(weights: list, biases: list, x: np.ndarray, labels: np.ndarray) -> tuple[str, Way, Way]:
    import autograd
    import autograd.numpy as anp
    from autograd.scipy.special import logsumexp

    parameters = [w.copy() for w in weights], [b.copy() for b in biases]
    rows = np.arange(len(labels))

    def loss(parameters: tuple) -> float:
        h = x
        for layer, (w, b) in enumerate(zip(*parameters, strict=True)):
            h = anp.dot(h, w) + b
            if layer < len(weights) - 1:
                h = anp.maximum(h, 0.0)
        return anp.mean(logsumexp(h, axis=1) - h[rows, labels])

    gradient = autograd.grad(loss)

    def step() -> None:
        for values, slopes in zip(parameters, gradient(parameters), strict=True):
            for value, slope in zip(values, slopes, strict=True):
                value -= RATE * slope

    f = anp.tanh
    for _ in range(6):
        f = autograd.elementwise_grad(f)
    return "autograd", step, lambda: f(POINTS)


def with_torch(weights: list, biases: list, x: np.ndarray, labels: np.ndarray) -> tuple[str, Way, Way]:
    import torch

    torch.set_num_threads(1)
    weights = [torch.tensor(w, requires_grad=True) for w in weights]
    biases = [torch.tensor(b, requires_grad=True) for b in biases]
    x, labels, points = torch.tensor(x), torch.tensor(labels), torch.tensor(POINTS, requires_grad=True)

    def step() -> float:
        h = x
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
            h = h @ w + b
            if layer < len(weights) - 1:
                h = torch.relu(h)
        loss = torch.nn.functional.cross_entropy(h, labels)
        loss.backward()
        with torch.no_grad():
            for parameter in (*weights, *biases):
                parameter -= RATE * parameter.grad
                parameter.grad = None
        return loss.item()

    def sixth() -> object:
        y = torch.tanh(points)
        for order in range(6):
            (y,) = torch.autograd.grad(y.sum(), points, create_graph=order < 5)
        return y.numpy()

    return "torch", step, sixth


def report(what: str, ways: dict[str, Way], rounds: int, base: str, ours: str, most: float) -> None:
    """Time all ways in shuffled order and print medians, and ratios to `base`."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            ways[name]()  # warm caches: what came before was another library's
            started = time.perf_counter()
            ways[name]()
            times[name].append(1e6 * (time.perf_counter() - started))
    middle = {name: statistics.median(values) for name, values in times.items()}
    print(f"{what}: {rounds} rounds, shuffled; median (quartiles) in microseconds")
    for name, value in middle.items():
        low, _, high = statistics.quantiles(times[name], n=4)
        ratio = f"   {value / middle[base]:5.2f} times {base}" if base in middle else ""
        print(f"  {name:<14} {value:9.1f}  ({low:.1f} to {high:.1f}){ratio}")
    if base in middle:
        ratio = middle[ours] / middle[base]
        print(f"  at most {most} times {base}: {'met' if ratio <= most else 'NOT met'} ({ratio:.2f})")


if __name__ == "__main__":
    main()
