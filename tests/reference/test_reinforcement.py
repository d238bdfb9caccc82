"""reference.reinforcement: scipy's returns and softmax, the policy gradient over all episodes, and shortest paths."""

import itertools

import numpy as np
import pytest

from reference.dynamic_programming import grid_world, q_values, slippery, value_iteration
from reference.reinforcement import (
    discounted_returns,
    epsilon_greedy,
    q_learning,
    q_learning_update,
    reinforce_gradient,
    softmax_policy,
)
from tests.reference.differences import differences
from tests.reference.made import made

MADE = made("scipy_other_learning")


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestReturns:
    def test_scipys_filter(self) -> None:
        made = MADE["returns"]
        np.testing.assert_allclose(discounted_returns(np.array(made["rewards"]), 0.8), made["G"], rtol=1e-12)

    def test_by_hand(self) -> None:
        assert discounted_returns(np.array([1, 2, 4]), 0.5).tolist() == [3.0, 4.0, 4.0]
        assert discounted_returns(np.array([]), 0.5).shape == (0,)


class TestUpdate:
    Q = np.array([[1.0, 2.0], [5.0, 3.0]])

    def test_moves_one_entry_towards_the_best_that_follows(self) -> None:
        found = q_learning_update(self.Q, 0, 1, 4.0, 1, False, 0.5, 0.8)
        assert found.tolist() == [[1.0, 5.0], [5.0, 3.0]]
        assert self.Q.tolist() == [[1.0, 2.0], [5.0, 3.0]]

    def test_nothing_follows_the_end(self) -> None:
        assert q_learning_update(self.Q, 0, 1, 4.0, 1, True, 0.5, 0.8).tolist() == [[1.0, 3.0], [5.0, 3.0]]


class TestEpsilonGreedy:
    def test_draws_as_agreed(self) -> None:
        q = np.array([0.0, 3.0, 3.0, 1.0])
        for seed in range(50):
            mine, theirs = rng(seed), rng(seed)
            expected = int(theirs.integers(4)) if theirs.random() < 0.4 else 1
            assert epsilon_greedy(q, 0.4, mine) == expected
            assert mine.random() == theirs.random()

    @pytest.mark.parametrize("epsilon", [-0.01, 1.01])
    def test_refuses(self, epsilon: float) -> None:
        with pytest.raises(ValueError, match="a probability"):
            epsilon_greedy(np.zeros(3), epsilon, rng())


class TestPolicyGradient:
    def test_softmax_is_scipys_at_hundreds(self) -> None:
        made = MADE["softmax"]
        np.testing.assert_allclose(softmax_policy(np.array(made["theta"])), made["policy"], rtol=1e-12)
        assert np.all(np.isfinite(softmax_policy(np.array([[1e6, -1e6, 0.0]]))))

    @pytest.mark.parametrize("baseline", [0.0, 1.3])
    def test_central_differences_of_log_probabilities(self, baseline: float) -> None:
        theta = rng().normal(size=(3, 4))
        states, actions, rewards = np.array([0, 2, 0, 1]), np.array([3, 1, 3, 0]), rng(1).normal(size=4)

        def surrogate(theta: np.ndarray) -> float:
            logs = np.log(softmax_policy(theta))[states, actions]
            return float(np.sum(0.7 ** np.arange(4) * (discounted_returns(rewards, 0.7) - baseline) * logs))

        found = reinforce_gradient(theta, states, actions, rewards, 0.7, baseline)
        np.testing.assert_allclose(found, differences(surrogate, theta), rtol=1e-7, atol=1e-9)

    @pytest.mark.parametrize("baseline", [0.0, -2.0])
    def test_its_mean_over_all_episodes_is_the_gradient_of_their_worth(self, baseline: float) -> None:
        """Three moves in a world of two states: eight episodes, each with its probability."""
        next_state, reward = np.array([[1, 0], [0, 1]]), np.array([[1.0, -0.5], [2.0, 0.3]])

        def episodes(theta: np.ndarray) -> list[tuple[float, list[int], tuple[int, ...], np.ndarray]]:
            found = []
            for actions in itertools.product(range(2), repeat=3):
                states = [0]
                for action in actions:
                    states.append(int(next_state[states[-1], action]))
                likely = float(np.prod(softmax_policy(theta)[states[:3], actions]))
                found.append((likely, states[:3], actions, reward[states[:3], actions]))
            return found

        def worth(theta: np.ndarray) -> float:
            return sum(p * discounted_returns(rewards, 0.9)[0] for p, _, _, rewards in episodes(theta))

        theta = rng().normal(size=(2, 2))
        mean = sum(
            p * reinforce_gradient(theta, np.array(states), np.array(actions), rewards, 0.9, baseline)
            for p, states, actions, rewards in episodes(theta)
        )
        np.testing.assert_allclose(mean, differences(worth, theta), rtol=1e-7, atol=1e-9)


class TestQLearning:
    def test_one_action_leaves_nothing_to_chance(self) -> None:
        """Three cells in a row, α = 1/2: what the goal pays comes back one cell an episode."""
        next_state, reward, terminal = np.array([[1], [2], [2]]), np.array([[0.0], [8.0], [99.0]]), np.arange(3) == 2
        found = [
            q_learning(next_state, reward, terminal, 0, n, 0.5, 1.0, 0.1, rng()).ravel().tolist() for n in range(4)
        ]
        assert found == [[0, 0, 0], [0, 4, 0], [2, 6, 0], [4, 7, 0]]

    def test_walks_that_never_end_are_cut(self) -> None:
        next_state, reward, terminal = np.array([[1], [0]]), np.ones((2, 1)), np.zeros(2, dtype=bool)
        assert q_learning(next_state, reward, terminal, 0, 2, 1.0, 1.0, 0.1, rng(), 3).ravel().tolist() == [5.0, 4.0]

    @pytest.mark.parametrize("seed", range(5))
    def test_finds_the_values_of_the_shortest_path(self, seed: int) -> None:
        next_state, reward, terminal = grid_world([".#...", "..#..", ".....", ".##.#", "...G."])
        Q = q_learning(next_state, reward, terminal, 0, 200, 0.5, 1.0, 0.2, rng(seed))
        best = value_iteration(slippery(next_state, 0.0), reward, 0.999, terminal)
        s, moves = 0, 0
        while not terminal[s] and moves < 25:
            s, moves = next_state[s, np.argmax(Q[s])], moves + 1
        assert moves == 7
        assert Q[0].max() == pytest.approx(-7, abs=1e-3)
        assert q_values(best, slippery(next_state, 0.0), reward, 0.999, terminal)[0].max() == pytest.approx(
            -7, abs=0.03
        )
