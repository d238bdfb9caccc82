"""Prose and stubs become cells in order, and a handout that lacks something is refused."""

import textwrap

import pytest

from grader.authoring import prose
from grader.authoring.prose import Markdown, Plot
from grader.authoring.stubs import Stub
from grader.errors import AssignmentError

SOURCES = {
    "reference.mini": textwrap.dedent('''
        import numpy as np


        class Base:
            pass


        def double(x):
            """Twice x."""
            ### BEGIN SOLUTION
            return np.multiply(2, x)
            ### END SOLUTION


        class Scale(Base):
            def forward(self, x):
                ### BEGIN SOLUTION
                return 3 * x
                ### END SOLUTION
    ''')
}
TEMPLATE = textwrap.dedent("""\
    # {{ title }}
    {{ hours }} hours.

    ## Question 1.1
    ```
    # not a heading
    ```
    {{ stub("double", "1.1") }}
    {{ stub("Base") }}

    ## Question 1.2

    Prove 1.3.
    {{ stub("Scale", {"forward": "1.2"}) }}
    {# the end #}
""")
VARIABLES = {"title": "Mini", "hours": 1.5, "td": "tdm", "file": "tdm.py", "module": "tdm"}


def render(template=TEMPLATE, sources=SOURCES):
    return prose.render(template, "handout.md", sources, VARIABLES)


def test_parts_come_in_order():
    got = render()
    assert [part.text if isinstance(part, Markdown) else part.name for part in got.parts] == [
        "# Mini\n1.5 hours.",
        "## Question 1.1\n```\n# not a heading\n```",
        "double",
        "Base",
        "## Question 1.2\n\nProve 1.3.",
        "Scale",
    ]
    assert got.header == "import numpy as np"
    assert got.items == {"double": "1.1", "Scale.forward": "1.2"}
    assert got.interface == ("double", "Scale")
    assert isinstance(got.stubs[1], Stub)
    exec(got.code, {})


def test_a_plot_is_a_part_of_its_own_and_no_code():
    plot = "import matplotlib.pyplot as plt\n\nplt.plot(double([1, 2]))"
    got = render(TEMPLATE.replace("Prove 1.3.", f"Look:\n```python plot\n{plot}\n```\nProve 1.3."))
    assert [part.text for part in got.parts[4:-1]] == ["## Question 1.2\n\nLook:", plot, "Prove 1.3."]
    assert got.plots == (Plot(plot),)
    assert "plt" not in got.code
    assert got.items == render().items


@pytest.mark.parametrize(
    ("question", "there"), [("1.1", True), ("1.3", True), ("1", False), ("1.30", False), ("5", False)]
)
def test_questions_of_stubs_and_of_prose(question, there):
    assert render().has(question) is there


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{{ title }}", "{{ titel }}", "handout.md: 'titel' is undefined"),
        ("{{ title }}", "{{ title ", "handout.md, line [12]: "),
        ('{{ stub("Base") }}', '{{ stub("double") }}', r"handout.md: stub\('double'\) is placed twice"),
        ('{{ stub("double", "1.1") }}', "", "solution in double that the handout does not place"),
        ('{{ stub("Base") }}', "", "needs Base, which nothing in it defines"),
        ('{{ stub("Base") }}', 'See {{ stub("Base") }}', r"give stub\('Base'\) a line of its own"),
        ('```\n{{ stub("double", "1.1") }}', '{{ stub("double", "1.1") }}\n```', "outside ```"),
        ("```\n{{", "{{", "outside ```"),
        ("{# the end #}", "```python", "does not end"),
        ("Prove 1.3.", "```python plot\nplt.plot(1)\n```", "with its plots: the handout's code needs plt"),
        ("Prove 1.3.", "```python plot\nimport seaborn\n```", "with its plots, line .*: the handout imports seaborn"),
        ("{# the end #}", "```python plot\nx = 1", "does not end"),
        ("Prove 1.3.", "```python plot\n{{ stub('Base') }}\n```", "outside ```|placed twice"),
        ('{{ stub("Base") }}', '{{ stub("Nothing") }}', "there is no Nothing"),
        ('{{ stub("Base") }}', "{{ stub() }}", "handout.md: .*missing 1 required"),
    ],
)
def test_what_is_wrong_with_a_template_is_said(old, new, says):
    assert old in TEMPLATE
    with pytest.raises(AssignmentError, match=says):
        render(TEMPLATE.replace(old, new))
