"""What to fix first: a cause before what follows from it, and code that is wrong before code that is not written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grader.contract import Check, Note, Outcome, Verdict
from grader.pages import feedback
from grader.pages.causes import Cause, causes
from grader.pages.words import ENGLISH
from tests.pages.pages_samples import E, F, P, T, W, assignment, one, report, say, verdict
from tests.pages.parsed import Page


def failed(check_id: str, key: str = "wrong", points: float = 1.0, outcome: Outcome = W, **values: Any) -> Verdict:
    return replace(
        verdict(0, outcome), id=check_id, points=0.0, max_points=points, message=Note(key, values), hint=None
    )


def check(name: str, *follows: str) -> Check:
    return Check(name, "1", 1.0, name, {"kind": "close"}, (), follows=follows)


def test_what_follows_comes_with_what_it_follows_from() -> None:
    checks = [check("a"), check("b", "a"), check("c", "b"), check("d")]
    found = causes([failed(c.id) for c in checks], checks, {})
    assert found == [Cause("a", (), ("b", "c"), 3.0), Cause("d", (), (), 1.0)]


def test_what_passes_is_no_cause() -> None:
    checks = [check("a"), check("b", "a")]
    assert causes([failed("a", outcome=P), failed("b")], checks, {}) == [Cause("b", (), (), 1.0)]
    assert causes([failed("a", outcome=F), failed("b", outcome=P)], checks, {}) == []


def test_checks_that_follow_each_other_are_one_cause() -> None:
    checks = [check("a", "b"), check("b", "a"), check("c", "b")]
    assert causes([failed("a"), failed("b")], checks, {}) == [Cause("a", (), ("b",), 2.0)]
    assert causes([failed("c"), failed("b"), failed("a")], checks, {}) == [Cause("b", (), ("c", "a"), 3.0)]


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("missing_because", {"block": {"label": "", "line": 118}}),
        ("missing", {"name": "Linear"}),
        ("not_written", {"what": "NotImplementedError: question 2.2: Linear"}),
        ("error", {"trace": [{"label": "", "line": 1}, {"label": "cell 3", "line": 7}]}),
    ],
)
def test_one_reason_is_told_once(key: str, values: dict[str, Any]) -> None:
    checks = [check(name) for name in "abc"]
    verdicts = [failed("a", key, **values), failed("b", key, **values), failed("c")]
    assert Cause("a", ("b",), (), 2.0) in causes(verdicts, checks, {})


def test_a_reason_of_its_own_follows_from_nothing() -> None:
    """Training that is still to be written does not fail for the gradient before it."""
    checks = [check("gradient"), check("fit", "gradient")]
    verdicts = [failed("gradient"), failed("fit", "not_written", 5.0, what="fit")]
    assert [cause.first for cause in causes(verdicts, checks, {})] == ["gradient", "fit"]


def test_a_line_that_raises_may_follow_where_the_message_says_so() -> None:
    checks = [check("relu"), check("fit", "relu")]
    line = {"trace": [{"label": "", "line": 7}]}
    raised = failed("fit", "error", 5.0, E, **line, follows=["2.3"])
    assert causes([failed("relu"), raised], checks, {}) == [Cause("relu", (), ("fit",), 6.0)]
    slow = failed("fit", "timeout", 5.0, T, follows=["2.3"])
    assert causes([failed("relu"), slow], checks, {}) == [Cause("relu", (), ("fit",), 6.0)]
    alone = failed("fit", "error", 5.0, E, **line)
    assert len(causes([failed("relu"), alone], checks, {})) == 2
    lost = failed("fit", "missing_because", 5.0, block={"label": "", "line": 3}, follows=["2.3"])
    assert len(causes([failed("relu"), lost], checks, {})) == 2


def test_one_function_that_does_not_end_is_one_cause() -> None:
    checks = [check(name) for name in "abc"]
    verdicts = [failed(name, "timeout", outcome=T) for name in "ab"]
    verdicts.append(replace(failed("c", "timeout", outcome=T), question="2.2"))
    assert causes(verdicts, checks, {}) == [Cause("a", ("b",), (), 2.0), Cause("c", (), (), 1.0)]


def test_one_known_mistake_is_one_cause() -> None:
    def known(name: str, mistake: str) -> Verdict:
        return replace(failed(name), hint=Note("looks_like", {"mistake": mistake, "hint": "?"}))

    checks = [check(name) for name in "abc"]
    found = causes([known("a", "transposed"), known("b", "sum"), known("c", "transposed")], checks, {})
    assert found == [Cause("a", ("c",), (), 2.0), Cause("b", (), (), 1.0)]


def test_what_was_voided_is_nothing_to_fix() -> None:
    checks = [check("a"), check("b", "a")]
    assert causes([failed("a"), failed("b")], checks, {}, {"a"}) == [Cause("b", (), (), 1.0)]


def test_what_is_asked_first_comes_first_and_what_is_not_written_last() -> None:
    checks = [check(name) for name in "abc"]
    verdicts = [failed("a", "not_written", 5.0, what="a"), failed("b", points=0.25), failed("c", points=0.5)]
    assert [cause.first for cause in causes(verdicts, checks, {})] == ["b", "c", "a"]


def test_what_a_person_made_up_for_is_settled() -> None:
    assert causes([failed("a")], [check("a")], {"a": 1.0}) == []
    assert causes([failed("a")], [check("a")], {"a": 0.5})[0].lost == 0.5


@pytest.mark.parametrize("trace", [7, [], [None], ["line"], {"line": 1}, [{"line": [1]}], "text"])
def test_a_strange_trace_is_no_trouble(trace: Any) -> None:
    td = assignment()
    broken = replace(
        report("1", "A", W), verdicts=(verdict(0, W, message=Note("passes", {"trace": trace, "block": trace})),)
    )
    assert ENGLISH["start"] in feedback(broken, td, say, [("td2.py", "x = 1\n")])


def test_the_page_begins_with_what_to_fix() -> None:
    text = Page(feedback(one(), assignment(), say)).text
    assert 0 < text.index(ENGLISH["start"]) < text.index(ENGLISH["next"]) < text.index(ENGLISH["how_points"])
    passed, ours = (
        feedback(report("1", "A", P, P), assignment(), say),
        feedback(report("1", "A", P, F), assignment(), say),
    )
    assert ENGLISH["start"] not in passed + ours
    assert ENGLISH["nothing_to_fix"] in passed and ENGLISH["nothing_to_fix"] not in text + ours


def test_every_failing_check_is_told_of_in_full_once() -> None:
    page = Page(feedback(one(), assignment(), say))
    places = [a["id"] for _, a in page.elements if (a.get("id") or "").startswith("c")]
    links = [a["href"] for _, a in page.elements if (a.get("href") or "").startswith("#c")]
    assert sorted(places) == sorted(link[1:] for link in links if link)
    assert len(places) == sum(v.outcome is not P for v in one().verdicts)
