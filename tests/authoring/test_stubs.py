"""Stubs: the reference word for word, but for its solutions."""

import ast
import textwrap

import pytest

from grader.authoring import stubs
from grader.errors import AssignmentError


def source(text):
    return textwrap.dedent(text).lstrip("\n")


MINI = source('''
    """What only the instructor reads."""

    from __future__ import annotations

    import math
    from collections.abc import Callable, Iterable

    import numpy as np

    from reference.other import helper

    # How far apart two points may be.
    STEP = 1e-6


    ### BEGIN SOLUTION
    def secret(x):
        return math.tau * x
    ### END SOLUTION
    # Said of double.
    def double(f: Callable[[float], float], x: float) -> float:
        """Twice f at x."""
        # Think of STEP.
        ### BEGIN SOLUTION
        return 2 * helper(f(x)) + secret(STEP)
        ### END SOLUTION


    class Base:
        def __call__(self, x):
            return self.forward(x)


    class Scale(Base):
        """A layer."""

        def __init__(self, k):
            self.k = k

        def forward(self, x):
            """x times k."""
            ### BEGIN SOLUTION
            self.x = x
            return x * self.k
            ### END SOLUTION

        def backward(self, grad):
            ### BEGIN SOLUTION
            return grad * self.k
            ### END SOLUTION


    TABLE = {"double": double}
''')
SOURCES = {"reference.mini": MINI}


def test_a_function():
    stub = stubs.stub_of(SOURCES, "double", "1.1")
    assert stub.items == {"double": "1.1"}
    assert stub.code == source('''
        # Said of double.
        def double(f: Callable[[float], float], x: float) -> float:
            """Twice f at x."""
            # Think of STEP.
            raise NotImplementedError("question 1.1: double")
    ''').rstrip("\n")


def test_a_class_with_a_question_for_each_method():
    stub = stubs.stub_of(SOURCES, "Scale", {"forward": "1.2", "backward": "1.3"})
    assert stub.items == {"Scale.forward": "1.2", "Scale.backward": "1.3"}
    assert 'raise NotImplementedError("question 1.2: Scale.forward")' in stub.code
    assert 'raise NotImplementedError("question 1.3: Scale.backward")' in stub.code
    assert "grad * self.k" not in stub.code
    assert "self.k = k" in stub.code


def test_one_question_for_all_methods():
    assert stubs.stub_of(SOURCES, "Scale", "2").items == {"Scale.forward": "2", "Scale.backward": "2"}


@pytest.mark.parametrize(("name", "begins"), [("Base", "class Base:"), ("TABLE", 'TABLE = {"double"')])
def test_given_code_is_as_it_is(name, begins):
    stub = stubs.stub_of(SOURCES, name, None)
    assert stub.code.startswith(begins)
    assert not stub.items


@pytest.mark.parametrize(
    ("name", "questions", "says"),
    [
        ("double", None, "names no question"),
        ("Base", "1.1", "it is given code"),
        ("Scale", {"forward": "1.2"}, "no question for Scale.backward"),
        ("Scale", {"forward": "1", "backward": "1", "__init__": "1"}, "Scale.__init__, which has no solution"),
        ("nothing", "1", "there is no nothing in reference.mini"),
        ("secret", None, "has nothing of that name outside its solutions"),
        ("double", '1"', "write it like 2.3"),
    ],
)
def test_what_does_not_fit_is_refused(name, questions, says):
    with pytest.raises(AssignmentError, match=says):
        stubs.stub_of(SOURCES, name, questions)


def test_the_header_has_what_stubs_need_and_no_more():
    code = stubs.stub_of(SOURCES, "double", "1").code
    assert stubs.header_of(SOURCES, [code]) == source("""
        from __future__ import annotations

        from collections.abc import Callable

        import numpy as np

        # How far apart two points may be.
        STEP = 1e-6
    """).rstrip("\n")


