"""Convolutions by hand: drafted from convolution.ipynb."""

import numpy as np


def pad(image, width):
    """The image with `width` zeros on each side: (h, w) becomes (h + 2 width, w + 2 width)."""
    ### BEGIN SOLUTION
    h, w = image.shape
    padded = np.zeros((h + 2 * width, w + 2 * width))
    padded[width : width + h, width : width + w] = image
    return padded
    ### END SOLUTION


def conv2d(image, kernel):
    """The cross-correlation of an image (h, w) with a kernel (kh, kw): shape (h - kh + 1, w - kw + 1)."""
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out
    ### END SOLUTION


def same_conv2d(image, kernel):
    """As conv2d, of the image padded with zeros, for a kernel (k, k) with k odd: the output has the image's shape."""
    ### BEGIN SOLUTION
    return conv2d(pad(image, kernel.shape[0] // 2), kernel)
    ### END SOLUTION


def max_pool(image, size):
    """The largest value of each block (size, size). Raises ValueError where the blocks do not fit."""
    ### BEGIN SOLUTION
    h, w = image.shape
    if h % size or w % size:
        raise ValueError("blocks of this size do not fit")
    return image.reshape(h // size, size, w // size, size).max(axis=(1, 3))
    ### END SOLUTION
