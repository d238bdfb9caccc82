"""A transformer that reads a text from left to right and says at each position what may come next: a small GPT.

It is made of blocks. In each, positions first exchange what they know, by attention; then each works on its own, by a
layer of hidden units. Both are added to what was there, so that a block can only refine, and gradients have a way
around it. The architecture is GPT-2's (Radford et al., Language models are unsupervised multitask learners, 2019,
section 2.3: layer norms come before what they feed, and one more at the end), but for positions, which are those of
Vaswani et al., Attention is all you need, 2017, section 3.5, and for biases, of which attention has none.

Linear maps are x W^T + b. Arrays are float64, `…` in a shape stands for batch axes. No function changes an array that
it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.attention import attention, causal_mask, merge_heads, split_heads
from reference.tokenization import ids_within


def layer_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """gamma (x - mean) / √(variance + eps) + beta, mean and variance over the last axis, both over d.

    Ba, Kiros and Hinton, Layer normalization, 2016 (https://arxiv.org/abs/1607.06450), equations 3 and 4.

    x: shape (…, d); gamma, beta: shape (d,). Returns (…, d). Raises ValueError on other shapes of gamma and beta.
    """
    ### BEGIN SOLUTION
    if not np.shape(gamma) == np.shape(beta) == x.shape[-1:]:
        raise ValueError(f"gamma {np.shape(gamma)} and beta {np.shape(beta)} for x {x.shape}")
    out: np.ndarray = gamma * _normalised(x, eps)[0] + beta
    return out
    ### END SOLUTION


def layer_norm_backward(
    grad: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients of a loss L with respect to x, gamma and beta, where grad = dL/dout is that of the output.

    Mean and deviation depend on x too. With z the normalised x, s its deviation and g = grad gamma,
    dx = (g - mean(g) - z mean(g z)) / s, means over the last axis.

    grad, x: shape (…, d); gamma: shape (d,). Returns dx (…, d), dgamma (d,), dbeta (d,): what is shared by all rows
    collects from all of them. Raises ValueError on other shapes.
    """
    ### BEGIN SOLUTION
    if np.shape(grad) != x.shape or np.shape(gamma) != x.shape[-1:]:
        raise ValueError(f"a gradient {np.shape(grad)} and gamma {np.shape(gamma)} for x {x.shape}")
    z, deviation = _normalised(x, eps)
    g = gamma * grad
    g = g - np.mean(g, axis=-1, keepdims=True) - z * np.mean(g * z, axis=-1, keepdims=True)
    rows = tuple(range(x.ndim - 1))
    return g / deviation, np.sum(grad * z, axis=rows), np.sum(grad, axis=rows)
    ### END SOLUTION


def sinusoidal_positions(n: int, d: int) -> np.ndarray:
    """A vector for each position p = 0, …, n - 1: column 2i is sin(p / 10000^(2i/d)), column 2i + 1 its cosine.

    Returns shape (n, d). Raises ValueError where d is odd.
    """
    ### BEGIN SOLUTION
    if d % 2 != 0:
        raise ValueError(f"sines and cosines do not fit {d} columns")
    angles = np.arange(n)[:, None] / 10000.0 ** (np.arange(0, d, 2) / d)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)
    ### END SOLUTION


def gelu(x: np.ndarray) -> np.ndarray:
    """x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), near to x times the probability that a normal draw is below x.

    Hendrycks and Gimpel, Gaussian error linear units, 2016 (https://arxiv.org/abs/1606.08415), section 2. GPT-2 has it
    in this form.
    """
    ### BEGIN SOLUTION
    activated: np.ndarray = x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    return activated
    ### END SOLUTION


