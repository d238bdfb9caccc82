"""Learning in context: examples are part of the input, and nothing is trained for them. `predict(test, train)`.

Two answers to how that can work. Layers of linear attention can do gradient descent on the examples that they read (von
Oswald et al., Transformers learn in-context by gradient descent, 2022, https://arxiv.org/abs/2212.07677; that
transformers learn to regress in context was seen by Garg et al., What can transformers learn in-context?, 2022,
https://arxiv.org/abs/2208.01066). And a network that has been trained on many data sets drawn from a prior says in the
end what Bayes's rule says (Müller et al., Transformers can do Bayesian inference, 2022,
https://arxiv.org/abs/2112.10510), which for tables is TabPFN (Hollmann et al., Accurate predictions on small data with
a tabular foundation model, 2025).

Points are the rows of float64 arrays. No function changes an array that it is given.
"""

import numpy as np

from reference.tokenization import ids_within


def linear_attention(
    E: np.ndarray, C: np.ndarray, W_Q: np.ndarray, W_K: np.ndarray, W_V: np.ndarray, P: np.ndarray
) -> np.ndarray:
    """Attention without softmax: each token e becomes e + P Σ_c W_V c (W_K c · W_Q e), the sum over tokens c of C.

    (von Oswald et al., section 2.)

    E: tokens (m, d); C: those which they attend to (n, d); the four matrices: (d, d).
    Returns (m, d). Raises ValueError on shapes that do not fit. Cost: O(m n d), or O((m + n) d²) in another order.
    """
    ### BEGIN SOLUTION
    scores = (E @ W_Q.T) @ (C @ W_K.T).T
    attended: np.ndarray = E + scores @ (C @ W_V.T) @ P.T
    return attended
    ### END SOLUTION


def gd_weights(W0: np.ndarray, lr: float, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(W_Q, W_K, W_V, P) for which `linear_attention` is a step of gradient descent on Σ_i |W x_i - y_i|² / 2n.

    Tokens are (x, y), x before y: W_Q = W_K = diag(I, 0), W_V = [[0, 0], [W0, -I]], P = I lr/n. The step that W0 would
    take, ΔW, shows in each y, which becomes y - ΔW x: x stays (von Oswald et al., proposition 1).

    W0: shape (k, d), for x of d and y of k numbers; n: how many examples the context has.
    Returns four matrices of shape (d + k, d + k).
    """
    ### BEGIN SOLUTION
    k, d = W0.shape
    x_alone = np.diag(np.repeat([1.0, 0.0], [d, k]))
    W_V = np.zeros((d + k, d + k))
    W_V[d:] = np.hstack([W0, -np.eye(k)])
    return x_alone, x_alone, W_V, lr / n * np.eye(d + k)
    ### END SOLUTION


def in_context_regression(X: np.ndarray, Y: np.ndarray, X_test: np.ndarray, lr: float, layers: int) -> np.ndarray:
    """Predictions for X_test of the W that gradient descent from 0 on Σ_i |W x_i - y_i|² / 2n finds in `layers` steps.

    Nobody computes W: each layer is `linear_attention` with the weights of W0 = 0, over tokens (x_i, y_i), to which all
    attend, and (x_test, 0). After some layers the y of a token is what is left of it, y - W x; so a test token's is the
    opposite of the prediction.

    X: shape (n, d); Y: shape (n, k); X_test: shape (m, d). Returns (m, k). Raises ValueError on shapes that do not fit.
    """
    ### BEGIN SOLUTION
    (n, d), k = X.shape, Y.shape[1]
    weights = gd_weights(np.zeros((k, d)), lr, n)
    context = np.hstack([X, Y])
    tokens = np.hstack([X_test, np.zeros((len(X_test), k))])
    for _ in range(layers):
        tokens = linear_attention(tokens, context, *weights)
        context = linear_attention(context, context, *weights)
    return -tokens[:, d:]
    ### END SOLUTION


def posterior_predictive(P_train: np.ndarray, y: np.ndarray, P_test: np.ndarray) -> np.ndarray:
    """What Bayes's rule says of new points, from S functions drawn from a prior: their mean, weighted by likelihoods.

    Sample s has the weight Π_i P_train[s, i, y_i], over the sum of all weights. Such a product of thousands underflows:
    its logarithm does not. (Müller et al., section 3.)

    P_train (S, n, C): the probability that sample s gives class c at training point i; y: n classes in 0, …, C - 1;
    P_test (S, m, C): the same at test points. n may be 0: then all samples weigh the same.
    Returns probabilities (m, C). Raises ValueError where all weights are 0, on shapes that do not fit, and on classes
    outside of 0, …, C - 1.
    """
    ### BEGIN SOLUTION
    S, n, C = P_train.shape
    if np.shape(y) != (n,) or np.shape(P_test)[::2] != (S, C):
        raise ValueError(f"{len(y)} classes for probabilities of shapes {P_train.shape} and {np.shape(P_test)}")
    with np.errstate(divide="ignore"):  # log 0 is -inf, as it should be
        log_weights = np.sum(np.log(P_train[:, np.arange(n), ids_within(y, C)]), axis=1)
    if np.all(log_weights == -np.inf):
        raise ValueError("what was seen is impossible for all samples")
    weights = np.exp(log_weights - np.max(log_weights))
    return np.tensordot(weights / np.sum(weights), P_test, axes=1)
    ### END SOLUTION


def bayesian_linear_regression(
    X: np.ndarray, y: np.ndarray, X_test: np.ndarray, sigma: float, tau: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of y_test, noise included, where y = w·x + N(0, sigma²) and w ~ N(0, tau² I) beforehand.

    With A = X^T X / sigma² + I / tau², w is N(A⁻¹ X^T y / sigma², A⁻¹) afterwards (Bishop, Pattern recognition and
    machine learning, 2006, equations 3.53, 3.54, 3.58 and 3.59).

    X: shape (n, d), n may be 0; y: shape (n,); X_test: shape (m, d). Returns mean (m,) and variance (m,).
    Raises ValueError on shapes that do not fit.
    """
    ### BEGIN SOLUTION
    if np.shape(y) != (len(X),):
        raise ValueError(f"{np.shape(y)} targets for {len(X)} points")
    A = X.T @ X / sigma**2 + np.eye(X.shape[1]) / tau**2
    covariance = np.linalg.inv(A)
    mean = X_test @ covariance @ (X.T @ y) / sigma**2
    return mean, sigma**2 + np.sum(X_test @ covariance * X_test, axis=1)
    ### END SOLUTION


def few_shot_predict(X: np.ndarray, y: np.ndarray, X_test: np.ndarray) -> np.ndarray:
    """Classes of X_test from a few examples of each, in any way that works: predict(test, train).

    This one takes the class whose mean is nearest, with columns measured in their deviation within classes.

    X: shape (n, d), columns of any scale; y: n integers; X_test: shape (m, d). Returns m integers.
    """
    ### BEGIN SOLUTION
    classes, index = np.unique(y, return_inverse=True)
    means = np.array([np.mean(X[y == c], axis=0) for c in classes])
    apart = np.linalg.norm((X_test[:, None] - means) / np.std(X - means[index], axis=0), axis=2)
    labels: np.ndarray = classes[np.argmin(apart, axis=1)]
    return labels
    ### END SOLUTION
