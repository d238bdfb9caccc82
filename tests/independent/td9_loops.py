# td9 in plain Python: lists of floats and loops over them, Gauss's elimination for every system of equations, and
# dictionaries for the worlds. numpy comes in and goes out, and that is all it does.
import math

import numpy as np


def rows_of(A):
    return [[float(a) for a in row] for row in A]


def gap(x, y):
    return sum((a - b) ** 2 for a, b in zip(x, y))


def dot(x, y):
    return sum(a * b for a, b in zip(x, y))


def gauss(A, B):
    """X with A X = B, B a list of rows: elimination with the largest pivot of each column."""
    rows = [list(a) + list(b) for a, b in zip(A, B)]
    n = len(rows)
    for j in range(n):
        pivot = max(range(j, n), key=lambda i: abs(rows[i][j]))
        rows[j], rows[pivot] = rows[pivot], rows[j]
        rows[j] = [value / rows[j][j] for value in rows[j]]
        for i in range(n):
            if i != j and rows[i][j] != 0.0:
                factor = rows[i][j]
                rows[i] = [value - factor * other for value, other in zip(rows[i], rows[j])]
    return [row[n:] for row in rows]


# few labels


def rbf_affinity(X, gamma):
    X = rows_of(X)
    return np.array(
        [[0.0 if i == j else math.exp(-gamma * gap(x, y)) for j, y in enumerate(X)] for i, x in enumerate(X)]
    )