def gpt_block(x: np.ndarray, p: Mapping[str, np.ndarray], h: int) -> np.ndarray:
    """One block of a GPT: y = x + A W_o^T, then y + gelu(layer_norm(y) W_1^T + b_1) W_2^T + b_2.

    A are the merged heads of causal attention, whose queries, keys and values are layer_norm(x) times W_q^T, W_k^T and
    W_v^T, split into h heads.

    x: shape (…, n, d); p: W_q, W_k, W_v, W_o (d, d), W_1 (f, d), b_1 (f,), W_2 (d, f), b_2 (d,), and of the two layer
    norms ln1_gamma, ln1_beta, ln2_gamma, ln2_beta (d,). Returns (…, n, d). Raises ValueError on shapes that do not fit.
    """
    ### BEGIN SOLUTION
    return _block(x, p, h, None)[0]
    ### END SOLUTION


def gpt_logits(ids: Sequence[int] | np.ndarray, params: Mapping[str, Any], h: int) -> np.ndarray:
    """What a GPT says of the next token, at each position: logits of all tokens.

    Rows of E are the tokens' vectors. To those of the ids the positions' are added; blocks follow, a layer norm, and
    products with all rows of E: the same matrix reads and writes.

    ids: integers (…, n); params: E (v, d), blocks (a list of what `gpt_block` takes), lnf_gamma, lnf_beta (d,).
    Returns shape (…, n, v). Raises ValueError on ids that E has no row for, negative ones too.
    """
    ### BEGIN SOLUTION
    return _gpt(ids, None, params, h)[0]
    ### END SOLUTION


def gpt_step(id: int, cache: Any, params: Mapping[str, Any], h: int) -> tuple[np.ndarray, Any]:
    """The last row of `gpt_logits`, from the newest id alone and what is kept of those before it.

    Keys and values of earlier positions do not depend on later ones: they are computed once, and kept. So a step costs
    O(t) attention, not O(t²).

    cache: None before the first id; then of each block a pair (K, V), each (h, t, d/h), of the t ids so far.
    Returns the logits (v,) and the new cache, of t + 1 ids; the old one stays as it is.
    Raises ValueError on an id that E has no row for.
    """
    ### BEGIN SOLUTION
    logits, cache = _gpt([id], cache, params, h)
    return logits[0], cache
    ### END SOLUTION


### BEGIN SOLUTION
def _normalised(x: np.ndarray, eps: float) -> tuple[np.ndarray, np.ndarray]:
    """(x - mean) / √(variance + eps) over the last axis, and what it was divided by."""
    deviation = np.sqrt(np.var(x, axis=-1, keepdims=True) + eps)
    return (x - np.mean(x, axis=-1, keepdims=True)) / deviation, deviation


def _block(x: np.ndarray, p: Mapping[str, np.ndarray], h: int, past: Any) -> tuple[np.ndarray, Any]:
    """`gpt_block` where keys and values of earlier positions may be known; and keys and values of all positions."""
    normed = layer_norm(x, p["ln1_gamma"], p["ln1_beta"])
    Q, K, V = (split_heads(normed @ p[name].T, h) for name in ("W_q", "W_k", "W_v"))
    if past is not None:
        K, V = (np.concatenate(pair, axis=-2) for pair in zip(past, (K, V), strict=True))
    A, _ = attention(Q, K, V, causal_mask(Q.shape[-2], K.shape[-2]))
    y = x + merge_heads(A) @ p["W_o"].T
    hidden = gelu(layer_norm(y, p["ln2_gamma"], p["ln2_beta"]) @ p["W_1"].T + p["b_1"])
    return y + hidden @ p["W_2"].T + p["b_2"], (K, V)


def _gpt(ids: Any, cache: Any, params: Mapping[str, Any], h: int) -> tuple[np.ndarray, list[Any]]:
    """The logits of the ids, which follow those in the cache, and the cache with them."""
    E, blocks = params["E"], params["blocks"]
    known = 0 if cache is None else cache[0][0].shape[-2]
    x = E[ids_within(ids, len(E))]
    x = x + sinusoidal_positions(known + x.shape[-2], x.shape[-1])[known:]
    pasts = []
    for i, p in enumerate(blocks):
        x, past = _block(x, p, h, cache and cache[i])
        pasts.append(past)
    return layer_norm(x, params["lnf_gamma"], params["lnf_beta"]) @ E.T, pasts


### END SOLUTION
