"""From nbgrader's cells to drafts: what each form becomes, and that what cannot be carried over is said."""

import ast
import textwrap

import numpy as np
import pytest

from grader.authoring import importing, load, markers, place, stubs
from grader.authoring.importing import points, solutions
from grader.authoring.importing.asserts import Unreadable, asserted
from grader.authoring.importing.writing import suggestion
from grader.errors import UserError
from tests.authoring.notebooks import cell, prose, save, solution
from tests.authoring.notebooks import tests as graded

SQUARE = solution(
    'def square(x):\n    """x times x."""\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION'
)


@pytest.fixture
def imported(tmp_path):
    """Import a notebook of these cells; what was drafted, and the TD loaded."""

    def run(*cells, name="td9"):
        drafted = importing.draft(save(tmp_path / "notebooks" / f"{name}.ipynb", *cells))
        place.write(tmp_path / "course", drafted.name, drafted.files)
        return drafted, load.load(tmp_path / "course", drafted.name)

    return run


def cases(check, seed=0):
    return check.cases(np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("statement", "value", "near"),
    [
        ("assert f(x) == 3", "f(x)", None),
        ("assert 3 == f(x)", "f(x)", None),
        ("assert np.allclose(f(x), y)", "f(x)", {}),
        ("assert numpy.allclose(y, f(x), rtol=1e-3, atol=0)", "f(x)", {"rtol": 1e-3, "atol": 0.0}),
        ("assert np.isclose(f(x), y).all(), 'no'", "f(x)", {}),
        ("assert math.isclose(f(x), y, rel_tol=1e-5)", "f(x)", {"rtol": 1e-5}),
        ("assert f(x) == pytest.approx(2.5)", "f(x)", {}),
        ("assert abs(f(x) - y) < 1e-6", "f(x)", {"atol": 1e-6}),
        ("assert np.max(np.abs(y - f(x))) <= 1e-6", "f(x)", {"atol": 1e-6}),
        ("assert np.linalg.norm(f(x) - y) < eps", "f(x)", {}),
        ("assert np.array_equal(f(x), y)", "f(x)", None),
        ("assert (f(x) == y).all()", "f(x)", None),
        ("assert np.all(f(x) == y)", "f(x)", None),
        ("assert f(x)", "f(x)", None),
        ("assert not f(x)", "f(x)", None),
        ("assert f(x) is None", "f(x)", None),
        ("np.testing.assert_allclose(f(x), y, 1e-3)", "f(x)", {"rtol": 1e-3}),
        ("assert_array_almost_equal(f(x), y, decimal=3)", "f(x)", {"atol": 1.5e-3}),
        ("np.testing.assert_array_equal(f(x), y)", "f(x)", None),
    ],
)
def test_an_assert_is_what_it_looks_at(statement, value, near):
    (found,) = asserted(ast.parse(statement).body[0], depends)
    assert (ast.unparse(found.value), found.near, found.only) == (value, near, "")


@pytest.mark.parametrize(
    ("statement", "only"),
    [
        ("assert f(x).shape == (2, 3)", "its shape"),
        ("assert np.shape(f(x)) == (2, 3)", "its shape"),
        ("assert len(f(x)) == 2", "its length"),
        ("assert f(x).dtype == float", "its dtype"),
        ("assert isinstance(f(x), list)", "its type"),
        ("assert np.isfinite(f(x)).all()", "that it is finite"),
        ("assert not np.isnan(f(x)).any()", "that it is finite"),
    ],
)
def test_an_assert_that_looks_at_less_than_the_value(statement, only):
    (found,) = asserted(ast.parse(statement).body[0], depends)
    assert (ast.unparse(found.value), found.only) == ("f(x)", only)


def test_an_assert_of_several_things():
    found = asserted(ast.parse("assert f(x) == 1 and f(y) == 2").body[0], depends)
    assert [ast.unparse(each.value) for each in found] == ["f(x)", "f(y)"]


@pytest.mark.parametrize(
    "statement",
    ["assert f(x) < 0.1", "assert f(x) != 3", "assert 1 < f(x) < 2", "assert f(x) in [1, 2]", "assert x == y",
     "np.testing.assert_raises(ValueError, f, x)", "assert f(x) == 1 or f(x) == 2", "assert all(f(v) for v in x) == y"],
)  # fmt: skip
def test_an_assert_that_says_too_little(statement):
    looks = "all(" in statement
    if looks:  # a value like any other
        assert ast.unparse(asserted(ast.parse(statement).body[0], depends)[0].value) == "all((f(v) for v in x))"
        return
    found = ast.parse(statement).body[0]
    if isinstance(found.test if isinstance(found, ast.Assert) else None, ast.BoolOp):
        assert len(asserted(found, depends)) == 1  # true or not: a value of the students'
        return
    with pytest.raises(Unreadable):
        asserted(found, depends)


