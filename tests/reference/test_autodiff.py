"""The autodiff of the reference: every rule against differences, every order against closed forms."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import autodiff as ad
from reference.autodiff import Tensor, elementwise_grad, grad

X = np.array([[0.3, -0.7, 1.1], [0.9, 0.2, -1.3]])
POSITIVE = np.abs(X) + 0.5
M = np.arange(6.0).reshape(3, 2) / 5 - 0.4

ELEMENTWISE = {
    "exp": (ad.exp, X),
    "log": (ad.log, POSITIVE),
    "tanh": (ad.tanh, X),
    "sigmoid": (ad.sigmoid, X),
    "relu": (ad.relu, X),
    "softplus": (ad.softplus, X),
    "negative": (lambda x: -x, X),
    "cube": (lambda x: x**3, X),
    "power": (lambda x: x**2.5, POSITIVE),
    "exponent": (lambda x: 2.0**x, X),
    "both": (lambda x: x**x, POSITIVE),
    "quotient": (lambda x: (1 + x) / (2 + x * x), X),
    "reciprocal": (lambda x: 1 / x, POSITIVE),
    "difference": (lambda x: 3 - x - x * x, X),
}
SCALAR = {
    "sum": (lambda x: (x.sum() * x).sum(), X),
    "sum along an axis": (lambda x: (x.sum(axis=0) ** 3).sum(), X),
    "sum that keeps": (lambda x: (x * x.sum(axis=1, keepdims=True)).sum(), X),
    "sum of two axes": (lambda x: x.sum(axis=(0, 1)) ** 2, X),
    "mean": (lambda x: (x.mean(axis=1) ** 3).sum() + x.mean(), X),
    "reshape": (lambda x: (x.reshape(3, 2) @ x).sum() ** 2, X),
    "reshape by a tuple": (lambda x: (x.reshape((6,)) ** 3)[2:5].sum(), X),
    "transpose": (lambda x: (x.T @ x * np.arange(9.0).reshape(3, 3)).sum(), X),
    "matrix and matrix": (lambda x: ad.tanh(x @ M).sum(), X),
    "matrix on the right": (lambda x: ad.tanh(M.T @ x.T).sum(), X),
    "matrix and vector": (lambda x: ((x @ x[0]) ** 2).sum(), X),
    "vector and matrix": (lambda x: ((x[:, 0] @ x) ** 3).sum(), X),
    "vector and vector": (lambda x: (x[0] @ x[1]) ** 3, X),
    "array and tensor": (lambda x: ((np.ones((2, 2)) @ x) ** 2).sum(), X),
    "broadcast row": (lambda x: ((x + x[0]) ** 3).sum(), X),
    "broadcast column": (lambda x: (x * x[:, :1]).sum() ** 2, X),
    "broadcast scalar": (lambda x: (x * x[0, 0] / (2 + x[1, 1])).sum(), X),
    "repeated indices": (lambda x: (x[[0, 0, 1], [0, 0, 2]] ** 3 * np.array([1.0, 2.0, 3.0])).sum(), X),
    "mask": (lambda x: (x[x.data > 0] ** 3).sum(), X),
    "logsumexp": (lambda x: (ad.logsumexp(x) ** 2).sum(), X),
    "logsumexp along 0": (lambda x: (ad.logsumexp(x, axis=0) ** 2).sum(), X),
    "log_softmax": (lambda x: (ad.log_softmax(x) ** 3).sum(), X),
    "affine": (lambda x: (ad.affine(x, x.T, x[:, 0]) ** 2).sum(), X),
    "cross_entropy": (lambda x: ad.cross_entropy(x, np.array([2, 0])) ** 2, X),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise_derivatives_up_to_the_third(name):
    f, x = ELEMENTWISE[name]
    for _ in range(3):
        slope = elementwise_grad(f)
        near = (f(Tensor(x + 1e-5)).data - f(Tensor(x - 1e-5)).data) / 2e-5
        assert np.allclose(slope(x).data, near, rtol=1e-6, atol=1e-6)
        assert np.allclose(slope(Tensor(x)).data, slope(x).data, rtol=1e-12)
        f = slope


@pytest.mark.parametrize("name", SCALAR)
def test_gradients_up_to_the_third_along_a_direction(name):
    f, x = SCALAR[name]
    along = np.random.default_rng(1).normal(size=x.shape)
    for _ in range(3):
        near = ad.numerical_gradient(lambda point, f=f: float(f(Tensor(point)).data), x, h=1e-5)
        exact = grad(f)(x)
        assert exact.shape == x.shape
        assert np.allclose(exact.data, near, rtol=1e-5, atol=1e-6)
        leaf = Tensor(x)
        f(leaf).backward()
        reached = np.zeros(x.shape) if leaf.grad is None else leaf.grad  # None: no way leads to it
        assert np.allclose(reached, exact.data, rtol=1e-12)
        f = lambda t, f=f: (grad(f)(t) * along).sum()  # noqa: E731


@pytest.mark.parametrize("name", ["exp", "tanh", "cube", "quotient", "exponent"])
def test_complex_steps_agree_to_the_last_digits(name):
    numpy = {"exp": np.exp, "tanh": np.tanh}.get(name, ELEMENTWISE[name][0])
    f, x = ELEMENTWISE[name]
    assert np.allclose(elementwise_grad(f)(x).data, np.imag(numpy(x + 1e-30j)) / 1e-30, rtol=1e-14)


def test_tanh_to_the_eighth_derivative():
    """By the recurrence p' = p'(y) (1 - y^2) of the polynomials in y = tanh x."""
    x = np.linspace(-2.0, 2.0, 41)
    p, f = np.polynomial.Polynomial([0.0, 1.0]), ad.tanh
    for _ in range(8):
        p, f = p.deriv() * np.polynomial.Polynomial([1.0, 0.0, -1.0]), elementwise_grad(f)
        exact = p(np.tanh(x))
        assert np.max(np.abs(f(x).data - exact) / np.maximum(np.abs(exact), 1e-3 * np.max(np.abs(exact)))) < 1e-9


def test_an_inner_derivative_takes_the_outer_variable_for_a_constant():
    assert grad(lambda x: x * grad(lambda y: x + y)(Tensor(1.0)))(Tensor(1.0)).data == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(2 * x))(3.0).data == 6.0
    assert grad(lambda x: x * grad(lambda y: x * y * y)(x))(Tensor(3.0)).data == 54.0
    assert grad(lambda x: grad(lambda y: x)(Tensor(1.0)) + x)(2.0).data == 1.0


def test_a_derivative_at_an_array_still_depends_on_the_variables_around_it():
    assert elementwise_grad(lambda x: x * elementwise_grad(lambda y: x * y)(1.0))(3.0).data == 6.0
    w = Tensor(2.0)
    (grad(lambda x: ad.exp(w * x))(0.5) ** 2).backward()  # (w exp(w / 2))**2 has the derivative (2 w + w**2) exp(w)
    np.testing.assert_allclose(w.grad, 8.0 * np.exp(2.0), rtol=1e-14)


def test_the_example_of_the_docs_works_as_it_stands():
    text = (Path(__file__).parents[2] / "docs" / "autodiff.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    assert sum(bool(line.strip()) for line in code.splitlines()) < 20, "as short as it says"
    names = {}
    exec(code, names)
    try:
        names["test_erf_has_three_derivatives"]()
        assert ad.check_gradient(lambda x: (names["erf"](x) * x).sum(), X) < 1e-6
    finally:
        del ad.RULES[names["_erf"]]


def test_rules_are_entered_from_the_first_argument_on():
    with pytest.raises(ValueError, match="enter the rules of its first arguments first"):
        ad.rule(np.hypot, 1)(lambda g, y, a, b: g)
    assert np.hypot not in ad.RULES


def test_a_function_that_ignores_its_argument_has_the_derivative_zero():
    c = Tensor(np.ones(3))
    for f in (lambda x: c.sum(), lambda x: 3.0, lambda x: (x * 0.0).sum()):
        assert np.array_equal(grad(f)(np.ones(2)).data, np.zeros(2))


def test_a_chain_of_ten_thousand():
    x = t = Tensor(np.ones(2))
    for _ in range(10_000):
        t = t + 0.5
    t.sum().backward()
    assert np.array_equal(x.grad, [1.0, 1.0])


def test_gradients_accumulate_and_leaves_do_not_share_them():
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    (a + b).sum().backward()
    a.grad[0] = 7.0
    assert np.array_equal(b.grad, [1.0, 1.0])
    (a * b).sum().backward()
    assert np.array_equal(a.grad, [10.0, 5.0]) and np.array_equal(b.grad, [2.0, 3.0])
    with pytest.raises(ValueError, match="scalar"):
        (a + b).backward()
    with pytest.raises(ValueError, match="scalar"):
        grad(lambda x: x)(np.ones(2))


def test_values_in_between_get_no_gradient_and_data_may_change_before_backward():
    x = Tensor(2.0)
    y = x * x
    x.data = np.array(5.0)
    y.backward()
    assert x.grad == 4.0 and y.grad is None


def test_arrays_and_numbers_on_either_side_leave_the_word_to_the_tensor():
    x, a = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    for made in (a + x, a - x, a * x, a / x, a**x, a @ x, 2 + x, 2 - x, 2 * x, 2 / x, 2**x):
        assert type(made) is Tensor


def test_large_arguments_neither_overflow_nor_warn():
    with np.errstate(all="raise", under="ignore"):
        x = np.array([-1000.0, 0.0, 1000.0])
        assert np.array_equal(ad.sigmoid(Tensor(x)).data, [0.0, 0.5, 1.0])
        assert np.allclose(ad.softplus(Tensor(x)).data, [0.0, np.log(2.0), 1000.0])
        assert np.allclose(elementwise_grad(ad.softplus)(x).data, [0.0, 0.5, 1.0])
        assert ad.logsumexp(Tensor(x)).data == 1000.0
        assert np.allclose(grad(lambda t: ad.logsumexp(t))(x).data, [0.0, 0.0, 1.0])
        assert np.isfinite(ad.cross_entropy(Tensor(x.reshape(1, 3)), np.array([0])).data)


def test_a_power_of_zero_has_a_derivative_at_zero():
    assert np.array_equal(grad(lambda x: (x**0).sum())(np.zeros(2)).data, [0.0, 0.0])
    assert np.array_equal(elementwise_grad(elementwise_grad(lambda x: x**2))(np.zeros(2)).data, [2.0, 2.0])
    exponents = np.array([0.0, 1.0, 2.0])
    assert np.array_equal(elementwise_grad(lambda x: x**exponents)(np.zeros(3)).data, [0.0, 1.0, 0.0])


def test_check_gradient_tells_right_from_wrong():
    assert ad.check_gradient(lambda x: (x**3).sum(), X) < 1e-6
    wrong = dict(ad.RULES)
    wrong[np.tanh] = (lambda g, y, x: g * (1.0 + y * y),)
    right, ad.RULES[np.tanh] = ad.RULES[np.tanh], wrong[np.tanh]
    try:
        assert ad.check_gradient(lambda x: ad.tanh(x).sum(), X) > 1e-2
    finally:
        ad.RULES[np.tanh] = right


def test_a_training_step_is_that_of_numpy_by_hand():
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(8, 4)), rng.integers(3, size=8)
    w = Tensor(rng.normal(size=(4, 3)))
    ad.cross_entropy(x @ w, labels).backward()
    chances = np.exp(x @ w.data) / np.exp(x @ w.data).sum(axis=1, keepdims=True)
    chances[np.arange(8), labels] -= 1.0
    assert np.allclose(w.grad, x.T @ chances / 8, rtol=1e-12)


UNARY = [ad.tanh, ad.sigmoid, ad.softplus, ad.exp, lambda x: x * x, lambda x: -x, lambda x: 1 / (2 + x * x)]
BINARY = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (3 + b * b)]


def expressions():
    """Functions of a tensor, made of the operations above and of constants."""
    leaves = st.one_of(st.just(lambda x: x), st.floats(-2, 2).map(lambda c: lambda x: x * 0.0 + c))

    def made_of(parts):
        return st.one_of(
            st.tuples(st.sampled_from(UNARY), parts).map(lambda p: lambda x: p[0](ad.tanh(p[1](x)))),
            st.tuples(st.sampled_from(BINARY), parts, parts).map(lambda p: lambda x: p[0](p[1](x), p[2](x))),
        )

    return st.recursive(leaves, made_of, max_leaves=8)


@settings(deadline=None, max_examples=60)
@given(expressions(), st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=4))
def test_any_expression_has_its_first_two_derivatives(f, x):
    x = np.array(x)
    for _ in range(2):
        near = (f(Tensor(x + 1e-5)).data - f(Tensor(x - 1e-5)).data) / 2e-5
        f = elementwise_grad(f)
        found = f(x).data
        assert np.allclose(found, near, rtol=1e-5, atol=1e-5 * max(1.0, float(np.max(np.abs(near)))))
