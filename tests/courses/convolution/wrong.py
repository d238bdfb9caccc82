import numpy as np


def pad(image, width):
    return np.pad(np.asarray(image, dtype=float), width)


def conv2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijab,ab->ij", windows, kernel[::-1, ::-1])


def same_conv2d(image, kernel):
    return conv2d(pad(image, (len(kernel) - 1) // 2), kernel)


def max_pool(image, size):
    h, w = np.shape(image)
    if (h % size, w % size) != (0, 0):
        raise ValueError(f"{h} x {w} is no multiple of {size}")
    rows = [image[i : i + size] for i in range(0, h, size)]
    return np.array([[row[:, j : j + size].max() for j in range(0, w, size)] for row in rows])
