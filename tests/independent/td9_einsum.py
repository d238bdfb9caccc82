# td9 by someone who thinks in einsum, one-hot tables and fixed points: labels spread by an eigendecomposition, self-training
# is Prim's algorithm with an array of shortest gaps, Q-values come from a world with its ends cut out.
import numpy as np


def complain(unless, why):
    if not unless:
        raise ValueError(why)


def rbf_affinity(X, gamma):
    G = np.einsum("id,jd->ij", X, X)
    norms = np.diagonal(G)
    squares = np.clip(norms[:, None] + norms[None, :] - 2.0 * G, 0.0, None)
    return np.exp(-gamma * squares) * (1.0 - np.eye(len(X)))


def label_spreading(W, y, alpha):
    W, y = np.asarray(W), np.asarray(y)
    complain(W.ndim == 2 and W.shape[0] == W.shape[1] == len(y), "W is square, a row for each label")
    complain(len(y) > 0 and (y != -1).any(), "a label, please")
    complain(alpha >= 0.0 and alpha < 1.0, "alpha in [0, 1)")
    degrees = W.sum(axis=1)
    with np.errstate(divide="ignore"):
        scale = np.where(degrees == 0.0, 0.0, degrees**-0.5)
    values, vectors = np.linalg.eigh(scale[:, None] * W * scale[None, :])
    one_hot = np.zeros((len(y), y.max() + 1))
    for i in np.nonzero(y != -1)[0]:
        one_hot[i, y[i]] = 1.0
    return np.einsum("ik,k,jk,jc->ic", vectors, (1.0 - alpha) / (1.0 - alpha * values), vectors, one_hot)


def self_training(X, y):
    complain(len(X) == len(y), "a label for each point")
    labels = np.array(y)
    complain(labels.max() >= 0, "a label, please")
    X = np.asarray(X)
    gaps, donors = np.full(len(X), np.inf), np.full(len(X), len(X))

    def take_in(j):
        squares = np.sum(np.square(X - X[j]), axis=-1)
        nearer = (squares < gaps) | ((squares == gaps) & (j < donors))
        gaps[nearer], donors[nearer] = squares[nearer], j

    for j in np.flatnonzero(labels != -1):
        take_in(j)
    for _ in range(np.count_nonzero(labels == -1)):
        i = int(np.argmin(np.where(labels == -1, gaps, np.inf)))
        labels[i] = labels[donors[i]]
        take_in(i)
    return labels


def softplus(z):
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def halves(w, X_p, X_u, prior):
    """The positives' risk and R⁻, and the gradients of the two."""
    complain(prior > 0.0 and prior < 1.0, "0 < prior < 1")
    g_p, g_u = np.einsum("nd,d->n", X_p, w), np.einsum("nd,d->n", X_u, w)
    positives = prior * softplus(-g_p).mean()
    others = softplus(g_u).mean() - prior * softplus(g_p).mean()
    pull = -prior * np.mean(sigmoid(-g_p)[:, None] * X_p, axis=0)
    push = np.mean(sigmoid(g_u)[:, None] * X_u, axis=0) - prior * np.mean(sigmoid(g_p)[:, None] * X_p, axis=0)
    return positives, others, pull, push


def upu_risk(w, X_p, X_u, prior):
    positives, others, _, _ = halves(w, X_p, X_u, prior)
    return positives + others


def upu_gradient(w, X_p, X_u, prior):
    complain(prior > 0.0 and prior < 1.0, "0 < prior < 1")
    return np.einsum("n,nd->d", sigmoid(X_u @ w), X_u) / len(X_u) - prior * np.mean(X_p, axis=0)


def nnpu_risk(w, X_p, X_u, prior):
    positives, others, _, _ = halves(w, X_p, X_u, prior)
    return positives + np.clip(others, 0.0, None)


def nnpu_gradient(w, X_p, X_u, prior):
    _, others, pull, push = halves(w, X_p, X_u, prior)
    return pull + (others >= 0.0) * push


def nnpu_step(w, X_p, X_u, prior, lr, beta=0.0, gamma=1.0):
    _, others, pull, push = halves(w, X_p, X_u, prior)
    direction = -(pull + push) if others + beta >= 0.0 else gamma * push
    return w + lr * direction


def fit_nnpu(X_p, X_u, prior, lr, steps):
    w = np.zeros(np.shape(X_p)[1])
    complain(prior > 0.0 and prior < 1.0, "0 < prior < 1")
    for _ in range(steps):
        w = nnpu_step(w, X_p, X_u, prior, lr)
    return w