def label_spreading(W, y, alpha):
    labels, n = [int(label) for label in y], len(y)
    if np.shape(W) != (n, n):
        raise ValueError("one row and one column for each point")
    if not any(label >= 0 for label in labels):
        raise ValueError("nobody has a label")
    if alpha < 0 or alpha >= 1:
        raise ValueError("alpha is from 0 up to, not including, 1")
    W = rows_of(W)
    degrees = [sum(row) for row in W]
    A = [[1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
    for i in range(n):
        for j in range(n):
            if degrees[i] > 0 and degrees[j] > 0:
                A[i][j] -= alpha * W[i][j] / math.sqrt(degrees[i] * degrees[j])
    start = [[1.0 - alpha if labels[i] == c else 0.0 for c in range(max(labels) + 1)] for i in range(n)]
    return np.array(gauss(A, start))


def self_training(X, y):
    if len(X) != len(y):
        raise ValueError("as many labels as points")
    labels, X = [int(label) for label in y], rows_of(X)
    if max(labels) < 0:
        raise ValueError("nobody has a label")
    while -1 in labels:
        _, i, j = min(
            (gap(X[i], X[j]), i, j)
            for i in range(len(X))
            if labels[i] == -1
            for j in range(len(X))
            if labels[j] != -1
        )
        labels[i] = labels[j]
    return np.array(labels)


# positive and unlabelled


def softplus(z):
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def logistic(z):
    return 1.0 / (1.0 + math.exp(-z)) if z >= 0 else math.exp(z) / (1.0 + math.exp(z))


def probability(prior):
    if prior <= 0 or prior >= 1:
        raise ValueError("a prior is between 0 and 1")
    return prior


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def rest(w, X_p, X_u, prior):
    return mean(softplus(dot(w, x)) for x in X_u) - probability(prior) * mean(softplus(dot(w, x)) for x in X_p)


def slope_of_the_rest(w, X_p, X_u, prior):
    pull = [[logistic(dot(w, x)) * a for a in x] for x in X_u]
    push = [[logistic(dot(w, x)) * a for a in x] for x in X_p]
    return [mean(a) - probability(prior) * mean(b) for a, b in zip(zip(*pull), zip(*push))]


def slope_of_positives(w, X_p, prior):
    pull = [[-logistic(-dot(w, x)) * a for a in x] for x in X_p]
    return [prior * mean(column) for column in zip(*pull)]


def taken(w, X_p, X_u):
    return [float(a) for a in w], rows_of(X_p), rows_of(X_u)


def upu_risk(w, X_p, X_u, prior):
    w, X_p, X_u = taken(w, X_p, X_u)
    return prior * mean(softplus(-dot(w, x)) for x in X_p) + rest(w, X_p, X_u, prior)


def nnpu_risk(w, X_p, X_u, prior):
    w, X_p, X_u = taken(w, X_p, X_u)
    return prior * mean(softplus(-dot(w, x)) for x in X_p) + max(0.0, rest(w, X_p, X_u, prior))


def upu_gradient(w, X_p, X_u, prior):
    w, X_p, X_u = taken(w, X_p, X_u)
    return np.array([a + b for a, b in zip(slope_of_positives(w, X_p, prior), slope_of_the_rest(w, X_p, X_u, prior))])


def nnpu_gradient(w, X_p, X_u, prior):
    w, X_p, X_u = taken(w, X_p, X_u)
    if rest(w, X_p, X_u, prior) >= 0:
        return upu_gradient(w, X_p, X_u, prior)
    return np.array(slope_of_positives(w, X_p, prior))


def nnpu_step(w, X_p, X_u, prior, lr, beta=0.0, gamma=1.0):
    w, X_p, X_u = taken(w, X_p, X_u)
    if rest(w, X_p, X_u, prior) < -beta:
        return np.array([a + gamma * lr * b for a, b in zip(w, slope_of_the_rest(w, X_p, X_u, prior))])
    return np.array([a - lr * float(b) for a, b in zip(w, upu_gradient(w, X_p, X_u, prior))])


def fit_nnpu(X_p, X_u, prior, lr, steps):
    """The same as steps, with one pass over the data each: 12 000 products a step is what 40 columns take."""
    probability(prior)
    X_p, X_u = rows_of(X_p), rows_of(X_u)
    w = [0.0] * len(X_p[0])
    for _ in range(steps):
        g_p, g_u = [dot(w, x) for x in X_p], [dot(w, x) for x in X_u]
        true = mean(map(softplus, g_u)) - prior * mean(map(softplus, g_p)) >= 0
        moved = list(w)
        for scores, X, share in ((g_u, X_u, 1.0 / len(X_u)), (g_p, X_p, -prior / len(X_p))):
            for g, x in zip(scores, X):
                force = share * logistic(g)
                if X is X_p and true:
                    force -= prior / len(X_p) * logistic(-g)
                force *= -lr if true else lr
                moved = [a + force * b for a, b in zip(moved, x)]
        w = moved
    return np.array(w)


def label_frequency(g, s):
    of_the_labelled = [float(a) for a, b in zip(g, s) if b == 1]
    if not of_the_labelled:
        raise ValueError("nothing is labelled")
    return math.fsum(of_the_labelled) / len(of_the_labelled)


def share(c):
    if c <= 0 or c > 1:
        raise ValueError("c is a share, and not 0")
    return c


def elkan_noto(g, c):
    return np.array([min(float(a) / share(c), 1.0) for a in g])


def elkan_noto_weights(g, c):
    share(c)
    return np.array([1.0 if a == 1 else min((1 - c) * float(a) / (c * (1 - float(a))), 1.0) for a in g])


# rewards


def q_values(V, P, R, gamma, terminal):
    if len(np.shape(R)) != 2:
        raise ValueError("R is a table")
    S, A = np.shape(R)
    if [np.shape(V), np.shape(terminal), np.shape(P)] != [(S,), (S,), (S, A, S)]:
        raise ValueError("these shapes are of different worlds")
    if gamma < 0 or gamma > 1:
        raise ValueError("gamma is from 0 to 1")
    ends = [bool(end) for end in terminal]
    worth = [0.0 if end else float(v) for v, end in zip(V, ends)]
    P = np.asarray(P).tolist()
    Q = [
        [0.0 if ends[s] else float(R[s][a]) + gamma * sum(p * v for p, v in zip(P[s][a], worth) if p) for a in range(A)]
        for s in range(S)
    ]
    return np.array(Q)


def bellman_operator(V, P, R, gamma, terminal):
    return np.array([max(row) for row in q_values(V, P, R, gamma, terminal).tolist()])


def value_iteration(P, R, gamma, terminal, tol=1e-10):
    P, R, ends = np.asarray(P).tolist(), np.asarray(R).tolist(), [bool(end) for end in terminal]
    ways = [[[(t, p) for t, p in enumerate(row) if p and not ends[t]] for row in rows] for rows in P]
    V, largest = [0.0] * len(R), math.inf
    while largest > tol:
        new = [
            0.0 if ends[s] else max(r + gamma * sum(p * V[t] for t, p in way) for r, way in zip(R[s], ways[s]))
            for s in range(len(R))
        ]
        largest = max(abs(a - b) for a, b in zip(V, new))
        V = new
    return np.array(V)


def greedy_policy(Q):
    return np.array([next(a for a, q in enumerate(row) if q > max(row) - 1e-9) for row in np.asarray(Q).tolist()])


def policy_evaluation(policy, P, R, gamma, terminal):
    if len(np.shape(policy)) != 2 or np.shape(policy) != np.shape(R):
        raise ValueError("a probability for each action in each state")
    S, A = np.shape(R)
    left, right = [], []
    for s in range(S):
        unit = [1.0 if t == s else 0.0 for t in range(S)]
        if terminal[s]:
            left.append(unit)
            right.append([0.0])
            continue
        along = [sum(float(policy[s][a]) * float(P[s][a][t]) for a in range(A)) for t in range(S)]
        left.append([one - gamma * p for one, p in zip(unit, along)])
        right.append([sum(float(policy[s][a]) * float(R[s][a]) for a in range(A))])
    return np.array([row[0] for row in gauss(left, right)])


def discounted_returns(rewards, gamma):
    returns = []
    for r in reversed(list(rewards)):
        returns.append(float(r) + (gamma * returns[-1] if returns else 0.0))
    return np.array(returns[::-1])


def q_learning_update(Q, s, a, r, s_next, done, alpha, gamma):
    Q = rows_of(Q)
    goal = r + (0.0 if done else gamma * max(Q[s_next]))
    Q[s][a] = (1 - alpha) * Q[s][a] + alpha * goal
    return np.array(Q)


def epsilon_greedy(q, epsilon, rng):
    if epsilon < 0 or epsilon > 1:
        raise ValueError("epsilon is a probability")
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    best = max(q)
    return next(a for a, value in enumerate(q) if value == best)


def softmax_policy(theta):
    table = []
    for row in rows_of(theta):
        weights = [math.exp(value - max(row)) for value in row]
        table.append([weight / sum(weights) for weight in weights])
    return np.array(table)


def reinforce_gradient(theta, states, actions, rewards, gamma, baseline=0.0):
    policy, returns = softmax_policy(theta).tolist(), discounted_returns(rewards, gamma).tolist()
    total = [[0.0] * len(row) for row in policy]
    for t, (s, a) in enumerate(zip(states, actions)):
        for b in range(len(policy[0])):
            total[s][b] += gamma**t * (returns[t] - baseline) * ((b == a) - policy[s][b])
    return np.array(total)


def q_learning(next_state, reward, terminal, start, episodes, alpha, gamma, epsilon, rng, max_steps=100):
    where, pays, ends = np.asarray(next_state).tolist(), rows_of(reward), [bool(end) for end in terminal]
    Q = [[0.0] * len(row) for row in pays]
    for _ in range(episodes):
        s, steps, done = start, 0, False
        while steps < max_steps and not done:
            a = epsilon_greedy(Q[s], epsilon, rng)
            t = where[s][a]
            done = ends[t]
            Q[s][a] += alpha * (pays[s][a] + (0.0 if done else gamma * max(Q[t])) - Q[s][a])
            s, steps = t, steps + 1
    return np.array(Q)
