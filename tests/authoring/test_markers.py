"""Solutions are found where they are, and nothing that would hand one out by accident passes."""

import textwrap

import pytest

from grader.authoring import markers
from grader.errors import AssignmentError

SOURCE = textwrap.dedent('''\
    def one(x):
        """Not a marker: ### BEGIN SOLUTION"""
        ### BEGIN SOLUTION
        y = x + 1
        return y
        ### END SOLUTION


    text = """
    ### END SOLUTION
    """


    class Two:
        def three(self):
            before = 1
            ### BEGIN SOLUTION
            return before
            ### END SOLUTION
''')


def test_regions_are_found_by_tokens():
    assert markers.regions(SOURCE, "one.py") == (markers.Region(3, 6, "    "), markers.Region(17, 19, " " * 8))
    assert markers.solutions(SOURCE, "one.py") == ["y = x + 1\nreturn y\n", "return before\n"]


def test_cut_keeps_all_the_rest():
    stub = markers.cut(SOURCE, "one.py", lambda region: f"raise KeyError({region.first_line})")
    assert stub.splitlines()[2] == "    raise KeyError(3)"
    assert stub.splitlines()[-2:] == ["        before = 1", "        raise KeyError(17)"]
    assert "y = x + 1" not in stub
    assert 'text = """\n### END SOLUTION\n"""' in stub


def test_an_empty_replacement_leaves_no_line():
    source = "a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION\nc = 3\n"
    assert markers.cut(source, "x.py", lambda region: "") == "a = 1\nc = 3\n"


BEGIN, END = markers.BEGIN, markers.END


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (f"{BEGIN}\nx = 1\n{BEGIN}\ny = 2\n{END}\n", "x.py, line 3: a solution begins inside the one that line 1"),
        (f"x = 1\n{BEGIN}\nx = 2\n", "x.py, line 2: ### BEGIN SOLUTION without an ### END SOLUTION"),
        (f"x = 1\n{END}\n", "x.py, line 2: ### END SOLUTION without"),
        (f"if 1:\n    {BEGIN}\n    x = 2\n{END}\n", "x.py, line 4: .* not indented as the .* of line 2"),
        (f"if 1:\n    {BEGIN}\n    x = 2\n\t{END}\n", "x.py, line 4: .* not indented as"),
        (f"x = 1\n{BEGIN}\n\n# later\n{END}\n", "x.py, line 2: there is no code"),
        (f"x = 1 {BEGIN}\ny = 2\n{END}\n", "x.py, line 1: give .* a line of its own"),
        (f"x = [\n{BEGIN}\n1,\n{END}\n]\n", "x.py, line 2: .* inside brackets"),
        ("x = 1\n# BEGIN SOLUTION\ny = 2\n# END SOLUTION\n", "x.py, line 2: write ### BEGIN SOLUTION"),
        ("### begin solution\ny = 2\n### end solution\n", "x.py, line 1: write ### BEGIN SOLUTION"),
        ("###BEGIN SOLUTION\ny = 2\n### END SOLUTION\n", "x.py, line 1: write"),
        ("### BEGIN SOLUTION:\ny = 2\n### END SOLUTION\n", "x.py, line 1: write"),
        (
            f"class A:\n  def a(self):\n    {BEGIN}\n    return 1\n  def b(self):\n    {END}\n    return 2\n",
            "x.py, line 5: less indented than the solution",
        ),
        ("x = (\n", "x.py, line 1: not Python"),
        ("x = 1\n  y = 2\n", "x.py, line 2: not Python"),
        ("x = '\0'\n", "x.py.*not Python"),
    ],
)
def test_other_markers_are_refused_with_file_and_line(source, says):
    with pytest.raises(AssignmentError, match=says):
        markers.regions(source, "x.py")


def test_a_region_that_cuts_a_statement_in_two_is_refused():
    source = f"def f(x):\n    {BEGIN}\n    if x:\n        y = 1\n    {END}\n    else:\n        y = 2\n    return y\n"
    with pytest.raises(AssignmentError, match="whole statements"):
        markers.cut(source, "x.py", lambda region: "raise NotImplementedError")
