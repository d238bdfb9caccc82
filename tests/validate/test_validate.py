"""`surdix validate`: what is unfit is found, and named; what is fit has no findings."""

import pytest

from grader.authoring import load
from grader.authoring.validate import validate
from tests.authoring.conftest import course  # noqa: F401  (a fixture)

SECRETS = [b"a" * 32, b"b" * 32]
DEAR = 'advice="Chain rule."'


@pytest.fixture
def findings(course):  # noqa: F811
    """The findings of the tiny TD, after edits of its files; the TD is first made fit."""
    zeros = ', "zeros": {"x": np.zeros(SIZE)}'
    course.edit("assignments/tdm/checks.py", zeros, ', "large": {"x": 1e3 * rng.uniform(1, 2, size=SIZE)}')
    course.edit("assignments/tdm/checks.py", "rng.normal(size=SIZE)}, ", "rng.uniform(1, 2, size=SIZE)}, ")
    course.edit("assignments/tdm/checks.py", 'bool(np.all(np.sign(answer) == np.sign(values["x"])))', FAR)
    course.edit("assignments/tdm/mistakes.py", DEAR, DEAR + ', why_dear="It is all of a question."')

    def findings(*edits, secrets=SECRETS):
        for path, old, new in edits:
            course.edit(path, old, new)
        return validate(load.load(course.folder, "tdm"), secrets, jobs=2, mutants=False).findings

    return findings


FAR = 'bool(np.all(np.abs(np.asarray(answer) / values["x"] - 2) < 0.5))'
CHECKS, MISTAKES, REFERENCE = "assignments/tdm/checks.py", "assignments/tdm/mistakes.py", "reference/mini.py"


def test_a_fit_td_has_no_findings(findings):
    assert findings((MISTAKES, 'advice="2, not 3."', 'advice="2, not 3.", why_dear="It is a question."')) == []


@pytest.mark.parametrize(
    ("edit", "finding"),
    [
        ((MISTAKES, '"np.multiply(3,"', '"np.multiply(2.0,"'), "mistake triples costs nothing"),
        ((MISTAKES, ', why_dear="It is all of a question."', ""), "no_k costs 4 points, on 1.2: above 2.5"),
        ((CHECKS, "rng.uniform(1, 2, size=SIZE)}, ", "np.ones(SIZE)}, "), "doubles: hard-coded answers"),
        ((CHECKS, "return td.double(x)\n\n\ndef loss", "return 2 * x\n\n\ndef loss"), "stub gets"),
        ((CHECKS, "    layer(x)\n    return layer.backward(grad)", "    return k * grad"), "can be left unwritten"),
        (
            (CHECKS, "cases=some_x, compare=close()", "cases=some_x, compare=close(rtol=1e-17, atol=0.0)"),
            "is too tight",
        ),
        ((MISTAKES, '"np.multiply(3,"', '"np.multiply(2.0004,"'), "doubles is too loose: mistake triples misses by 2 "),
        (
            (REFERENCE, '"""x times k."""', '"""self.seen = np.array(x, copy=True); return self.seen * self.k"""'),
            "shows",
        ),
    ],
)
def test_what_is_unfit_is_named(findings, edit, finding):
    assert any(finding in found for found in findings(edit)), findings()


def test_a_check_that_takes_the_reference_long_is_found(findings):
    sleeps = (REFERENCE, "    doubled =", "    import time; time.sleep(0.08)\n    doubled =")
    hurries = ("assignments/tdm/assignment.toml", "check_seconds = 5.0", "check_seconds = 0.5")
    assert any(text.startswith("doubles takes the reference 0.") for text in findings(sleeps, hurries))


def test_marks_by_chance_are_found(findings):
    lucky = '"(3 if float(np.asarray(x).ravel()[0]) * 1e6 % 2 < 1 else 2) * np.multiply(1,"'
    secrets = [bytes([number]) * 32 for number in range(8)]
    found = findings((MISTAKES, '"np.multiply(3,"', lucky), secrets=secrets)
    assert any("mistake triples scores from" in text and "chance gives marks" in text for text in found), found


def test_a_reference_that_loses_points_is_found(findings):
    found = findings((CHECKS, FAR, 'bool(np.all(np.abs(np.asarray(answer) / values["x"] - 3) < 0.5))'))
    assert "the reference gets 7, not 9: keeps_signs" in found


def test_independent_solutions_go_the_whole_way(findings, course):  # noqa: F811
    right = "import numpy as np\nclass Base: pass\nclass Scale(Base):\n    def __init__(self, k):\n        self.k = k\n"
    right += "    def __call__(self, x):\n        return self.k * x\n    forward = __call__\n"
    right += "    def backward(self, g):\n        return g * self.k\n"
    course.write("tests/independent/tdm_tidy.py", right + "def double(x):\n    return np.asarray(x) + np.asarray(x)\n")
    course.write("tests/independent/tdm_hasty.py", right + "def double(x):\n    return np.round(2 * np.asarray(x))\n")
    found = findings()
    assert any(text.startswith("tdm_hasty gets ") for text in found)
    assert not any("tdm_tidy gets" in text for text in found)
    assert any("tdm_hasty needs" in text and "too tight" in text for text in found), "the table says how far off"


TRAINING = '''
def noisy(rng):
    x = rng.normal(size=20)
    return {"noisy": {"x": x, "y": np.where(rng.uniform(size=20) < 0.2, -np.sign(x), np.sign(x))}}


@check("1.1", points=1, cases=noisy, compare=accuracy("y", full=0.95, none=0.3))
def learns_signs(td, x):
    """Your double keeps nearly all signs."""
    return np.sign(td.double(x))
'''


def test_training_that_depends_on_chance_is_found(findings, course):  # noqa: F811
    checks = (course.folder / CHECKS).read_text(encoding="utf-8")
    manual = checks[checks.index('@manual("2"') :]
    secrets = [bytes([number]) * 32 for number in range(6)]
    found = findings((CHECKS, manual, TRAINING), (CHECKS, "import check,", "import accuracy, check,"), secrets=secrets)
    assert any("learns_signs: the reference reaches 0." in text and "at one of 6 seeds" in text for text in found)
    assert any("learns_signs: one label for all reaches 0." in text for text in found)
    assert any(text.startswith("the reference gets ") for text in found)
