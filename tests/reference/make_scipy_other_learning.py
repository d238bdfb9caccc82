"""Make scipy_other_learning.json: what scikit-learn and scipy answer, for what td9's reference has of them.

    python tests/reference/make_scipy_other_learning.py

Values are written to 17 digits. It needs scikit-learn 1.9 and scipy 1.17, with others the last digits may differ.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.signal import lfilter
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial.distance import cdist
from scipy.special import log_expit, softmax
from sklearn.metrics import log_loss
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.semi_supervised import LabelSpreading

TARGET = Path(__file__).with_name("scipy_other_learning.json")


def main() -> None:
    rng = np.random.default_rng(9)
    X, y = rng.normal(size=(24, 3)), np.full(24, -1)
    y[:6] = [2, 0, 1, 1, 0, 2]
    made: dict[str, Any] = {"X": X, "y": y, "kernel": rbf_kernel(X, gamma=0.7)}
    spreading = LabelSpreading(kernel="rbf", gamma=0.7, alpha=0.8, max_iter=10000, tol=1e-14).fit(X, y)
    made["spread"] = spreading.label_distributions_  # each row divided by its sum
    made["self_training"] = y[rooted_at(np.flatnonzero(y >= 0), cdist(X, X))]

    w, X_p, X_u = rng.normal(size=3), rng.normal(size=(7, 3)) + 0.5, rng.normal(size=(11, 3))
    made["pu"] = {"w": w, "X_p": X_p, "X_u": X_u, "prior": 0.3, "risk": unbiased_risk(X_p @ w, X_u @ w, 0.3)}
    made["log_losses"] = -log_expit(np.array([-1000.0, -40.0, -1.0, 0.0, 1.0, 40.0, 1000.0]))

    P, R, terminal = rng.dirichlet(np.full(6, 0.4), size=(6, 3)), rng.normal(size=(6, 3)), np.arange(6) == 4
    made["mdp"] = {"P": P, "R": R, "gamma": 0.9, "terminal": terminal, "V": best_values(P, R, 0.9, terminal)}
    rewards, theta = rng.normal(size=12), 300 * rng.normal(size=(5, 4))
    made["returns"] = {"rewards": rewards, "gamma": 0.8, "G": lfilter([1.0], [1.0, -0.8], rewards[::-1])[::-1]}
    made["softmax"] = {"theta": theta, "policy": softmax(theta, axis=1)}
    TARGET.write_text(json.dumps(made, default=plain) + "\n", encoding="utf-8")


def rooted_at(given: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """The labelled point that each point hangs on in the shortest forest where every tree has just one of them."""
    n = len(distances)
    joined = np.zeros((n + 1, n + 1))
    joined[:n, :n] = distances
    joined[n, given] = 1e-6  # nearer than any two points; scipy takes 1e-9 for no edge
    tree = minimum_spanning_tree(joined).toarray()[:n, :n]
    parts = connected_components(tree, directed=False)[1]
    return np.array([next(root for root in given if parts[root] == part) for part in parts])


def unbiased_risk(g_p: np.ndarray, g_u: np.ndarray, prior: float) -> float:
    """By scikit-learn's mean log losses, of a positive's probability 1 / (1 + exp(-g))."""

    def mean_loss(g: np.ndarray, label: int) -> float:
        return float(log_loss(np.full(len(g), label), 1 / (1 + np.exp(-g)), labels=[0, 1]))

    return prior * mean_loss(g_p, 1) + mean_loss(g_u, 0) - prior * mean_loss(g_p, 0)


def best_values(P: np.ndarray, R: np.ndarray, gamma: float, terminal: np.ndarray) -> np.ndarray:
    """The smallest V with V >= R + γ P V for every action, by linear programming (Puterman, 1994, section 6.9)."""
    S, A = R.shape
    live = np.repeat(~terminal, A)
    slack = (gamma * P - np.eye(S)[:, None]).reshape(S * A, S)[live]
    bounds = [(0, 0) if ends else (None, None) for ends in terminal]
    return linprog(np.ones(S), A_ub=slack, b_ub=-R.ravel()[live], bounds=bounds).x


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, list) else np.asarray(value).tolist()


if __name__ == "__main__":
    main()