def depends(value):
    return any(isinstance(part, ast.Name) and part.id == "f" for part in ast.walk(value))


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("def f(x):\n    return x", ["f"]),
        ("def f(x): return x", ["f"]),
        ("### BEGIN SOLUTION\ndef f(x):\n    return x\n### END SOLUTION", ["f"]),
        ("class A:\n    def f(self):\n        return 1\n\n    def g(self): return 2", ["A.f", "A.g"]),
        ("class A:\n    ### BEGIN SOLUTION\n    def f(self):\n        return 1\n    ### END SOLUTION", ["A.f"]),
        ("def f(x):\n    y = x\n    ### BEGIN SOLUTION\n    return y\n    ### END SOLUTION", ["f"]),
        ("def f(x):\n    ### BEGIN SOLUTION\n    return x", ["f"]),
        ("def f(x):\n    '''Doc.'''\n    # YOUR CODE HERE\n    raise NotImplementedError()", ["f"]),
        ("def f(x):\n    def g(y):\n        return y\n    return g(x)", ["f"]),
        ("@property\ndef f(x):\n    # why\n    return x\n\n\nK = 3", ["f"]),
    ],
)
def test_a_solution_is_the_body_of_each_function(text, items):
    made = solutions.solution(text).text
    assert stubs.items(made, "the cell") == items
    markers.cut(made, "the cell", lambda region: "raise NotImplementedError()")


def test_what_a_solution_cell_is_told_of():
    released = solutions.solution("def f(x):\n    raise NotImplementedError()\n\n\ndef g(x):\n    return 1")
    assert (released.unwritten, stubs.items(released.text, "cell")) == (("f",), ["f"])
    assert solutions.solution("### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION").loose == ("answer",)
    assert "### END SOLUTION" in solutions.solution("answer = 42").text
    assert solutions.solution("def f():\n    ### END SOLUTION\n    return 1").trouble


@pytest.mark.parametrize("weights", [[1], [1, 1, 1], [2, 3, 1, 2, 1, 1], [1000, 1, 1], [0.1] * 7, [1] * 1000])
def test_points_are_scaled_to_ten(weights):
    found = points.scaled(weights)
    assert abs(sum(found) - 10) < 1e-9
    assert min(found) >= 0.01
    assert [round(value * 100) / 100 for value in found] == found


@pytest.mark.parametrize(
    ("value", "draw"),
    [
        (np.ones((2, 3)), "rng.normal(size=(2, 3))"),
        (np.array([1, 5]), "rng.integers(1, 11, size=2)"),
        ([0.5, 1.5], "rng.normal(size=2).tolist()"),
        (7, "int(rng.integers(1, 28))"),
        (0.5, "float(rng.normal())"),
        *[(value, "") for value in ("text", None, True, {}, [], [[1], [2, 3]], ["a"])],
    ],
)
def test_a_draw_is_proposed_of_the_same_form(value, draw):
    assert suggestion(value) == draw


def test_asserts_of_one_kind_are_the_cases_of_a_check(imported):
    drafted, loaded = imported(
        SQUARE, graded('"""Check that square squares."""\nassert square(2) == 4\nassert square(-3) == 9')
    )
    (check,) = loaded.checks
    assert (check.id, check.sentence, check.compare.spec["kind"]) == ("tests", "Check that square squares.", "equal")
    assert cases(check) == {"case_1": {"x": 2}, "case_2": {"x": -3}}
    assert drafted.left == []


def test_hidden_tests_are_cases_that_are_not_shown(imported):
    text = "assert square(2.5) == 6.25\n### BEGIN HIDDEN TESTS\nassert square(0.5) == 0.25\n### END HIDDEN TESTS"
    _, loaded = imported(SQUARE, graded(text))
    (check,) = loaded.checks
    assert check.public == ("case_1",)
    assert list(cases(check)) == ["case_1", "case_2"]
    assert check.compare.spec["kind"] == "close"  # the reference answers with fractions


def test_only_hidden_tests(imported):
    drafted, loaded = imported(SQUARE, graded("### BEGIN HIDDEN TESTS\nassert square(2) == 4\n### END HIDDEN TESTS"))
    assert loaded.checks[0].public is None
    assert "hidden" in str(drafted.left[0])


