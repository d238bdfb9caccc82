"""A project in the tiny course: two points by a check, eight by people, six of these at a defence."""

TOML = """
    title = "Project"
    timezone = "Europe/Paris"
    [files]
    "project.py" = ["reference.twice"]
    [policy]
    team_size = 3
"""
CHECKS = '''
    import numpy as np

    from grader.authoring import check, close, manual


    def some_x(rng):
        return {"plain": {"x": rng.normal(size=3)}}


    @check("1", points=2, cases=some_x, compare=close())
    def doubles(td, x):
        """Your double returns twice its argument."""
        return td.double(x)


    @manual("2", points=2)
    def report():
        """A report of two pages says what you measured."""


    @manual("3", points=3, jury=True, rubric={0: "slides are read", 1.5: "explained", 3: "and answered"})
    def talk():
        """A talk of ten minutes."""


    @manual("4", points=3, jury=True)
    def understanding():
        """Each of you can change the code and say what happens."""
'''
TWICE = '''
    """Twice."""

    from __future__ import annotations

    import numpy as np


    def double(x: np.ndarray | list) -> np.ndarray:
        """Twice x."""
        ### BEGIN SOLUTION
        return np.multiply(2, np.asarray(x))
        ### END SOLUTION
'''
HANDOUT = """
    # {{ title }}

    ## Question 1
    {{ stub("double", "1") }}

    ## Question 2
    Write a report.

    ## Question 3
    Give a talk.

    ## Question 4
    Know your code.

    {{ rubric }}
"""


def add_project(course):
    """Add it to the tiny course of `tests.authoring.conftest`."""
    course.write("reference/twice.py", TWICE)
    course.write("assignments/project/assignment.toml", TOML)
    course.write("assignments/project/checks.py", CHECKS)
    course.write("assignments/project/handout.md", HANDOUT)
