"""What a source binds and reads, as the compiler sees it."""

import pytest

from grader.authoring import names


@pytest.mark.parametrize(
    ("source", "bound", "read"),
    [
        ("import numpy as np\n", {"np"}, set()),
        ("import os.path\nfrom a import b as c, d\n", {"os", "c", "d"}, set()),
        ("a, (b, *c) = f()\n", {"a", "b", "c"}, {"f"}),
        ("x: int = 1\n", {"x"}, {"int"}),
        ("for i in y:\n    z = i\n", {"i", "z"}, {"y", "i"}),
        ("def f(a, b=C):\n    c = a\n    return c + D + np.e\n", {"f"}, {"C", "D", "np"}),
        ("def f(a):\n    return lambda b: [a + b + c + x for x in g]\n", {"f"}, {"c", "g"}),
        ("class A(B):\n    x = C\n    def m(self):\n        return D, self.x\n", {"A"}, {"B", "C", "D"}),
        ("@decorate(1)\ndef f():\n    pass\n", {"f"}, {"decorate"}),
        ("def f():\n    global g\n    g = 1\n", {"f"}, {"g"}),
        ("def f(a, b):\n    def inner():\n        return a + k\n    return inner\n", {"f"}, {"k"}),
        ("T['a'] = h\n", set(), {"T", "h"}),
    ],
)
def test_names(source, bound, read):
    assert names.bound(source) == bound
    assert names.read(source) == read


def test_annotations_that_are_never_evaluated_need_no_name():
    source = "def f(a: Array) -> Array:\n    return a\n"
    assert names.missing(source) == {"Array"}
    assert names.missing("from __future__ import annotations\n" + source) == set()


def test_builtins_are_not_missing():
    assert names.missing("def f():\n    return len(__name__), nothing\n") == {"nothing"}


def test_imports_are_found_anywhere():
    source = "import a.b, c\ndef f():\n    from .d import e\n    from g.h import i\n"
    assert names.imports(source) == [(1, "a.b"), (1, "c"), (3, ".d"), (4, "g.h")]
