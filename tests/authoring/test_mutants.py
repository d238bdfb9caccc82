"""Mutants: what each operator does, where, and that nothing else of the source moves."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.mutants import RULES, mutate


def of(statement, operator=None):
    """What becomes of a statement in a function of three lines."""
    source = f"def f(a, b, x, self):\n    {statement}\n    return 'text'\n"
    found = [m for m in mutate(source) if operator in (None, m.operator)]
    assert all(m.line == 2 and m.before == statement and m.function == "f" for m in found)
    assert all(m.source == source.replace(statement, m.after) for m in found)
    return [m.after for m in found]


@pytest.mark.parametrize(
    ("statement", "operator", "after"),
    [
        ("y = a + b", "arithmetic", ["y = a - b", "y = a * b"]),
        ("y = a - b", "arithmetic", ["y = a + b"]),
        ("y = a * b", "arithmetic", ["y = a / b", "y = a + b"]),
        ("y = a / b", "arithmetic", ["y = a * b"]),
        ("y = a**b", "arithmetic", ["y = a*b"]),
        ("y = a @ b", "arithmetic", ["y = a * b"]),
        ("y = a // b", "arithmetic", ["y = a * b"]),
        ("y = a & b", "arithmetic", ["y = a | b"]),
        ("x += a", "arithmetic", ["x -= a", "x *= a"]),
        ("x **= a", "arithmetic", ["x *= a"]),
        ("x += a", "operator dropped", ["x = a"]),
        ("y = (a) + (b)", "arithmetic", ["y = (a) - (b)", "y = (a) * (b)"]),
        ("y = -a", "sign", ["y = a"]),
        ("return-a", "sign", ["return a"]),
        ("y = a * b", "sign", ["y = -(a * b)"]),
        ("return a.b[x]", "sign", ["return -(a.b[x])"]),
        ("y = np.zeros(a)", "sign", []),
        ("y = a < b", "comparison", ["y = a <= b", "y = a >= b"]),
        ("y = a <= b == x", "comparison", ["y = a < b == x", "y = a > b == x", "y = a <= b != x"]),
        ("y = a is  not b", "comparison", ["y = a is b"]),
        ("y = a not in b", "comparison", ["y = a in b"]),
        ("y = a and b and x", "logic", ["y = a or b and x", "y = a and b or x"]),
        ("y = not a", "negation dropped", ["y = a"]),
        ("y = a if b else x", "negated condition", ["y = a if not (b) else x"]),
        ("y = [a for a in b if a]", "negated condition", ["y = [a for a in b if not (a)]"]),
        ("y = 0", "constant", ["y = 1"]),
        ("y = 1", "constant", ["y = 2", "y = 0"]),
        ("y = a[7]", "constant", ["y = a[14]"]),
        ("y = 0.5", "constant", ["y = 1.0"]),
        ("y = f(keepdims=True)", "constant", ["y = f(keepdims=False)"]),
        ("y = f(a, axis=0)", "axis", ["y = f(a, axis=1)", "y = f(a, axis=None)"]),
        ("y = f(a, axis=-1)", "axis", ["y = f(a, axis=0)", "y = f(a, axis=None)"]),
        ("y = f(a, axis=None)", "axis", ["y = f(a, axis=0)"]),
        ("y = f(a, b + 1, x)", "swapped arguments", ["y = f((b + 1), a, x)"]),
        ("y = f(a, *b)", "swapped arguments", []),
        ("y = f((a), a)", "swapped arguments", []),
        ("y = np.maximum(a, b)", "swapped arguments", []),
        ("y = np.where(a, b, x)", "swapped arguments", ["y = np.where(b, a, x)", "y = np.where(a, x, b)"]),
        ("y = a @ b.T", "swapped arguments", ["y = b.T @ a"]),
        ("y = (a + b) / x", "swapped arguments", ["y = (x) / (a + b)"]),
        ("y = a.T @ b", "transpose dropped", ["y = a @ b"]),
        ("y = (a + b).T", "transpose dropped", ["y = (a + b)"]),
        ("y = a[:b]", "slice", ["y = a[1:b]", "y = a[:b - 1]"]),
        ("y = a[b :]", "slice", ["y = a[b + 1 :]", "y = a[b :-1]"]),
        ("y = a[:, 0]", "slice", ["y = a[1:, 0]", "y = a[:-1, 0]"]),
        ("y = np.maximum(a, b)", "function", ["y = np.minimum(a, b)"]),
        ("y = a.mean(axis=b)", "function", ["y = a.sum(axis=b)"]),
        ("y = max(a, b)", "function", ["y = min(a, b)"]),
        ("y = sum(a)", "function", []),
        ("y = np.sqrt(a + b)", "function dropped", ["y = (a + b)"]),
        ("y = a.copy()", "function dropped", ["y = a"]),
        ("for i in reversed(a): b(i)", "function dropped", ["for i in a: b(i)"]),
        ("for i in range(a): b(i)", "range", ["for i in range(a - 1): b(i)"]),
        ("for i in range(a, b + x): b(i)", "range", ["for i in range(a, (b + x) - 1): b(i)"]),
        ("a.step(b)", "statement dropped", ["pass"]),
        ("x -= a", "statement dropped", ["pass"]),
        ("x = f(x)", "statement dropped", ["pass"]),
        ("self.x = x", "statement dropped", ["pass"]),
        ("a[0] = b", "statement dropped", ["pass"]),
        ("y = a", "statement dropped", []),
        ("yield a", "statement dropped", ["pass"]),
    ],
)
def test_operators(statement, operator, after):
    assert of(statement, operator) == after


@pytest.mark.parametrize(
    "statement",
    [
        "if a < 0: raise ValueError(f'{a + 1} is below {0}')",
        "assert a < 0, 1",
        "raise ValueError('not', 3)",
        "y = f'{a + 1}'",
        "y: list[a + 1]",
        "print(a + 1)",
        "'docstring with 1 + 1'",
        "import numpy as np",
    ],
)
def test_guards_and_texts_are_left_alone(statement):
    assert of(statement) == []


def test_zip_may_be_strict():
    assert "strict=True" in of("for a in zip(a, b, strict=True): pass", "swapped arguments")[0]
    assert of("for a in zip(a, b, strict=True): pass", "constant") == []


def test_calls_of_nothing_but_guards_are_guards():
    guard = 'def check(a):\n    """Or raise."""\n    if a < 0:\n        raise ValueError\n'
    assert list(mutate(guard + "def f(a):\n    check(a)\n")) == []
    assert [m.after for m in mutate("def f(a):\n    check(a)\n")] == ["pass"]


def test_the_rest_of_a_guard_is_mutated():
    source = "if a:\n    raise ValueError\nelif b < c:\n    d()\n"
    assert [m.after for m in mutate(source)] == ["elif b <= c:", "elif b >= c:", "pass"]


def test_comments_layout_and_other_letters_are_kept():
    lines = ["def f(é):  # naïve", '    """1 + 1"""', "    β = (", "        é  # a +", "        + 2", "    )"]
    source = "\r\n".join([*lines, "    return β", ""])
    found = {(m.line, m.after): m.source for m in mutate(source)}
    assert found[5, "- 2"] == source.replace("+ 2", "- 2")
    assert found[5, "+ 4"] == source.replace("+ 2", "+ 4")
    assert found[7, "return -(β)"] == source.replace("return β", "return -(β)")
    assert all(source[: source.index("β = ")] in text for text in found.values())


def test_operands_over_several_lines_can_be_swapped():
    source = "y = (\n    a\n    .b\n) - c\n"
    (swapped,) = (m for m in mutate(source) if m.operator == "swapped arguments")
    assert ast.unparse(ast.parse(swapped.source)) == "y = c - a.b"


def test_lines_and_functions():
    source = (
        "class A:\n    def m(self):\n        def inner(b):\n            return b < 1\n        return inner\nz = not x\n"
    )
    assert {(m.line, m.function) for m in mutate(source)} == {(4, "A.m.inner"), (5, "A.m"), (6, "")}
    assert {m.line for m in mutate(source, [5, 6])} == {5, 6}
    assert list(mutate(source, [])) == []


def test_what_is_no_python_is_refused():
    with pytest.raises(SyntaxError):
        list(mutate("def f(:\n"))


names = st.sampled_from(["a", "b", "c.T", "d[0]", "d[1:a, :]", "f(a, b)", "g(x, axis=0).copy()", "0", "1.5", "True"])
expressions = st.recursive(
    names,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+ - * / ** @ // % & < >= == is and or in".split()), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        inner.map("(not {})".format),
        inner.map("np.sqrt({})".format),
        st.tuples(inner, inner).map(lambda p: f"np.where(a, {p[0]}, {p[1]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"[{p[0]} for e in range({p[1]})]"),
        st.tuples(inner, inner).map(lambda p: f"(  # {p[0]}\n   {p[1]} )"),
    ),
    max_leaves=8,
)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # of `0 is 1` and the like
@given(expressions, st.sampled_from(["y = {}", "return({})", "x[a] -= {}", "while {}:\n        break"]))
def test_every_mutant_is_python_in_one_other_place(expression, statement):
    source = f"def f():\n    {statement.format(expression)}\n"
    try:
        tree = ast.dump(ast.parse(source))
    except SyntaxError:  # `not a` in the wrong place
        return
    found = list(mutate(source))
    assert found == list(mutate(source))
    assert len({m.source for m in found} | {source}) == len(found) + 1
    for mutant in found:
        assert ast.dump(ast.parse(mutant.source)) != tree


def test_every_rule_is_for_a_node_that_has_a_place():
    assert all(issubclass(kind, ast.stmt | ast.expr | ast.comprehension) for kind in RULES)
