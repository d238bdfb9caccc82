"""Deciding in a world that is not known: from what was tried and what it paid.

Q-learning tries to learn what actions are worth, REINFORCE changes the probabilities with which they are taken. States
and actions are integers, Q and theta have a row per state and a column per action. A reward that comes k steps later
counts γᵏ times. The numbers of equations are those of R. Sutton and A. Barto, Reinforcement learning: an introduction,
second edition, 2018 (http://incompleteideas.net/book/the-book.html).

Arrays are float64, and no function changes one that it is given.
"""

import numpy as np


def discounted_returns(rewards: np.ndarray, gamma: float) -> np.ndarray:
    """What is still to come at each step: G_t = r_t + γ G_{t+1}, and 0 after the last, equation 3.9.

    rewards: r_t, shape (T,). Returns (T,), which is (0,) for none. Cost: O(T).
    """
    ### BEGIN SOLUTION
    returns = np.zeros(len(rewards))
    to_come = 0.0
    for t in reversed(range(len(rewards))):
        to_come = rewards[t] + gamma * to_come
        returns[t] = to_come
    return returns
    ### END SOLUTION


def q_learning_update(
    Q: np.ndarray, s: int, a: int, r: float, s_next: int, done: bool, alpha: float, gamma: float
) -> np.ndarray:
    """Q after action a in state s has paid r and led to s_next: Q[s, a] moves by a share α towards its target.

    The target is r + γ max_b Q[s_next, b], equation 6.8, and r if that was the end (`done`), whatever Q has in row
    s_next (C. Watkins, Learning from delayed rewards, 1989).

    Q: shape (S, A), not changed. Returns a new (S, A).
    """
    ### BEGIN SOLUTION
    moved = np.array(Q, dtype=float)
    target = r if done else r + gamma * np.max(Q[s_next])
    moved[s, a] += alpha * (target - Q[s, a])
    return moved
    ### END SOLUTION


def epsilon_greedy(q: np.ndarray, epsilon: float, rng: np.random.Generator) -> int:
    """Any action, rng.integers(A), if rng.random() < epsilon; otherwise the best, at ties the smallest.

    The number is drawn first, and always; the action is drawn only then (Sutton and Barto, section 2.2).

    q: what the actions are worth, shape (A,). Raises ValueError unless 0 <= epsilon <= 1.
    """
    ### BEGIN SOLUTION
    if not 0 <= epsilon <= 1:
        raise ValueError(f"a probability of {epsilon}")
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(np.argmax(q))
    ### END SOLUTION


def softmax_policy(theta: np.ndarray) -> np.ndarray:
    """π(a|s), proportional to exp(θ[s, a]), each row with sum 1: equation 13.2. theta: (S, A), of any size."""
    ### BEGIN SOLUTION
    weights = np.exp(theta - np.max(theta, axis=1, keepdims=True))
    policy: np.ndarray = weights / np.sum(weights, axis=1, keepdims=True)
    return policy
    ### END SOLUTION


def reinforce_gradient(
    theta: np.ndarray,
    states: np.ndarray,
    actions: np.ndarray,
    rewards: np.ndarray,
    gamma: float,
    baseline: float = 0.0,
) -> np.ndarray:
    """Where theta has to go for softmax_policy to earn more, seen from one episode: Σ_t γᵗ (G_t - b) ∇ log π(a_t|s_t).

    Its mean over episodes is the gradient of what an episode is worth, whatever the baseline b is, which only makes it
    vary less (R. Williams, Simple statistical gradient-following algorithms, 1992; Sutton and Barto, sections 13.3
    and 13.4).

    theta: shape (S, A); states, actions, rewards: what was seen, done and paid, shape (T,) each. Returns (S, A).
    """
    ### BEGIN SOLUTION
    policy, returns = softmax_policy(theta), discounted_returns(rewards, gamma)
    gradient = np.zeros(theta.shape)
    for t in range(len(states)):
        scale = gamma**t * (returns[t] - baseline)
        gradient[states[t]] -= scale * policy[states[t]]
        gradient[states[t], actions[t]] += scale
    return gradient
    ### END SOLUTION


def q_learning(
    next_state: np.ndarray,
    reward: np.ndarray,
    terminal: np.ndarray,
    start: int,
    episodes: int,
    alpha: float,
    gamma: float,
    epsilon: float,
    rng: np.random.Generator,
    max_steps: int = 100,
) -> np.ndarray:
    """Q learnt from `episodes` walks through a world, each from `start` to a terminal state or max_steps steps long.

    Each step chooses with epsilon_greedy, looks up where it leads and what it pays, and updates Q (off-policy TD
    control, Sutton and Barto, section 6.5).

    next_state: integers (S, A); reward: shape (S, A); terminal: bools (S,). Returns Q (S, A), which begins with 0.
    """
    ### BEGIN SOLUTION
    Q = np.zeros(reward.shape)
    for _ in range(episodes):
        s = start
        for _ in range(max_steps):
            a = epsilon_greedy(Q[s], epsilon, rng)
            after = int(next_state[s, a])
            Q = q_learning_update(Q, s, a, reward[s, a], after, terminal[after], alpha, gamma)
            if terminal[after]:
                break
            s = after
    return Q
    ### END SOLUTION
