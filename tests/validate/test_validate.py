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
        return validate(load.load(course.folder, "tdm"), secrets, jobs=2).findings

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
        ((REFERENCE, "    doubled =", "    import time; time.sleep(0.7)\n    doubled ="), "takes the reference"),
        (
            (REFERENCE, '"""x times k."""', '"""self.seen = np.array(x, copy=True); return self.seen * self.k"""'),
            "shows",
        ),
    ],
)
def test_what_is_unfit_is_named(findings, edit, finding):
    assert any(finding in found for found in findings(edit)), findings()


def test_marks_by_chance_are_found(findings):
    lucky = '"(3 if float(np.asarray(x).ravel()[0]) * 1e6 % 2 < 1 else 2) * np.multiply(1,"'
    secrets = [bytes([number]) * 32 for number in range(8)]
    found = findings((MISTAKES, '"np.multiply(3,"', lucky), secrets=secrets)
    assert any("mistake triples scores from" in text and "chance gives marks" in text for text in found), found


def test_a_reference_that_loses_points_is_found(findings):
    found = findings((CHECKS, FAR, 'bool(np.all(np.abs(np.asarray(answer) / values["x"] - 3) < 0.5))'))
    assert "the reference gets 7, not 9: keeps_signs" in found
