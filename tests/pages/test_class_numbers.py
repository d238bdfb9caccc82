"""What the class's page says of a class: quartiles, discrimination, frequent mistakes, failing and slow code."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from grader.contract import Note, Outcome, Report, Status
from grader.pages import anonymous, class_words, findings, items, plots, statistics
from grader.pages import report as class_report
from grader.pages.classroom import _cells, _changed
from grader.pages.text import decimals
from tests.pages.pages_samples import SENTENCES, E, F, H, M, P, T, W, assignment, class_of, report, say, verdict
from tests.pages.parsed import Page

TD = assignment()
VOID = {"kind": "void", "check": SENTENCES[0][1], "points": -1.0, "value": "drop", "reason": "It was wrong."}


def known(index: int, mistake: str) -> object:
    return verdict(index, W, hint=Note("looks_like", {"mistake": mistake, "hint": f"What of {mistake}?"}))


# Quartiles


def test_quartiles_cut_a_class_in_four() -> None:
    assert statistics.quartiles([float(n) for n in range(9)]) == (2.0, 4.0, 6.0)
    assert statistics.quartiles([1.0, 2.0]) == (1.25, 1.5, 1.75)
    assert statistics.quartiles([1.0]) is statistics.quartiles([]) is None
    scores = statistics.scores(class_of(101))
    assert statistics.quartiles(scores) == pytest.approx(np.quantile(scores, (0.25, 0.5, 0.75)))


def test_a_plot_shows_counts_as_areas() -> None:
    drawn = plots.plot([(0.0, 2.0, 6), (2.0, 3.0, 3), (3.0, 4.0, 0), (4.0, 10.0, 12)])
    assert drawn is not None and drawn.box is None
    bars = drawn.bars
    areas = [bar.height * (bar.width + 2 * plots.GAP) for bar in bars]
    assert np.array(areas) / areas[0] == pytest.approx([1.0, 0.5, 0.0, 2.0])
    assert max(bar.height for bar in bars) == plots.HEIGHT and bars[-1].x + bars[-1].width == plots.WIDTH - plots.GAP
    nobody = plots.plot([(0.0, 1.0, 0)])
    assert plots.plot([]) is None and nobody is not None and nobody.bars[0].height == 0.0


def test_quartiles_stand_where_their_scores_do() -> None:
    drawn = plots.plot([(0.0, 4.0, 1), (4.0, 10.0, 1)], (2.5, 5.0, 12.0))
    assert drawn is not None and drawn.box is not None and drawn.box.x == (180.0, 360.0, 720.0)


# Discrimination


def test_discrimination_is_the_correlation_with_the_rest_of_the_score() -> None:
    reports = [one for one in class_of(60) if one.status is Status.GRADED]
    found = items.discrimination(reports)
    points = np.array([[v.points for v in one.verdicts] for one in reports])
    for index, (_, name, _, _) in enumerate(SENTENCES):
        if name == "relu":  # four fail it
            assert found[name].value is None
            continue
        rest = points.sum(axis=1) - points[:, index]
        assert found[name].value == pytest.approx(np.corrcoef(points[:, index], rest)[0, 1], abs=0.005)
        assert found[name].works == len(reports)


def test_a_check_that_the_strong_miss_stands_out() -> None:
    rng = random.Random(3)
    reports = []
    for number in range(40):
        strong = number % 2 == 0
        outcomes = [P if strong else W] * 5 + [P if rng.random() < 0.5 else W, W if strong else P]
        reports.append(report(str(number), "A", *outcomes))
    found = items.discrimination(reports)
    good, chance, wrong = (found[SENTENCES[index][1]] for index in (0, 5, 6))
    assert good.value is not None and good.value > 0.8 and not good.weak
    assert chance.value is not None and abs(chance.value) < 0.4
    assert wrong.value is not None and wrong.value < -0.8 and wrong.weak
    text = Page(class_report(reports, TD, say)).text
    assert class_words.ENGLISH["weak"] in text
    assert "\N{MINUS SIGN}" in text


def test_what_is_shown_is_what_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [report(str(n), "A", P if n % 2 else W, P if n % 3 else W) for n in range(items.LEAST)]
    for exact, shown, weak in ((0.1999, "0.20", False), (0.194, "0.19", True), (-0.001, "0.00", True)):
        monkeypatch.setattr(items.statistics, "correlation", lambda own, rest, exact=exact: exact)
        (first, _) = items.discrimination(reports).values()
        assert first.value is not None and (decimals("en")(first.value), first.weak) == (shown, weak)


def test_of_too_few_and_where_all_are_alike_there_is_none() -> None:
    few = [report(str(n), "A", *((P, W) if n % 2 else (W, P))) for n in range(items.LEAST - 1)]
    assert {d.value for d in items.discrimination(few).values()} == {None}
    page = " ".join(Page(class_report(few, TD, say)).text.split())
    assert f"from {items.LEAST} graded submissions on; there are {items.LEAST - 1}." in page
    assert class_words.ENGLISH["discrimination"] not in page
    alike = [report(str(n), "A", P, P if n % 2 else W) for n in range(items.LEAST)]
    found = items.discrimination(alike)
    assert {d.value for d in found.values()} == {None} and found[SENTENCES[0][1]].works == items.LEAST
    page = " ".join(Page(class_report(alike, TD, say)).text.split())
    assert class_words.ENGLISH["alike"] in page and "submissions on" not in page


def test_a_team_is_one_work_and_our_faults_are_none() -> None:
    team = [report(str(n), "A", P, team="team-1") for n in range(3)]
    fault = report("9", "B", P, F)
    assert items.works([*team, fault, report("10", "C", status=Status.ABSENT)]) == [team[0]]


# Mistakes


def test_one_known_mistake_is_one_in_all_its_checks() -> None:
    both = replace(report("1", "A"), verdicts=(known(2, "transposed"), known(3, "transposed")))
    one = replace(report("2", "B"), verdicts=(known(3, "transposed"), known(5, "sum")))
    alone = replace(report("3", "C"), verdicts=(known(5, "other"),))
    (found,) = findings.mistakes([both, one, alone])
    assert found.known == "transposed" and found.checks == ("linear_forward", "linear_backward")
    assert [student.student_id for student in found.students] == ["1", "2"]


def test_other_mistakes_are_told_apart_by_check_and_by_what_is_said() -> None:
    def wrong(index: int, shape: int, **more: object) -> object:
        note = Note("differs", {"case": "a", "shape": [shape, 3], "x": "[1]", "trace": [{"line": shape}], **more})
        return verdict(index, W, message=note, hint=None)

    reports = [
        replace(report("1", "A"), verdicts=(wrong(0, 1), wrong(1, 1, follows=["2.1"]), wrong(2, 1))),
        replace(report("2", "B"), verdicts=(wrong(0, 1), wrong(1, 1, follows=["2.1"]), wrong(2, 2))),
        replace(report("3", "C"), verdicts=(wrong(0, 1, case="b"), verdict(1, M), verdict(2, F))),
        report("4", "D", M, M, F, status=Status.GRADED),
        replace(report("5", "E"), status=Status.CRASHED, verdicts=(wrong(0, 1),)),
    ]
    assert findings.mistakes([replace(r, adjustments=(VOID,)) for r in reports]) == []
    (found,) = findings.mistakes(reports)
    assert not found.known and found.checks == ("softmax_sums_to_one",)
    assert [student.student_id for student in found.students] == ["1", "2"]


def test_how_far_an_answer_is_off_is_no_mistake_that_others_have() -> None:
    """What one of them was told, "furthest off is entry 3, yours is 0.25", is no word about the others."""

    def off(error: float) -> object:
        return verdict(0, W, message=Note("differs", {"case": "a", "error": error, "index": (0,), "x": ""}), hint=None)

    reports = [replace(report(str(n), "A"), verdicts=(off(0.1 * n),)) for n in range(3)]
    assert findings.mistakes(reports) == []
    assert statistics.success(reports)[0].message is None


def test_what_was_voided_is_in_no_number() -> None:
    reports = [report(str(n), "A", W if n % 4 else P, P if n % 2 else W, W if n % 3 else P) for n in range(40)]
    voided = [replace(one, adjustments=(VOID,)) for one in reports]
    assert [check.id for check in statistics.success(voided)][-1] == VOID["check"]
    assert VOID["check"] not in {check.id for check in statistics.hardest(statistics.success(voided), 3)}
    assert VOID["check"] not in items.discrimination(voided)
    without = [replace(one, verdicts=one.verdicts[1:]) for one in reports]
    assert items.discrimination(voided) == items.discrimination(without)
    assert class_words.ENGLISH["voided"] in Page(class_report(voided, TD, say)).text
    assert VOID["check"] not in anonymous.kept("td2", voided)["checks"]


def test_hardest_is_what_those_who_tried_did_not_get() -> None:
    """Two of ten reached 2.9 and got it right; eight wrote 2.2 and half of them got it wrong."""
    reports = [
        replace(
            report(str(n), "A"),
            verdicts=(verdict(2, P if n % 2 else W), verdict(3, P if n % 3 else W), verdict(6, P if n < 2 else M)),
        )
        for n in range(10)
    ]
    checks = statistics.success(reports)
    assert [(check.question, check.unwritten) for check in statistics.hardest(checks, 3)] == [("2.2", 0), ("2.3", 0)]
    assert next(check for check in checks if check.question == "2.9").unwritten == 8


def test_few_who_fail_say_nothing_of_a_check() -> None:
    def classes(failing: int) -> items.Discrimination:
        made = [report(str(n), "A", W if n < failing else P, P if n % 2 else W) for n in range(40)]
        return items.discrimination(made)[SENTENCES[0][1]]

    assert classes(items.FEW - 1).value is classes(41 - items.FEW).value is None
    assert classes(items.FEW).value is not None


def test_a_team_is_counted_once_in_what_is_said_most() -> None:
    team = [report(str(n), "A", E, team="team-1") for n in range(3)]
    assert statistics.success(team)[0].message is None
    (check,) = statistics.success([*team, report("9", "B", E)])
    assert check.message is not None and check.message[2] == 2


def test_what_only_one_team_made_is_no_mistake_of_several() -> None:
    team = [replace(report(str(n), "A", team="team-1"), verdicts=(known(0, "sum"),)) for n in range(3)]
    assert findings.mistakes(team) == []
    (found,) = findings.mistakes([*team, replace(report("9", "B"), verdicts=(known(0, "sum"),))])
    assert [student.student_id for student in found.students] == ["0", "1", "2", "9"]


def test_the_most_frequent_come_first_and_a_page_names_ten() -> None:
    reports = [replace(report(f"{n}-{k}", "A"), verdicts=(known(0, f"m{n}"),)) for n in range(12) for k in range(2 + n)]
    found = findings.mistakes(reports)
    assert [len(mistake.students) for mistake in found] == list(range(13, 1, -1))
    section = class_report(reports, TD, say).partition('<section id="mistakes">')[2].partition("</section>")[0]
    assert section.count("<details>") == findings.MOST == 10


def test_names_are_folded_away_under_their_mistake() -> None:
    page = class_report(class_of(), TD, say, feedback_name=str)
    section = page.partition('<section id="mistakes">')[2].partition("</section>")[0]
    assert section.count("<details>") == section.count("</details>") == len(findings.mistakes(class_of())) > 5
    assert "<details open" not in page
    assert 'href="feedback/10' in section


# Failing, slow, absent


def slow(student: str, *seconds: float, **more: object) -> Report:
    verdicts = tuple(verdict(index, P, seconds=taken) for index, taken in enumerate(seconds))
    return replace(report(student, "A", **more), verdicts=verdicts)


def test_who_is_slowest_and_where() -> None:
    reports = [slow("1", 0.2, 0.3), slow("2", 1.0, 3.0), slow("3", 9.0), slow("4", 8.9, team="t")]
    reports.append(slow("5", 8.9, team="t"))
    found = findings.slowest(reports)
    assert [(one.report.student_id, one.seconds, one.check) for one in found] == [
        ("3", 9.0, SENTENCES[0][1]),
        ("4", 8.9, SENTENCES[0][1]),
        ("2", 4.0, SENTENCES[1][1]),
    ]
    assert len(findings.slowest([slow(str(n), 2.0) for n in range(30)])) == 10


def test_whose_code_failed_and_how() -> None:
    reports = [report("1", "A", P, T, E), report("2", "B", T, W), report("3", "C", H, M)]
    found = [(outcome, [one.student_id for one in who]) for outcome, who in findings.broken(reports)]
    assert found == [(Outcome.TIMEOUT, ["1", "2"]), (Outcome.ERROR, ["1"])]
    calm = " ".join(Page(class_report(reports[2:], TD, say)).text.split())
    assert class_words.ENGLISH["no_trouble"] in calm


def test_who_handed_in_nothing_is_listed() -> None:
    reports = [report("1", "Ada", P), report("2", "Bo", status=Status.ABSENT, score=None, picked="")]
    assert [one.student_id for one in findings.absent(reports)] == ["2"]
    section = class_report(reports, TD, say).partition('<section id="without">')[2].partition("</section>")[0]
    assert "Bo" in section and "Ada" not in section
    assert 'id="without"' not in class_report(reports[:1], TD, say)


def test_a_large_class_fits() -> None:
    page = class_report(class_of(1494), TD, say, feedback_name=str)
    assert len(page.encode()) < 5_000_000


# What people decided


def test_the_table_shows_points_after_what_people_decided() -> None:
    override = {"kind": "override", "check": SENTENCES[1][1], "points": 0.75, "now": 0.75, "reason": "Nearly."}
    one = replace(report("1", "Ada", P, W, W), adjustments=(override,))
    cells = _cells(one, ["2.1", "2.2", "2.6"], {m.id: m for m in TD.manual})
    assert cells == [{"points": 1.75, "level": "some"}, {"points": 0.0, "level": "zero"}, None]
    both = replace(one, adjustments=(override, VOID, {"kind": "adjust", "check": "proof", "now": 1.0, "points": 1.0}))
    cells = _cells(both, ["2.1", "2.6"], {m.id: m for m in TD.manual})
    assert cells == [{"points": 0.75, "level": "some"}, {"points": 1.0, "level": "full"}]


def test_a_score_that_did_not_change_is_not_called_changed() -> None:
    one = report("1", "Ada", P, P)
    same = replace(one, adjustments=({**VOID, "points": 0.0},))
    marked = replace(one, score=3.0, adjustments=({"kind": "adjust", "check": "proof", "now": 1.0, "points": 1.0},))
    late = replace(one, score=1.5, adjustments=({"kind": "late", "check": "", "points": -0.5},))
    by_hand = {m.id: m for m in TD.manual}
    assert [_changed(r, by_hand) for r in (one, same, marked, late)] == [False, False, False, True]


def test_parts_that_were_left_out_are_told_of_whatever_the_score() -> None:
    reports = [replace(report("1", "Ada", P), notes=(Note("left_out", {"line": 3, "block": {}}),)), report("2", "B", P)]
    assert findings.left_out(reports) == reports[:1]
    page = class_report(reports, TD, say)
    section = page.partition('<section id="trouble">')[2].partition("</section>")[0]
    assert class_words.ENGLISH["parts_left_out"] in section and "Ada" in section


def test_a_bonus_stands_in_a_bar_that_says_so() -> None:
    bonus = [replace(report(str(n), "A", P), score=9.0 + n) for n in range(3)]
    assert "9+: 3" in class_report(bonus, TD, say) and "9–10: 2" in class_report(bonus[:2], TD, say)
