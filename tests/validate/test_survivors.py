"""Mutants of the tiny TD's reference, put to its checks: who is caught, who survives, what is recorded."""

import textwrap
import time

import pytest

from grader.authoring import load, survivors
from grader.authoring.survivors import Kind
from grader.errors import AssignmentError
from grader.pipeline import prepare
from tests.authoring.conftest import course  # noqa: F401  (a fixture)

REFERENCE, CHECKS = "reference/mini.py", "assignments/tdm/checks.py"
LINE = "doubled = np.multiply(2, np.asarray(x))"
RECORD = """
    [[equivalent]]
    module = "reference.mini"
    function = "double"
    operator = "constant"
    before = "bias = 0.0"
    after = "bias = 1.0"
    reason = "Nothing reads it."
"""


@pytest.fixture
def measured(course):  # noqa: F811
    """The tiny TD and its mutants' fates, after edits of its files; its checks are first made to see everything."""
    course.edit(CHECKS, "    layer(x)\n    return layer", '    return {"outputs": layer(x), "grad": layer')
    course.edit(CHECKS, ".backward(grad)\n", ".backward(grad)}\n")
    course.edit(REFERENCE, "self.seen = np.array(x, copy=True)", "self.shape = np.shape(x)")
    course.edit(REFERENCE, "self.seen.shape", "self.shape")
    course.edit(REFERENCE, "self.seen * self.k", "x * self.k")

    def measured(*edits, records=""):
        for path, old, new in edits:
            course.edit(path, old, new)
        if records:
            (course.td / "equivalents.toml").write_text(textwrap.dedent(records), encoding="utf-8")
        loaded = load.load(course.folder, "tdm")
        return loaded, survivors.measure(loaded, prepare(loaded, b"a" * 32, mistakes=False), jobs=2)

    return measured


def unread(name="bias"):
    """An edit of the reference: a number that nothing reads."""
    return REFERENCE, LINE, f"{LINE}\n    {name} = 0.0"


def kinds(fates):
    return {(fate.mutant.line, fate.mutant.after): fate.kind for fate in fates}


def test_what_is_wrong_is_caught(measured):
    loaded, fates = measured()
    found = kinds(fates)
    assert found[11, "doubled = np.multiply(4, np.asarray(x))"] is Kind.KILLED
    assert [kind for (_, after), kind in found.items() if after == "pass"] == [Kind.RAISES]  # backward needs the shape
    assert all(kind in (Kind.KILLED, Kind.RAISES) for kind in found.values())
    assert all(fate.check for fate in fates if fate.kind is Kind.KILLED)
    assert survivors.findings(loaded, fates) == []
    assert [fate.mutant.line for fate in fates] == sorted(fate.mutant.line for fate in fates)


def test_a_survivor_is_listed_with_its_line(measured, monkeypatch):
    loaded, fates = measured(unread())
    assert kinds(fates)[12, "bias = 1.0"] is Kind.SURVIVES
    assert survivors.tally(fates).survivors == ("reference.mini, line 12 (double): bias = 0.0 → bias = 1.0",)
    assert survivors.findings(loaded, fates) == [], "one of a dozen is no proof"
    monkeypatch.setattr(survivors, "FEW", 0)
    (found,) = survivors.findings(loaded, fates)
    assert "lose points" in found


def test_one_that_is_recorded_is_not(measured, monkeypatch):
    loaded, fates = measured(unread(), records=RECORD)
    (equivalent,) = (fate for fate in fates if fate.kind is Kind.EQUIVALENT)
    assert equivalent.mutant.line == 12
    assert equivalent.why == "Nothing reads it."
    assert survivors.tally(fates).survivors == () and survivors.tally(fates).equivalent == 1
    monkeypatch.setattr(survivors, "FEW", 0)
    assert "recorded as equivalent" in survivors.findings(loaded, fates)[-1]  # one of a dozen is above 3 %


def test_a_record_outlives_edits_elsewhere_and_none_of_its_own_line(measured):
    above = (REFERENCE, "import numpy as np\n", "import numpy as np\n\n# one line more\n")
    _, fates = measured(above, unread(), records=RECORD)
    assert [fate.mutant.line for fate in fates if fate.kind is Kind.EQUIVALENT] == [14]
    loaded, fates = measured((REFERENCE, "bias = 0.0", "offset = 0.0"))
    assert Kind.EQUIVALENT not in kinds(fates).values()
    assert any(
        "'bias = 1.0' in double is recorded, and is no survivor" in text for text in survivors.findings(loaded, fates)
    )


def test_a_record_of_one_that_is_caught_is_stale(measured):
    caught = RECORD.replace("bias = 0.0", LINE).replace("bias = 1.0", LINE.replace("2", "4"))
    loaded, fates = measured(records=caught)
    assert [record.reason for record in survivors.stale(loaded, fates)] == ["Nothing reads it."]


@pytest.mark.parametrize("edit", [("reason = ", "because = "), ("Nothing reads it.", ""), ("[[", "[")])
def test_records_that_cannot_be_read_are_refused(measured, edit):
    with pytest.raises(AssignmentError, match=r"equivalents\.toml"):
        measured(records=RECORD.replace(*edit))


LOOPS = """i = 3
    while i > 0:
        i -= 1
    doubled = np.multiply(2, np.asarray(x))"""


def test_an_endless_mutant_does_not_hang_the_run(measured):
    start = time.monotonic()
    _, fates = measured((REFERENCE, LINE, LOOPS))
    assert time.monotonic() - start < 60
    endless = next(fate for fate in fates if fate.mutant.after == "i += 1")
    assert (endless.kind, endless.why) == (Kind.RAISES, "timeout")


def test_no_mutant_gets_more_memory_than_a_submission(measured):
    _, fates = measured((REFERENCE, LINE, "much = np.empty(3 << 25)\n    " + LINE))
    greedy = next(fate for fate in fates if fate.mutant.after == "much = np.empty(6 << 25)")
    assert greedy.kind is Kind.RAISES
    assert "memory" in greedy.why.lower()
