"""Drafted from convolution.ipynb: 9 checks, 10 points.

Expected outputs come from the reference, so of each assert only what it looks at is here. Values that are written out
are the notebook's own; where a comment proposes a draw in their place, take it, or a better one: else whoever writes
the public answers down at home gets the points.
"""

import numpy as np

from grader.authoring import check, close, equal, manual, predicate


def cases_of_test_pad(rng):
    cases = {}
    x = rng.normal(size=(3, 4))
    cases["case_1"] = {
        "image": x,
        "width": 2,
    }
    return cases


@check("1", points=0.67, cases=cases_of_test_pad, compare=close())
def test_pad(td, image, width):
    """Check that pad puts zeros on all sides."""
    return td.pad(image, width)


def cases_of_test_pad_2(rng):
    cases = {}
    x = rng.normal(size=(3, 4))
    cases["case_1"] = {
        "image": x,
        "width": 1,
    }
    return cases


@check("1", points=0.67, cases=cases_of_test_pad_2, compare=close())
def test_pad_2(td, image, width):
    """Check that pad puts zeros on all sides."""
    return td.pad(image, width)[1:-1, 1:-1]


def cases_of_test_pad_3(rng):
    cases = {}
    x = rng.normal(size=(3, 4))
    cases["case_1"] = {
        "image": x,
        "width": 1,
    }
    return cases


@check("1", points=0.66, cases=cases_of_test_pad_3, compare=close())
def test_pad_3(td, image, width):
    """Check that pad puts zeros on all sides."""
    return td.pad(image, width).sum()


def cases_of_test_conv2d(rng):
    cases = {}
    image = rng.normal(size=(6, 5))
    kernel = rng.normal(size=(3, 2))
    cases["case_1"] = {
        "image": image,
        "kernel": kernel,
    }
    return cases


@check("2", points=1, cases=cases_of_test_conv2d, compare=close(rtol=1e-06))
def test_conv2d(td, image, kernel):
    """conv2d gives the right values, and does not flip the kernel"""
    return td.conv2d(image, kernel)


def cases_of_test_conv2d_2(rng):
    cases = {}
    EDGES = np.array([[1.0, 0.0, -1.0]] * 3)
    image = rng.normal(size=(6, 5))
    cases["case_1"] = {
        "image": image,
        "kernel": EDGES,
    }
    return cases


@check("2", points=1, cases=cases_of_test_conv2d_2, compare=close(atol=1e-09))
def test_conv2d_2(td, image, kernel):
    """conv2d gives the right values, and does not flip the kernel"""
    return td.conv2d(image, kernel)


def cases_of_test_conv2d_3(rng):
    cases = {}
    image = rng.normal(size=(6, 5))
    kernel = rng.normal(size=(1, 4))
    cases["case_1"] = {
        "image": image,
        "kernel": kernel,
    }
    return cases


@check("2", points=1, cases=cases_of_test_conv2d_3, compare=close(rtol=1e-06))
def test_conv2d_3(td, image, kernel):
    """conv2d gives the right values, and does not flip the kernel"""
    return td.conv2d(image, kernel)[0, 0]


def cases_of_test_same(rng):
    image = rng.normal(size=(6, 7))
    return {f"size_{size}": {"image": image, "kernel": rng.normal(size=(size, size))} for size in (1, 3, 5)}


@check("2", points=1, cases=cases_of_test_same, compare=close())
def test_same(td, image, kernel):
    """same_conv2d keeps the shape"""
    return td.same_conv2d(image, kernel)


def cases_of_test_pool(rng):
    shapes = {"one_block": (2, 2), "square": (4, 4), "wide": (2, 6)}
    return {name: {"image": rng.integers(-1000, 1000, size=shape), "size": 2} for name, shape in shapes.items()}


@check("3", points=2, cases=cases_of_test_pool, compare=equal())
def test_pool(td, image, size):
    """Check max_pool on small images"""
    return td.max_pool(image, size)


def cases_of_test_pool_refuses(rng):
    return {"thirty_shapes": {"shapes": 2 * rng.integers(2, 9, size=(30, 2)) + rng.integers(0, 2, size=(30, 1))}}


@check("3", points=2, cases=cases_of_test_pool_refuses, compare=equal())
def test_pool_refuses(td, shapes):
    """Your max_pool raises ValueError for images that its blocks do not fit, and for no others."""
    refused = []
    for shape in shapes:
        try:
            td.max_pool(np.zeros(shape), 2)
            refused.append(False)
        except ValueError:
            refused.append(True)
    return refused


# Not carried over: cell 7: `assert pad(x, 2).shape == (7, 8)` asks only for its shape; the draft compares the value
# Not carried over: cell 7: of a check whose tests are all hidden the first is public: one has to be
# Not carried over: cell 11: of a check whose tests are all hidden the first is public: one has to be
# Not carried over: cell 12: `assert same_conv2d(np.ones((6, 7)), np.ones((size, size))).…` asks only for its shape;
#   the draft compares the value
# Not carried over: cell 16: `try: max_pool(np.ones((3, 3)), 2) except ValueError: pass e…` is a TODO in checks.py:
#   asserts in a loop, a branch, a function or a `try` say too little of what to call