def test_a_stub_that_needs_another_module_of_the_reference_is_refused():
    with pytest.raises(AssignmentError, match=r"needs helper of reference\.other"):
        stubs.header_of(SOURCES, ["def g(x):\n    return helper(x)"])


def test_modules_of_one_file_import_each_other_no_more():
    a = "import numpy as np\n\n\ndef f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"
    b = "import numpy as np\n\nfrom reference.a import f\n\n\ndef g(x):\n    return f(x)\n"
    sources = {"reference.a": a, "reference.b": b}
    codes = [stubs.stub_of(sources, "f", "1").code, stubs.stub_of(sources, "g", None).code]
    assert stubs.header_of(sources, codes) == "import numpy as np"
    with pytest.raises(AssignmentError, match="list that module"):
        stubs.header_of({"reference.b": b.replace("import f\n", "import f as g2\n")}, ["g2()"])


def test_names_that_nothing_defines_and_foreign_imports_are_refused():
    stubs.check_self_contained("import math\nx = math.pi\n", ["numpy"], "mini.py")
    with pytest.raises(AssignmentError, match=r"needs Base, which nothing in it defines.*stub\('Base'\)"):
        stubs.check_self_contained("class Scale(Base):\n    pass\n", ["numpy"], "mini.py")
    with pytest.raises(AssignmentError, match=r"line 2: the handout imports torch\.nn"):
        stubs.check_self_contained("def f():\n    import torch.nn\n", ["numpy"], "mini.py")


def test_what_old_pythons_cannot_run_is_refused():
    match = "def f(x):\n    match x:\n        case 1:\n            pass\n"
    with pytest.raises(AssignmentError, match=r"Python 3\.9 cannot read \(Pattern matching"):
        stubs.check_self_contained(match, ["numpy"], "mini.py")
    union = "class A:\n    def f(self, x: list[int | None]):\n        pass\n"
    with pytest.raises(AssignmentError, match=r"annotation list\[int \| None\].*__future__"):
        stubs.check_self_contained(union, ["numpy"], "mini.py")
    stubs.check_self_contained("from __future__ import annotations\n\n\n" + union, ["numpy"], "mini.py")


def test_a_solution_that_is_not_placed_is_named():
    stubs.check_placed(SOURCES, ["double", "Scale.forward", "Scale.backward"])
    with pytest.raises(AssignmentError, match=r"solution in Scale\.backward that the handout does not place"):
        stubs.check_placed(SOURCES, ["double", "Scale.forward"])


def test_one_stub_alone():
    text = stubs.stub_alone(MINI, "reference.mini", "Scale.backward", "1.3")
    assert 'raise NotImplementedError("question 1.3: Scale.backward")' in text
    assert "return grad * self.k" not in text
    assert "return x * self.k" in text and "math.tau" in text
    with pytest.raises(AssignmentError, match="no solution in Base"):
        stubs.stub_alone(MINI, "reference.mini", "Base", "1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "class A:\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\n",
            "line 2: put the solution into a method",
        ),
        (
            "if 1:\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\n",
            "line 2: a solution belongs in a function",
        ),
    ],
)
def test_a_solution_outside_functions_is_refused(text, says):
    with pytest.raises(AssignmentError, match=says):
        stubs.items(text, "reference.mini")


def test_docstrings_are_translated_in_place():
    text = stubs.translated(MINI, "reference.mini", {"Scale.forward": 'x fois k.\n\nDit "k".', "double": r"Le \double"})
    tree = ast.parse(text)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assert ast.get_docstring(classes[1].body[2]) == 'x fois k.\n\nDit "k".'
    assert r"Le \double" in [ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert stubs.items(text, "m") == stubs.items(MINI, "m")
    assert stubs.documented(MINI) == ["double", "Scale", "Scale.forward"]
    with pytest.raises(AssignmentError, match="no docstring in Base to translate"):
        stubs.translated(MINI, "reference.mini", {"Base": "Rien."})
