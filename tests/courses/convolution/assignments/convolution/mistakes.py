"""What students get wrong in convolution."""

from grader.authoring import Mistake

MISTAKES = [
    Mistake(
        "kernel_is_flipped",
        "image[i : i + kh, j : j + kw] * kernel)",
        "image[i : i + kh, j : j + kw] * kernel[::-1, ::-1])",
        "Which entry of the kernel meets the image's upper left pixel in y[0, 0]?",
        "The formula has k[a, b] x[i + a, j + b]: both indices grow together. A kernel turned round is another operation.",
        why_dear="conv2d is three of ten points, and same_conv2d is made of it.",
    ),
    Mistake(
        "same_pads_by_the_whole_kernel",
        "kernel.shape[0] // 2",
        "kernel.shape[0] - 1",
        "How many rows does conv2d take away from a padded image, and how many should be left?",
        "conv2d takes away k - 1 rows; half of them, (k - 1) / 2, belong on each side.",
    ),
    Mistake(
        "pools_the_mean",
        ".max(axis=(1, 3))",
        ".mean(axis=(1, 3))",
        "Is every entry of your output one of the image's?",
        "Max pooling takes the largest value of a block.",
    ),
]