def test_random_inputs_are_drawn(imported):
    text = """
        np.random.seed(3)
        x = np.random.randn(2, 3)
        k = np.random.randint(1, 5, size=4)
        gen = np.random.RandomState(0)
        y = gen.rand(3) + k[0]
        assert np.allclose(square(x), x ** 2)
        assert np.allclose(square(y), y ** 2)
    """
    _, loaded = imported(cell("import numpy as np"), SQUARE, graded(text))
    (check,) = loaded.checks
    one, other = cases(check, 1), cases(check, 2)
    assert [values["x"].shape for values in one.values()] == [(2, 3), (3,)]
    assert not np.array_equal(one["case_1"]["x"], other["case_1"]["x"])
    assert not np.array_equal(one["case_2"]["x"], other["case_2"]["x"])


def test_a_loop_over_written_values(imported):
    text = "for x, want in [(1, 1), (2, 4)]:\n    assert square(x) == want\n"
    text += "for i in range(3):\n    assert square(i) == i * i"
    _, loaded = imported(SQUARE, graded(text))
    (check,) = loaded.checks
    assert [values["x"] for values in cases(check).values()] == [1, 2, 0, 1, 2]


def test_objects_of_students_stay_in_the_probe(imported):
    layer = """
        class Linear:
            '''y = x W'''

            def __init__(self, n, rng):
                ### BEGIN SOLUTION
                self.W = rng.normal(size=(n, n))
                ### END SOLUTION

            def forward(self, x):
                ### BEGIN SOLUTION
                return x @ self.W
                ### END SOLUTION
    """
    test = """
        layer = Linear(3, np.random.default_rng(0))
        layer.W = np.eye(3) * 2
        x = np.arange(6.0).reshape(2, 3)
        y = layer.forward(x)
        assert y.shape == (2, 3)
        np.testing.assert_allclose(y, 2 * x)
    """
    _, loaded = imported(cell("import numpy as np"), solution(layer), graded(test))
    (check,) = loaded.checks
    assert check.parameters == ("n", "seed", "x")
    values = cases(check)["case_1"]
    assert isinstance(values["seed"], int)
    np.testing.assert_allclose(check.probe(loaded.reference, **values), 2 * values["x"])


def test_helpers_and_given_code(imported):
    given = """
        SCALE = 3

        def make(n):
            return np.ones(n) * SCALE
    """
    test = "f = lambda v: v + 1\nx = make(2)\nassert np.allclose(apply(f, x), 4)"
    apply = "def apply(f, x):\n    ### BEGIN SOLUTION\n    return f(x) * SCALE / SCALE\n    ### END SOLUTION"
    _, loaded = imported(cell("import numpy as np"), cell(given), solution(apply), graded(test))
    (check,) = loaded.checks
    values = cases(check)["case_1"]
    np.testing.assert_array_equal(values["x"], [3.0, 3.0])
    np.testing.assert_array_equal(check.probe(loaded.reference, **values), [4.0, 4.0])
    assert {"SCALE", "make"} <= set(vars(loaded.reference))
    assert "def make" in loaded.prose.code


def test_what_cannot_be_read_is_a_todo_that_nobody_passes(imported):
    text = """
        try:
            square("a")
        except TypeError:
            pass
        else:
            raise AssertionError("did not raise")
    """
    drafted, loaded = imported(SQUARE, graded(text, "refuses", 3), graded("assert square(2) == 4", "right", 1))
    todo, right = loaded.checks
    assert (todo.id, todo.points, right.points) == ("refuses", 7.5, 2.5)
    (function,) = todo.compare.functions
    assert function({}, todo.probe(loaded.reference)).startswith("TODO")
    assert drafted.todo == 1
    checks = drafted.files["assignments/td9/checks.py"].decode()
    assert "#         square('a')" in checks
    assert str(drafted.left[0]).startswith("cell 2: `try: square('a')")
    assert "cell 2: `try: square('a')" in checks.split("# Not carried over: ")[1]


def test_a_draft_that_does_not_work_becomes_a_todo(imported):
    drafted, loaded = imported(SQUARE, graded("assert square(missing) == 4\nassert square(2) == 4\nassert square('a')"))
    assert drafted.todo == 1
    assert any("does not work" in str(left) for left in drafted.left)
    assert sum(check.points for check in loaded.checks) == pytest.approx(10)


