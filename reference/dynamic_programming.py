"""Deciding in a world that is known: the best actions of a Markov decision process, by Bellman's equation.

There are S states and A actions. P (S, A, S) is where an action leads: P[s, a, t] is the probability of state t after
action a in state s. R (S, A) is the reward expected for it. terminal (S,) says in which states everything ends: their
value is 0, and what P and R have in their rows means nothing. A reward that comes k steps later counts γᵏ times,
0 <= γ <= 1.

R. Bellman, A Markovian decision process, 1957; the numbers of equations are those of R. Sutton and A. Barto,
Reinforcement learning: an introduction, second edition, 2018 (http://incompleteideas.net/book/the-book.html).

Arrays are float64, and no function changes one that it is given.
"""

from typing import Any

import numpy as np


def q_values(V: np.ndarray, P: np.ndarray, R: np.ndarray, gamma: float, terminal: np.ndarray) -> np.ndarray:
    """What each action is worth where V says what the state after it is worth: R + γ Σ_t P[s, a, t] V[t], equation 4.6.

    A terminal state after it is worth 0, whatever V says. V: shape (S,).
    Returns (S, A), 0 in the rows of terminal states.
    Raises ValueError unless P is (S, A, S), R (S, A), V and terminal (S,), and 0 <= gamma <= 1.
    """
    ### BEGIN SOLUTION
    S = len(V)
    if np.ndim(R) != 2 or np.shape(P) != (*np.shape(R), S) or len(R) != S or np.shape(terminal) != np.shape(V):
        raise ValueError(f"P {np.shape(P)}, R {np.shape(R)}, V {np.shape(V)}, terminal {np.shape(terminal)}")
    if not 0 <= gamma <= 1:
        raise ValueError(f"a discount of {gamma}")
    return np.where(terminal[:, None], 0.0, R + gamma * P @ np.where(terminal, 0.0, V))
    ### END SOLUTION


def bellman_operator(V: np.ndarray, P: np.ndarray, R: np.ndarray, gamma: float, terminal: np.ndarray) -> np.ndarray:
    """The value of each state if the best action is taken there and V holds after it: shape (S,), equation 4.10.

    For γ < 1 it brings any two V nearer to each other by that factor, so that there is one V that it does not change.
    """
    ### BEGIN SOLUTION
    best: np.ndarray = np.max(q_values(V, P, R, gamma, terminal=terminal), axis=1)
    return best
    ### END SOLUTION


def value_iteration(P: np.ndarray, R: np.ndarray, gamma: float, terminal: np.ndarray, tol: float = 1e-10) -> np.ndarray:
    """V*, what each state is worth to one who always decides best: V ← bellman_operator(V, …), from V = 0.

    It ends when no value has moved by more than tol, and returns the values after that move, shape (S,). With γ < 1
    they are within tol γ / (1 - γ) of V*; with γ = 1 it ends where every way of the best policy does.
    """
    ### BEGIN SOLUTION
    V = np.zeros(len(R))
    while True:
        before, V = V, bellman_operator(V, P, R, gamma, terminal=terminal)
        if np.max(np.abs(V - before)) <= tol:
            return V
    ### END SOLUTION


def greedy_policy(Q: np.ndarray) -> np.ndarray:
    """The best action of each state, S integers: the smallest of those within 1e-9 of the best, as values are rounded.

    Q: shape (S, A).
    """
    ### BEGIN SOLUTION
    best = np.max(Q, axis=1, keepdims=True)
    policy: np.ndarray = np.argmax(best - Q <= 1e-9, axis=1)  # the first True
    return policy
    ### END SOLUTION


def policy_evaluation(
    policy: np.ndarray, P: np.ndarray, R: np.ndarray, gamma: float, terminal: np.ndarray
) -> np.ndarray:
    """V of a policy that need not be good: the solution of V = Σ_a π(a|s) (R + γ P V), equation 4.4, shape (S,).

    The equations are linear, so they are solved, O(S³). With γ = 1 there is one solution if the policy ends, sooner or
    later, from every state.

    policy: shape (S, A), row s the probabilities of the actions in state s.
    Raises ValueError unless policy is (S, A).
    """
    ### BEGIN SOLUTION
    if np.shape(policy) != np.shape(R):
        raise ValueError(f"a policy of shape {np.shape(policy)} for rewards of shape {np.shape(R)}")
    going_on = np.where(terminal[:, None], 0.0, policy)  # in terminal states nothing is done: V = 0 is their equation
    steps = np.einsum("sa,sat->st", going_on, P)
    V: np.ndarray = np.linalg.solve(np.eye(len(R)) - gamma * steps, np.sum(going_on * R, axis=1))
    return V
    ### END SOLUTION


def grid_world(rows: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A grid with walls "#" and goals "G" as tables: where each move leads, what it pays, and which states are goals.

    The state of a cell is its number, line by line. The actions are 0 up, 1 right, 2 down, 3 left; whoever would run
    into a wall or leave the grid stays. Each move pays -1. All rows are equally long.

    Returns next_state and reward, both (S, 4), and terminal (S,).
    """
    cells = np.array([list(row) for row in rows])
    next_state = np.empty((cells.size, 4), dtype=int)
    for row, column in np.ndindex(cells.shape):
        here = row * cells.shape[1] + column
        for action, (down, right) in enumerate([(-1, 0), (0, 1), (1, 0), (0, -1)]):
            i, j = row + down, column + right
            free = 0 <= i < cells.shape[0] and 0 <= j < cells.shape[1] and cells[i, j] != "#"
            next_state[here, action] = i * cells.shape[1] + j if free else here
    return next_state, np.full(next_state.shape, -1.0), (cells == "G").ravel()


def slippery(next_state: np.ndarray, slip: float) -> np.ndarray:
    """P (S, A, S) of such a world on ice: with probability `slip` an action does not count, and chance chooses one."""
    certain = np.eye(len(next_state))[next_state]
    P: np.ndarray = (1 - slip) * certain + slip * np.mean(certain, axis=1, keepdims=True)
    return P


def draw_policy(ax: Any, rows: list[str], V: np.ndarray, policy: np.ndarray) -> None:
    """Draw a grid_world's values as colours and its policy (S integers) as arrows, on the axes `ax` of matplotlib."""
    cells = np.array([list(row) for row in rows])
    ax.pcolormesh(np.where(cells == "#", np.nan, V.reshape(cells.shape)), cmap="viridis")
    ax.invert_yaxis()
    for (row, column), action in zip(np.ndindex(cells.shape), policy.tolist(), strict=True):
        if cells[row, column] == "G":
            ax.text(column + 0.5, row + 0.5, "G", ha="center", va="center")
        elif cells[row, column] != "#":
            ax.text(column + 0.5, row + 0.5, "↑→↓←"[action], ha="center", va="center", color="white")
    ax.set_xticks([])
    ax.set_yticks([])
