"""Latent diffusion: to generate images, generate the few numbers that an autoencoder makes of them, and decode these.

Most of what a picture's pixels hold is alike in all pictures, or noise. An autoencoder takes that away once, and what
is done at every step, diffusion, works on its codes, which are short (R. Rombach et al., High-resolution image
synthesis with latent diffusion models, 2022, https://arxiv.org/abs/2112.10752). Here it is the linear autoencoder, PCA,
with codes scaled to variance 1, as theirs are, so that noise of variance 1 hides them.

Images are the rows of float64 arrays. No function changes an array that it is given.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from reference.diffusion import ddpm_sample
from reference.mixtures import mixture_noise

Pca = tuple[np.ndarray, np.ndarray, np.ndarray]  # mean, components, std


def pca_fit(X: np.ndarray, k: int) -> Pca:
    """The mean of the rows (d,), their first k principal components (k, d), and the deviations along these (k,).

    Components are unit vectors, that of the largest deviation first; in each the entry largest in absolute value is
    positive. Deviations are over n (Pearson, 1901).

    X: shape (n, d). Raises ValueError unless 1 <= k <= min(n, d), and where a deviation is 0 (but for rounding).
    """
    ### BEGIN SOLUTION
    if not 1 <= k <= min(X.shape):
        raise ValueError(f"{k} components of data of shape {X.shape}")
    mean = np.mean(X, axis=0)
    _, singular_values, Vt = np.linalg.svd(X - mean, full_matrices=False)
    std = singular_values[:k] / np.sqrt(len(X))
    if std[-1] <= 1e-12 * np.max(np.abs(X)):
        raise ValueError(f"data of shape {X.shape} do not vary in {k} directions")
    peaks = Vt[np.arange(k), np.argmax(np.abs(Vt[:k]), axis=1)]
    return mean, np.sign(peaks)[:, None] * Vt[:k], std
    ### END SOLUTION


def pca_encode(X: np.ndarray, pca: Pca) -> np.ndarray:
    """The codes of the rows of X: coordinates along the components, seen from the mean, each divided by its deviation.

    X: shape (m, d); pca: what `pca_fit` returned. Returns shape (m, k).
    """
    ### BEGIN SOLUTION
    mean, components, std = pca
    codes: np.ndarray = (X - mean) @ components.T / std
    return codes
    ### END SOLUTION


def pca_decode(Z: np.ndarray, pca: Pca) -> np.ndarray:
    """The points of the k-plane whose codes are Z: shape (m, d) for Z of shape (m, k)."""
    ### BEGIN SOLUTION
    mean, components, std = pca
    rows: np.ndarray = mean + (Z * std) @ components
    return rows
    ### END SOLUTION


def generate_rows(
    X: np.ndarray, y: np.ndarray, labels: np.ndarray, k: int, betas: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """New rows, one of each class in `labels`, by diffusion of the k codes of PCA: shape (m, d).

    How is free.

    X: shape (n, d); y: n integers, the rows' classes; labels: m of these; betas: shape (T,).
    """
    ### BEGIN SOLUTION
    pca = pca_fit(X, k)
    codes = pca_encode(X, pca)
    drawn = np.empty((len(labels), k))
    # A class is a mixture of Gaussians around its rows' codes, whose noise is known. Narrow ones give copies of the
    # rows, wide ones nothing in particular; between 0.2 and 0.5 is good.
    for label in np.unique(labels):
        mu = codes[y == label]
        pi, s = np.full(len(mu), 1 / len(mu)), np.full(len(mu), 0.4)
        model = partial(mixture_noise, betas=betas, pi=pi, mu=mu, s=s)
        here = labels == label
        drawn[here] = ddpm_sample(model, np.sum(here), k, betas, rng)
    return pca_decode(drawn, pca)
    ### END SOLUTION


def draw_images(ax: Any, rows: np.ndarray, columns: int) -> None:
    """Draw images of 8 x 8 pixels, given as rows (n, 64), on the axes `ax` of matplotlib, so many in a line."""
    lines = -(-len(rows) // columns)
    framed = np.zeros((lines * columns, 9, 9))
    framed[: len(rows), :8, :8] = np.reshape(rows, (-1, 8, 8))
    sheet = framed.reshape(lines, columns, 9, 9).transpose(0, 2, 1, 3).reshape(9 * lines, 9 * columns)
    ax.pcolormesh(sheet[::-1], cmap="gray_r", vmin=0, vmax=1)
    ax.set_aspect("equal")
    ax.axis("off")