def test_questions_for_a_person(imported):
    drafted, loaded = imported(
        SQUARE,
        graded("assert square(2) == 4", points=3),
        prose("Because of the *chain rule*.", grade=True, solution=True, grade_id="why", points=1),
        prose(
            "Try it.\n=== BEGIN MARK SCHEME ===\nTwo words.\n=== END MARK SCHEME ===", task=True, points=1, locked=True
        ),
    )
    assert [(m.id, m.points, m.question) for m in loaded.manual] == [("why", 2.0, "2"), ("cell_4", 2.0, "3")]
    handout = drafted.files["assignments/td9/handout.md"].decode()
    checks = drafted.files["assignments/td9/checks.py"].decode()
    assert "Try it." in handout
    for secret in ("chain rule", "Two words", "MARK SCHEME"):
        assert secret not in handout
    assert "# Because of the *chain rule*." in checks
    assert "# Two words." in checks


def test_the_notebooks_own_numbers_are_kept(imported):
    double = SQUARE["source"][0].replace("square", "double") + "    return 2 * x"
    _, loaded = imported(
        prose("# Functions"), prose("## Exercise 1.1\nSquare."), SQUARE, graded("assert square(2) == 4", "a"),
        prose("### Exercise 1.2\nDouble."), solution(double, "other"), graded("assert double(2) == 4", "b"),
    )  # fmt: skip
    assert [check.question for check in loaded.checks] == ["1.1", "1.2"]
    assert loaded.items == {"square": "1.1", "double": "1.2"}
    assert loaded.assignment.title == "Functions"


def test_prose_that_looks_like_a_template(imported):
    _, loaded = imported(
        prose("$x_{{i}}$ and {% if %} and {# not a comment #}"), prose("```python\nnever closed"), SQUARE,
        graded("assert square(2) == 4"),
    )  # fmt: skip
    text = "\n".join(part.text for part in loaded.prose.parts if hasattr(part, "text"))
    assert "$x_{{i}}$ and {% if %} and {# not a comment #}" in text


def test_data_beside_the_notebook_comes_along(imported, tmp_path):
    (tmp_path / "notebooks").mkdir()
    np.savetxt(tmp_path / "notebooks" / "numbers.csv", [1.0, 2.0])
    load_it = cell("numbers = np.loadtxt('numbers.csv')\nmore = np.load('gone.npy')")
    test = graded("assert np.allclose(square(numbers), [1, 4])")
    drafted, loaded = imported(cell("import numpy as np"), load_it, SQUARE, test)
    assert list(loaded.data) == ["numbers.csv"]
    np.testing.assert_array_equal(cases(loaded.checks[0])["case_1"]["x"], [1.0, 2.0])
    assert any("gone.npy" in str(left) and left.cell == 2 for left in drafted.left)


def test_a_cell_to_try_things_out_is_one_of_the_notebook(imported):
    _, loaded = imported(
        SQUARE, cell("for i in range(3):\n    print(square(i))"), cell("unknown(3)"), graded("assert square(2) == 4")
    )
    assert [plot.text for plot in loaded.prose.plots] == ["for i in range(3):\n    print(square(i))"]


def test_nothing_is_tested(imported):
    drafted, loaded = imported(SQUARE, cell("square(3)"))
    assert [(check.id, check.points) for check in loaded.checks] == [("square_is_right", 10.0)]
    assert (drafted.checks, drafted.todo) == (1, 1)


def test_a_notebook_without_metadata_is_read_by_its_markers(imported):
    plain = cell(textwrap.dedent("".join(SQUARE["source"])).replace("### BEGIN", "# BEGIN"))
    _, loaded = imported(plain, cell("assert square(2) == 4"), cell("assert square(3.5) == 12.25"))
    assert [check.points for check in loaded.checks] == [5.0, 5.0]


@pytest.mark.parametrize("version", [0, 1, 2, 3])
def test_all_versions_of_the_metadata(imported, version):
    cells = [SQUARE, graded("assert square(2) == 4")]
    for each in cells:
        flags = each["metadata"]["nbgrader"] = dict(each["metadata"]["nbgrader"])
        flags["schema_version"] = version
        if version == 0:
            del flags["schema_version"]
        if version >= 2:
            flags |= {"cell_type": "code", "checksum": "0" * 32}
    _, loaded = imported(*cells)
    assert len(loaded.checks) == 1


@pytest.mark.parametrize("name", ["json", "1st", "a b", "class"])
def test_a_name_that_no_td_can_have(tmp_path, name):
    with pytest.raises(UserError, match="cannot be the name"):
        importing.draft(save(tmp_path / "n.ipynb", SQUARE), name)
