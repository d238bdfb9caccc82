"""reference.dynamic_programming: values against linear programming, policies against walks, grids against counting."""

from typing import Any

import numpy as np
import pytest

from reference.dynamic_programming import (
    bellman_operator,
    draw_policy,
    greedy_policy,
    grid_world,
    policy_evaluation,
    q_values,
    slippery,
    value_iteration,
)
from tests.reference.made import made

MADE = made("scipy_other_learning")
MDP = MADE["mdp"]
P, R, TERMINAL = np.array(MDP["P"]), np.array(MDP["R"]), np.array(MDP["terminal"])
V = np.array([1.0, -2.0, 3.0, 0.5, np.inf, -1.0])  # state 4 is terminal
GRID = ["..#G", ".##.", "...."]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestBellman:
    def test_sums_by_hand(self) -> None:
        found = q_values(V, P, R, 0.9, TERMINAL)
        for s, a in np.ndindex(6, 3):
            future = sum(P[s, a, t] * V[t] for t in range(6) if t != 4)
            assert found[s, a] == pytest.approx(0.0 if s == 4 else R[s, a] + 0.9 * future, rel=1e-12)
        np.testing.assert_array_equal(bellman_operator(V, P, R, 0.9, TERMINAL), found.max(axis=1))

    def test_brings_values_together(self) -> None:
        one, other = rng().normal(size=(2, 6))
        gap = bellman_operator(one, P, R, 0.7, TERMINAL) - bellman_operator(other, P, R, 0.7, TERMINAL)
        assert np.max(np.abs(gap)) <= 0.7 * np.max(np.abs(one - other))

    @pytest.mark.parametrize(
        "shapes",
        [
            ((4,), (5, 3, 5), (5, 3), (5,)),
            ((5,), (5, 3, 4), (5, 3), (5,)),
            ((5,), (3, 5, 5), (5, 3), (5,)),
            ((5,), (5, 3, 5), (5, 2), (5,)),
            ((5,), (5, 3, 5), (5,), (5,)),
            ((5,), (5, 3, 5), (5, 3), (4,)),
            ((5,), (4, 3, 5), (4, 3), (5,)),
        ],
    )
    def test_refuses_other_shapes(self, shapes: Any) -> None:
        v, p, r, terminal = (np.zeros(shape) for shape in shapes)
        with pytest.raises(ValueError, match="terminal"):
            q_values(v, p, r, 0.5, terminal.astype(bool))

    @pytest.mark.parametrize("gamma", [-0.1, 1.1])
    def test_refuses_discounts(self, gamma: float) -> None:
        with pytest.raises(ValueError, match="a discount"):
            q_values(V, P, R, gamma, TERMINAL)


class TestBestValues:
    def test_linear_programmings(self) -> None:
        found = value_iteration(P, R, 0.9, TERMINAL)
        np.testing.assert_allclose(found, MDP["V"], rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(bellman_operator(found, P, R, 0.9, TERMINAL), found, atol=1e-10)

    def test_ends_at_the_first_move_within_tol_and_returns_what_came_of_it(self) -> None:
        v = np.zeros(6)
        moves = []
        while not moves or moves[-1] > 0.05:
            before, v = v, bellman_operator(v, P, R, 0.9, TERMINAL)
            moves.append(np.max(np.abs(v - before)))
        np.testing.assert_array_equal(value_iteration(P, R, 0.9, TERMINAL, 0.05), v)
        np.testing.assert_array_equal(value_iteration(P, R, 0.9, TERMINAL, moves[-1]), v)

    def test_without_discount_it_counts_moves(self) -> None:
        next_state, reward, terminal = grid_world(GRID)
        found = value_iteration(slippery(next_state, 0.0), reward, 1.0, terminal).reshape(3, 4)
        assert found[np.array([list(row) for row in GRID]) != "#"].tolist() == [-7, -8, 0, -6, -1, -5, -4, -3, -2]


class TestPolicies:
    def test_the_smallest_action_within_rounding(self) -> None:
        Q = np.array([[1.0, 1.0 + 1e-12, 0.0], [0.0, 1.0, 1.0], [-3.0, -2.0, -1.0], [0.0, 0.0, 1e-8]])
        assert greedy_policy(Q).tolist() == [0, 1, 2, 2]

    def test_the_greedy_policy_of_the_best_values_has_them(self) -> None:
        best = value_iteration(P, R, 0.9, TERMINAL)
        policy = np.eye(3)[greedy_policy(q_values(best, P, R, 0.9, TERMINAL))]
        np.testing.assert_allclose(policy_evaluation(policy, P, R, 0.9, TERMINAL), best, atol=1e-8)

    @pytest.mark.parametrize("gamma", [0.0, 0.6, 1.0])
    def test_is_where_the_expected_updates_end(self, gamma: float) -> None:
        policy = rng().dirichlet(np.ones(3), size=6)
        v = np.zeros(6)
        for _ in range(3000):
            v = np.sum(policy * q_values(v, P, R, gamma, TERMINAL), axis=1)
        np.testing.assert_allclose(policy_evaluation(policy, P, R, gamma, TERMINAL), v, rtol=1e-9, atol=1e-9)

    def test_a_walk_by_chance_takes_the_square_of_the_way(self) -> None:
        """Left or right, from cell k of n + 1 with the goals at both ends: k (n - k) moves on average."""
        next_state, reward, terminal = grid_world(["G.....G"])
        policy = np.tile([0.0, 0.5, 0.0, 0.5], (7, 1))
        found = policy_evaluation(policy, slippery(next_state, 0.0), reward, 1.0, terminal)
        np.testing.assert_allclose(found, [-k * (6 - k) for k in range(7)], atol=1e-12)

    @pytest.mark.parametrize("shape", [(6,), (3, 6), (6, 2)])
    def test_refuses(self, shape: Any) -> None:
        with pytest.raises(ValueError, match="a policy of shape"):
            policy_evaluation(np.ones(shape), P, R, 0.9, TERMINAL)


class TestGrid:
    def test_tables(self) -> None:
        next_state, reward, terminal = grid_world(GRID)
        assert next_state[0].tolist() == [0, 1, 4, 0]
        assert next_state[7].tolist() == [3, 7, 11, 7]
        assert np.flatnonzero(terminal).tolist() == [3]
        assert np.all(reward == -1)

    def test_slippery_is_a_mean(self) -> None:
        next_state, _, _ = grid_world(GRID)
        found = slippery(next_state, 0.2)
        np.testing.assert_allclose(found.sum(axis=2), 1.0)
        assert found[4, 0, 0] == pytest.approx(0.85)
        assert found[4, 0, 8] == pytest.approx(0.05)
        assert found[4, 0, 4] == pytest.approx(0.1)

    def test_picture(self) -> None:
        from matplotlib.figure import Figure

        ax = Figure().subplots()
        draw_policy(ax, GRID, np.zeros(12), np.arange(12) % 4)
        assert [text.get_text() for text in ax.texts] == list("↑→G↑←↑→↓←")
