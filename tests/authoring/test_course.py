"""A course's reference is its own, whatever else is called `reference`."""

import sys
import textwrap

import pytest

from grader.authoring.course import Course
from grader.errors import AssignmentError


@pytest.fixture
def make(tmp_path):
    def make(name, **modules):
        folder = tmp_path / name / "reference"
        folder.mkdir(parents=True)
        for module, source in modules.items():
            (folder / f"{module}.py").write_text(textwrap.dedent(source))
        return Course(tmp_path / name)

    return make


def test_courses_do_not_meet(make):
    before = set(sys.modules)
    a = make("a", mini="VALUE = 'a'\n", user="def f():\n    from reference.mini import VALUE\n    return VALUE\n")
    b = make(
        "b", mini="VALUE = 'b'\n", user="from .mini import VALUE\nfrom . import mini\ndef f():\n    return VALUE\n"
    )
    assert [a.module("reference.user").f(), b.module("reference.user").f()] == ["a", "b"]
    assert a.module("reference.user") is a.module("reference.user")
    assert set(a.sources) == {"reference.user", "reference.mini"}
    assert not {name for name in set(sys.modules) - before if "reference" in name or "surdix" in name}


@pytest.mark.parametrize(
    "line",
    [
        "import reference.mini as m",
        "from reference import mini as m",
        "import reference.mini, reference.other\nm = reference.mini",
    ],
)
def test_every_way_to_import(make, tmp_path, line):
    course = make("a", mini="VALUE = 1\n", other="")
    assert course.execute(line + "\nx = m.VALUE", tmp_path / "checks.py").x == 1


def test_dataclasses_with_annotations_that_are_text(make):
    source = "from __future__ import annotations\nimport dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int\n"
    assert make("a", mini=source).module("reference.mini").A(1).x == 1


def test_other_sources_make_another_course(make):
    course = make("a", mini="VALUE = 1\n", user="from reference.mini import VALUE\n")
    other = Course(course.folder, {"reference.mini": "VALUE = 2\n"})
    assert [course.module("reference.user").VALUE, other.module("reference.user").VALUE] == [1, 2]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("\nx = 1 / 0\n", "mini.py, line 2: ZeroDivisionError: division by zero"),
        ("def f():\n    raise KeyError('no\\nway')\nf()\n", "mini.py, line 2: KeyError: .*no.*way"),
        ("x = (\n", "mini.py, line 1: not Python"),
        ("import reference.nothing\n", "mini.py, line 1: .*nothing.py: there is no such module"),
        ("exit(1)\n", "mini.py: it ends the program"),
    ],
)
def test_an_error_is_one_line_with_its_place(make, source, says):
    with pytest.raises(AssignmentError, match=says) as caught:
        make("a", mini=source).module("reference.mini")
    assert "\n" not in str(caught.value)


def test_text_of_another_encoding(make):
    course = make("a")
    (course.folder / "reference" / "mini.py").write_bytes(b"x = '\xe9'\n")
    with pytest.raises(AssignmentError, match="save it as UTF-8"):
        course.module("reference.mini")
