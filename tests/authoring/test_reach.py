"""What a check runs, and what an edit changes."""

import pytest

from grader.authoring import reach

SOURCE = """
def helper(x):
    return x + 1

def made(f):
    return lambda x: f(x)

class Layer:
    def __init__(self, k):
        self.k = k

    @property
    def twice(self):
        return 2 * self.k

    @twice.setter
    def twice(self, value):
        self.k = value / 2

    def forward(self, x):
        return [self.k * helper(y) for y in x]

wrapped = made(abs)
TABLE = {1: lambda x: x}
"""


def run(text):
    names = {}
    exec(compile(SOURCE, "layer.py", "exec"), names)
    return reach.functions_run(lambda: eval(compile(text, "probe.py", "eval"), names), {"layer.py"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Layer(2).forward([1])", {"Layer.__init__", "Layer.forward", "helper"}),
        ("Layer(2).twice", {"Layer.__init__", "Layer.twice"}),
        ("wrapped(-1)", {"made"}),
        ("abs(-1)", set()),
    ],
)
def test_functions_that_run_are_known_by_name(text, names):
    assert run(text) == names


def test_functions_are_seen_where_one_raises():
    with pytest.raises(ZeroDivisionError):
        run("1 / helper(-1)")


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("x + 1", "x + 2", {"helper"}),
        ("x + 1", "x + 1  # a comment", set()),
        ("2 * self.k", "3 * self.k", {"Layer.twice"}),
        ("value / 2", "value", {"Layer.twice"}),
        ("lambda x: f(x)", "lambda x: -f(x)", {"made"}),
        ("helper(y)", "-helper(y)", {"Layer.forward"}),
        ("1: lambda x: x", "1: lambda x: -x", None),
        ("def helper(x)", "def helper(x, y=1)", None),
        ("made(abs)", "made(max)", None),
        ("    @property\n", "", None),
        ("def helper", "def help", None),
    ],
)
def test_changed_functions_are_named_and_all_else_is_everything(old, new, changed):
    assert old in SOURCE
    assert reach.functions_changed(SOURCE, SOURCE.replace(old, new)) == changed
