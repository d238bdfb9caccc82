"""Of checks.py only probes leave, and they run by themselves."""

import textwrap

import pytest

from grader.authoring import declare, probes
from grader.errors import AssignmentError

HEAD = textwrap.dedent("""
    import functools
    import math
    from pathlib import Path

    import numpy as np

    from grader.authoring import check, close, gradient, predicate

    HERE = Path(__file__).parent
    A, (B, C) = 1, (2, 3)
    SECRET = "what hidden cases are made of"
    TABLE = {}
    TABLE["a"] = A


    def cases(rng):
        return {"one": {"x": rng.normal(size=3), "SECRET": 1}}


    @functools.lru_cache
    def helper(k):
        return k * B + len(TABLE)


    class Point:
        scale = C
""")


def extract(body, **options):
    source = HEAD + textwrap.dedent(body)
    namespace = {"__file__": "checks.py"}
    exec(source, namespace)
    checks = [value for value in namespace.values() if isinstance(value, declare.DeclaredCheck)]
    return probes.probes_source(source, checks, **options)


USUAL = '''
    def positive(values, answer):
        return bool(answer > math.e) or "not positive"

    def of(td, x):
        return td.f, x + Point.scale

    @check("1.1", points=1, cases=cases, compare=predicate(positive))
    def first(td, x):
        """First."""
        SECRET = helper(2)  # its own
        return td.f(x) * SECRET

    @check("1.2", points=1, cases=cases, compare=gradient(of=of))
    def second(td, x):
        """Second."""
        return first(td, x) + np.pi
'''


def test_what_probes_name_and_nothing_else():
    got = extract(USUAL)
    expected = textwrap.dedent('''\
        import functools
        import numpy as np


        A, (B, C) = 1, (2, 3)


        TABLE = {}


        TABLE["a"] = A


        @functools.lru_cache
        def helper(k):
            return k * B + len(TABLE)


        class Point:
            scale = C


        def of(td, x):
            return td.f, x + Point.scale


        def first(td, x):
            """First."""
            SECRET = helper(2)  # its own
            return td.f(x) * SECRET


        def second(td, x):
            """Second."""
            return first(td, x) + np.pi
    ''')
    assert got == expected
    exec(compile(got, "probes", "exec"), {})


def test_predicates_come_on_demand():
    got = extract(USUAL, with_predicates=True)
    assert "def positive(" in got and "import math" in got and got.count("def first(") == 1


def test_annotations_need_nothing_where_they_are_never_evaluated():
    body = USUAL.replace("def of(td, x):", "def of(td, x: Unknown) -> Path:")
    source = "from __future__ import annotations\n" + HEAD + textwrap.dedent(body)
    namespace = {"__file__": "checks.py"}
    exec(source, namespace)
    got = probes.probes_source(source, [namespace["second"]])
    assert got.startswith("from __future__ import annotations\nimport functools\n")
    assert "pathlib" not in got


def probe(body, head=""):
    return f'{head}\n@check("1", points=1, cases=cases, compare=close())\ndef first(td, x):\n    """First."""\n{body}\n'


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (probe("    return close()"), "line 8: first needs grader.authoring"),
        (probe("    return (HERE / 'x').read_text()"), "line 10: first needs a path made of __file__"),
        (probe("    import sklearn\n    return 1"), r"line 32: first needs sklearn, and runs where only numpy"),
        (probe("    from reference.mini import f\n    return f"), "line 32: first needs reference.mini"),
        (probe("    return nothing_at_all(x)"), "first reads nothing_at_all, which nothing"),
        (
            probe("    match x:\n        case 1:\n            return 1"),
            r"line 34: first must run on Python 3\.9.*Pattern matching",
        ),
        (
            probe("    return 1").replace("td, x)", "td, x: int | None)"),
            "line 30: .* cannot evaluate the annotation int",
        ),
        ("from math import *\n" + probe("    return 1"), "import names one by one"),
        (
            '@check("1", points=1, cases=cases, compare=predicate(lambda v, a: True))\ndef first(td, x):\n    "F."\n',
            "<lambda> must be a function at the top level",
        ),
    ],
)
def test_what_cannot_leave_is_refused(body, says):
    with pytest.raises(AssignmentError, match=says):
        extract(body, with_predicates=True)


def test_packages_of_the_assignment_may_be_imported():
    extract(probe("    import sklearn\n    return 1"), packages=["numpy", "sklearn"])