def label_frequency(g, s):
    complain(np.sum(s) > 0, "somebody is labelled")
    return np.average(g, weights=s)


def elkan_noto(g, c):
    complain(c > 0.0 and c <= 1.0, "0 < c <= 1")
    return np.clip(np.asarray(g) / c, None, 1.0)


def elkan_noto_weights(g, c):
    complain(c > 0.0 and c <= 1.0, "0 < c <= 1")
    g = np.asarray(g)
    positive, neither = elkan_noto(g, c) * (1.0 - c), 1.0 - g
    return np.where(neither * c <= positive * c, 1.0, positive / np.where(neither == 0.0, 1.0, neither))


def q_values(V, P, R, gamma, terminal):
    R, P = np.asarray(R), np.asarray(P)
    complain(R.ndim == 2 and P.ndim == 3, "tables, please")
    complain(P.shape == R.shape + R.shape[:1], "P is (S, A, S)")
    complain(np.shape(V) == np.shape(terminal) == R.shape[:1], "V and terminal are (S,)")
    complain(gamma >= 0.0 and gamma <= 1.0, "0 <= gamma <= 1")
    live = 1.0 - np.asarray(terminal, dtype=float)
    return live[:, None] * (R + gamma * np.einsum("sat,t->sa", P, live * V))


def bellman_operator(V, P, R, gamma, terminal):
    return q_values(V, P, R, gamma, terminal).max(axis=-1)


def value_iteration(P, R, gamma, terminal, tol=1e-10):
    V = np.zeros(np.shape(R)[0])
    change = np.inf
    while change > tol:
        new = bellman_operator(V, P, R, gamma, terminal)
        change = np.linalg.norm(new - V, np.inf)
        V = new
    return V


def greedy_policy(Q):
    Q = np.asarray(Q)
    return np.isclose(Q, Q.max(axis=1, keepdims=True), rtol=0.0, atol=1e-9).argmax(axis=1)


def policy_evaluation(policy, P, R, gamma, terminal):
    complain(np.shape(policy) == np.shape(R), "policy is (S, A)")
    live = np.flatnonzero(~np.asarray(terminal))
    kernel = np.einsum("sa,sat->st", policy, P)[np.ix_(live, live)]
    V = np.zeros(len(R))
    V[live] = np.linalg.inv(np.eye(len(live)) - gamma * kernel) @ np.einsum("sa,sa->s", policy, R)[live]
    return V


def discounted_returns(rewards, gamma):
    T = len(rewards)
    lag = np.arange(T)[None, :] - np.arange(T)[:, None]
    return np.where(lag >= 0, float(gamma) ** np.maximum(lag, 0), 0.0) @ np.asarray(rewards, dtype=float)


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    here = np.zeros(np.shape(Q))
    here[s, a] = alpha
    return Q + here * (r + gamma * (not done) * np.max(Q[s_next]) - Q)


def epsilon_greedy(q, epsilon, rng):
    complain(epsilon >= 0.0 and epsilon <= 1.0, "0 <= epsilon <= 1")
    explore = rng.random() < epsilon
    return int(rng.integers(len(q)) if explore else np.flatnonzero(q == np.max(q))[0])


def softmax_policy(theta):
    theta = np.asarray(theta)
    shifted = theta - theta.max(axis=1)[:, None]
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=1))[:, None])


def reinforce_gradient(theta, states, actions, rewards, gamma, baseline=0.0):
    S, A = np.shape(theta)
    weights = gamma ** np.arange(len(rewards)) * (discounted_returns(rewards, gamma) - baseline)
    in_state, done = np.eye(S)[states], np.eye(A)[actions]
    return np.einsum("t,ts,ta->sa", weights, in_state, done - softmax_policy(theta)[states])


def q_learning(next_state, reward, terminal, start, episodes, alpha, gamma, epsilon, rng, max_steps=100):
    Q = np.zeros(np.shape(reward))
    for _ in range(episodes):
        s = start
        for _ in range(max_steps):
            a = epsilon_greedy(Q[s], epsilon, rng)
            t = next_state[s, a]
            follows = 0.0 if terminal[t] else gamma * np.max(Q[t])
            Q[s, a] = (1.0 - alpha) * Q[s, a] + alpha * (reward[s, a] + follows)
            s = t
            if terminal[s]:
                break
    return Q
