"""A feedback page from a real grading: it shows a public case in full, and of hidden ones nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from grader.authoring import draws, load, store
from grader.contract import Note, Outcome, Report, Share, Status, Verdict
from grader.trials import Trials
from tests.cli.conftest import SCALE
from tests.pages.parsed import Page

# It gives away all that it has been given so far: in its answers, in an exception, in what it prints.
SPY = """
import numpy as np
SEEN = []
def double(x):
    SEEN.append(np.asarray(x))
    print(SEEN)
    if len(SEEN) > 1:
        raise ValueError(repr(SEEN))
    return 3 * np.asarray(x)
class Scale:
    def __init__(self, k):
        SEEN.append(np.atleast_1d(k))
        self.k = k
    def __call__(self, x):
        SEEN.append(x)
        return self.k * x
    forward = __call__
    def backward(self, grad):
        return np.concatenate([np.ravel(one) for one in SEEN])
"""
BROKEN = """
import numpy as np
def double(x):
    x = np.asarray(x)
    return x.no_such_thing
"""


def numbers(cases):
    """All drawn numbers, by their first digits, as any way of writing them has them."""
    found = set()
    for values in (case.values for theirs in cases.values() for case in theirs):
        for value in values.values():
            found |= {f"{abs(number):.9f}"[:6] for number in np.ravel(value) if number}
    return found


def test_a_public_case_is_shown_in_full_and_a_hidden_one_not_at_all(
    surdix, class_folder, course, tmp_path, monkeypatch
):
    folder, out, kept = class_folder(anna=SPY, bob=BROKEN + SCALE), tmp_path / "out", tmp_path / "store" / "secret"
    kept.parent.mkdir(mode=0o700)
    kept.write_bytes(b"0123456789abcdef" * 2)  # the same draws each time: a few digits may be alike by chance
    kept.chmod(0o600)
    done = surdix("grade", "tdm", folder, "--out", out)
    assert done.status == 0, done.err
    monkeypatch.setenv("SURDIX_STORE", str(tmp_path / "store"))
    public, hidden = draws.draw(load.load(course.folder, "tdm"), store.secret())
    pages = {name: (out / "feedback" / f"{name}.html").read_text() for name in ("anna", "bob")}
    for page in pages.values():
        style = re.sub("<style>.*?</style>", "", page, flags=re.DOTALL)
        assert not [number for number in numbers(hidden) - numbers(public) if number in style]
    x = public["doubles"][0].values["x"]
    text = Page(pages["anna"]).text
    for shown in (x, 2 * x, 3 * x):  # given, expected, answered
        assert np.array2string(shown, precision=5, separator=", ") in text
    assert "return td.double(x)" in text
    assert 'check.replay("doubles", "plain")' in text
    assert '<mark class="l">    <span class="tk">return</span> x' in pages["bob"]
    assert "Fails for the same reason: 1" in Page(pages["bob"]).text


def test_a_td_that_changed_since_shows_no_case(course):
    """The case of that name may be another one by now."""
    loaded = load.load(course.folder, "tdm")
    message = Note("value", {"case": "plain", "public": True})
    missed = Share(Outcome.WRONG, 0, 1)
    verdict = Verdict("doubles", "1.1", 0.0, 3.0, Outcome.WRONG, missed, missed, message)
    values = {"raw_score": 0.0, "score": 0.0, "out_of": 10.0, "verdicts": (verdict,)}
    report = Report("1", "A", Status.GRADED, **values, assignment_version=loaded.assignment.version)
    trials = Trials(loaded)
    assert set(trials.of(report, {})) == {"doubles"}
    assert trials.of(replace(report, assignment_version="of another day"), {}) == {}
    passed = replace(verdict, public=Share(Outcome.PASS, 1, 1))
    assert trials.of(replace(report, verdicts=(passed,)), {}) == {}, "answers beside hidden cases are not quoted"
