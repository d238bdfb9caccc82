"""Pages say what happened, to the right person, and nothing that a student wrote can change what they are."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

import grader.pages
from grader.contract import Note, Outcome, Report, Status
from grader.pages import class_words, feedback, sheet_words, similar_words, words
from grader.pages import report as class_report
from grader.pages import statistics as numbers
from grader.pages.render import script
from grader.pages.student import Before
from grader.pages.text import LINES, decimals, number, percent, prose
from grader.pages.viva import viva
from grader.pages.words import ENGLISH, FRENCH
from student_template.runner.untrusted import clean
from tests.pages.pages_samples import (
    ATTACKS,
    LOOKS_LIKE,
    F,
    P,
    W,
    assignment,
    class_of,
    one,
    oral,
    report,
    say,
    verdict,
)
from tests.pages.parsed import Page

TD = assignment()
DECLARED = Note("declaration", {"tools": "an assistant & <i>two</i>", "partners": ""})
SOURCE = [("td2.py", "import numpy as np\nprint('<b>')\n")]


def pages() -> dict[str, str]:
    of_class = class_of()
    made = {
        f"feedback {r.student_id} {language}": (r, language)
        for r in [*of_class[-6:], one()]
        for language in "en fr".split()
    }
    html = {name: feedback(r, assignment(lang), say, SOURCE, "printed") for name, (r, lang) in made.items()}
    for language in ("en", "fr"):
        html[f"class {language}"] = class_report(of_class, assignment(language), say, feedback_name=str)
        html[f"oral {language}"] = viva(
            oral("x @ self.W"), assignment(language), say, student_id="1", name="A", picked="td2.py", seed=0
        )
    html["nobody"] = class_report([], TD, say)
    return html


PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_else_and_runs_nothing_but_ours(name: str) -> None:
    page = Page(PAGES[name])
    scripts = [f"<script>{script('report.js').text}</script>"] if name.startswith("class") else []
    assert re.findall("<script.*?</script>", PAGES[name], re.DOTALL) == scripts
    policy = next(a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    allowed = [f"script-src '{script('report.js').source}'"] if scripts else []
    forbidden = ["default-src 'none'", "base-uri 'none'", "form-action 'none'"]
    assert policy is not None and policy.split("; ") == [*forbidden, "style-src 'unsafe-inline'", *allowed]
    for tag, attributes in page.elements:
        assert tag not in ("iframe", "object", "embed", "img", "link", "form", "base")
        assert not {a for a in attributes if a.startswith("on") or a in ("src", "srcdoc", "action", "xlink:href")}
        assert re.match(r"(#|feedback/)", attributes.get("href") or "#")
    assert "http://" not in PAGES[name]
    assert "https://" not in PAGES[name]
    assert "@import" not in PAGES[name]
    assert "url(" not in PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_heard_as_well_as_seen(name: str) -> None:
    page = Page(PAGES[name])
    html = page.elements[0]
    assert html == ("html", {"lang": "fr" if name.endswith("fr") else "en"})
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = Counter(a["id"] for _, a in page.elements if "id" in a)
    assert set(ids.values()) <= {1}
    for _, attributes in page.elements:  # what is pointed to is there
        for target in (attributes.get("aria-labelledby"), (attributes.get("href") or "").partition("#")[2]):
            assert not target or target in ids
    assert sum(tag == "main" for tag, _ in page.elements) == 1
    for tag, attributes in page.elements:
        if tag == "svg":
            assert attributes.get("aria-hidden") or attributes.get("role") == "img"
        if tag == "th":
            assert attributes["scope"] in ("row", "col")


def luminance(colour: str) -> float:
    colour = "".join(c * 2 for c in colour) if len(colour) == 3 else colour
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_in_light_dark_and_print() -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 at least, for every colour of text on every ground that there is."""
    css = (Path(grader.pages.__file__).parent / "templates" / "style.css").read_text()
    themes = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): #([0-9a-f]+)", theme))
        for ground in ("paper", "card", "sunk"):
            for ink in ("ink", "soft", "accent", "pass", "partial", "wrong", "calm"):
                light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


@pytest.mark.parametrize("table", [words, class_words, sheet_words, similar_words])
def test_every_word_is_there_in_every_language(table: ModuleType) -> None:
    assert list(table.ENGLISH) == list(table.FRENCH)
    for name, text in table.ENGLISH.items():
        assert sorted(re.findall(r"{\w*}", text)) == sorted(re.findall(r"{\w*}", table.FRENCH[name])), name


def test_a_page_speaks_its_language_else_english() -> None:
    spoken = words.words("fr", class_words.LANGUAGES)
    assert spoken["score"] == FRENCH["score"] and spoken["glance"] == class_words.FRENCH["glance"]
    assert words.words("de", class_words.LANGUAGES) == words.words("en", class_words.LANGUAGES)
    assert words.words("fr", sheet_words.LANGUAGES)["next"] == sheet_words.FRENCH["next"] != FRENCH["next"]


def test_all_that_can_be_has_a_word() -> None:
    for outcome in Outcome:
        assert outcome in ENGLISH
    for status in Status:
        assert f"status_{status}" in ENGLISH
        assert status is Status.GRADED or f"you_{status}" in ENGLISH
    for why in [*numbers.NEEDS, "zero"]:
        assert f"do_{why}" in ENGLISH


# The student's page


def test_a_student_reads_what_each_check_found() -> None:
    text = Page(feedback(one(), TD, say, SOURCE, "loss 0.3")).text
    flat = " ".join(text.split())
    for phrase in (
        "Zoé O'Brien",
        "3.35 / 10",
        "late",
        "Team 12",
        "Your softmax survives logits of 1000 without a warning or a nan.",
        "Hint. Which of the two axes of W belongs to the inputs?",
        "Cases: public 2 of 2, hidden 3 of 5",
        "td2.py was chosen among 3 files",
        "The block at line 88 was left out",
        "Well begun: do look at Linear.backward again.",
        "One day late.",
        "−0.5",
        "0.75 / 1",  # the question that a person marked
        "print('<b>')",
        "loss 0.3",
    ):
        assert phrase in flat
    assert text.index("Question 2.9") < text.index("Question 2.10")


def test_the_file_is_named_once() -> None:
    """By intake's note, which says why too, or else by the page."""
    assert ENGLISH["picked"] in feedback(report("1", "A", P), TD, say)
    assert ENGLISH["picked"] not in feedback(report("1", "A", P, notes=(Note("picked", {"file": "td2.py"}),)), TD, say)


@pytest.mark.parametrize(("language", "heading"), [("en", "Declared"), ("fr", "Déclaré")])
def test_what_a_student_declares_stands_beside_the_score(language: str, heading: str) -> None:
    told = report("1", "A", P, notes=(DECLARED,))
    for page in (feedback(told, assignment(language), say), class_report([told, one()], assignment(language), say)):
        text = " ".join(Page(page).text.split())
        assert heading in text and "an assistant & <i>two</i>" in text and text.count("–") >= 1
        assert text.count("<i>two") == 1, "a note of its own, it is not told again among the others"
    assert heading not in feedback(one(), assignment(language), say)


@pytest.mark.parametrize(("rule", "asked"), [("allowed", False), ("declared", True), ("forbidden", True)])
def test_that_nothing_was_declared_is_said_where_it_was_asked_for(rule: str, asked: bool) -> None:
    td = replace(TD, assistants=rule)
    absent = report("2", "B", status=Status.ABSENT, picked="")
    page = class_report([one(), absent], td, say)
    assert page.count(ENGLISH["not_declared"]) == asked
    assert (f">{ENGLISH['declared']}<" in page) == asked
    assert ENGLISH["not_declared"] not in feedback(one(), td, say)
    told = class_report([replace(absent, notes=(DECLARED,))], td, say)
    assert f">{ENGLISH['declared']}<" in told and ENGLISH["not_declared"] not in told


def test_a_declaration_is_no_reason_to_look() -> None:
    told = report("1", "A", W, notes=(DECLARED,), score=0.0)
    needs = class_report([told], TD, say).partition(ENGLISH["needs_you"])[2].partition("</table>")[0]
    assert "an assistant" not in needs
    assert numbers.needs([report("1", "A", P, notes=(DECLARED,))]) == []


def test_a_check_that_passes_is_not_talked_about() -> None:
    page = feedback(report("1", "A", P), TD, say)
    assert "It passes." not in page
    assert "Cases:" not in page


@pytest.mark.parametrize(("language", "points"), [("en", "7.5"), ("fr", "7,5")])
def test_what_was_graded_before_is_told_with_its_day(language: str, points: str) -> None:
    before = [Before(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), 7.5)]
    page = feedback(report("1", "A", P), assignment(language), say, before=before)
    said = words.LANGUAGES[language]
    told = said["graded_before"].format(day="2026-11-24")
    assert f'{told}</td><td class="n">{points}</td>' in page and said["points_of_checks"] in page
    assert said["adjustments"] not in feedback(report("1", "A", P), assignment(language), say)


def test_points_that_a_person_gave_are_beside_the_check() -> None:
    changed = ({"kind": "override", "check": "softmax_sums_to_one", "points": 0.5, "reason": "so"},)
    page = Page(feedback(report("1", "A", W, W, adjustments=changed), TD, say)).text
    assert "0 +0.5 / 1" in page
    assert "0.5 / 2" in page


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.GRADED])
def test_without_a_score_the_page_says_why(status: Status) -> None:
    text = Page(feedback(report("1", "A", F, status=status, score=None), TD, say)).text
    assert ("No score yet" in text) == (status is not Status.ABSENT) and "No score" in text
    assert ENGLISH[f"you_{status}"] in text
    assert ("our fault" in text) == (status is Status.GRADER_FAULT)


def test_french_points_have_a_comma() -> None:
    assert "3,35" in feedback(one(), assignment("fr"), say)
    assert (number("fr")(7.5), number("en")(7.5), number("en")(-0.001)) == ("7,5", "7.5", "0")
    assert (number("en")(-7.5), number("fr")(10.0), decimals("fr")(-0.001)) == ("−7.5", "10", "0,00")
    assert (percent("en")(0.344), percent("fr")(0.344)) == ("34%", "34\N{NARROW NO-BREAK SPACE}%")


def test_a_language_that_pages_do_not_speak_is_english() -> None:
    page = Page(feedback(one(), assignment("de"), say))
    assert page.elements[0][1]["lang"] == "en"


def test_without_a_sandbox_every_page_says_so() -> None:
    unsafe = report("1", "A", P, sandbox="none")
    assert ENGLISH["unsafe"] in feedback(unsafe, TD, say)
    assert ENGLISH["mixed_sandbox"] in class_report([unsafe, one()], TD, say)


# The page for an oral


def test_an_oral_asks_by_what_a_change_touches_and_tells_the_examiner_alone() -> None:
    for language, table in (("en", ENGLISH), ("fr", FRENCH)):
        page = PAGES[f"oral {language}"]
        asked = [kind for kind in ("gradient", "accuracy", "value") if table[f"viva_ask_{kind}"] in Page(page).text]
        assert asked == ["gradient", "accuracy", "value"]
        outside = re.sub("<details>.*?</details>", "", page, flags=re.DOTALL)
        assert "It passes." in page and "It passes." not in outside
        assert "Linear.backward" in outside and "stores" in page and "stores" not in outside


# What students write is hostile


def attacked(text: str) -> Report:
    note = Note("hostile", {"text": text})
    return replace(
        one(),
        student_id=text,
        name=text,
        team=text,
        picked=text,
        verdicts=(verdict(0, W, message=note, hint=note),),
        notes=(
            note,
            Note("comment", {"text": text, "who": text}),
            Note("declaration", {"tools": text, "partners": text}),
        ),
        adjustments=({"kind": "override", "check": text, "points": 1.0, "reason": text, "author": text},),
    )


@pytest.mark.parametrize("text", ATTACKS)
def test_hostile_text_is_text(text: str) -> None:
    harmless = attacked("harmless")
    for make in (
        lambda r, t: feedback(r, TD, say, [(t, t)], t),
        lambda r, t: class_report(
            [r, replace(r, status=Status.UNREADABLE, score=None)], TD, say, feedback_name=lambda i: i
        ),
        lambda r, t: viva(oral(t), TD, say, student_id=t, name=t, picked=t, seed=0),
    ):
        page, calm = Page(make(attacked(text), text)), Page(make(harmless, "harmless"))
        page_tags, calm_tags = (Counter(t for t, _ in p.elements if t != "code") for p in (page, calm))
        assert page_tags == calm_tags
        assert {a for _, attributes in page.elements for a in attributes} == {
            a for _, attributes in calm.elements for a in attributes
        }
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\ud800-\udfff]", page.text)
        make(attacked(text), text).encode()


def test_controls_are_shown_as_python_writes_them() -> None:
    assert clean("a\u202eb\x07\udce9") == "a\\u202eb\\x07\\udce9"
    assert clean("\x1b[1;31mred\x1b[0m") == "red"
    assert clean("one\r\ntwo\n\tthree") == "one\ntwo\n\tthree"


def test_prose_marks_code() -> None:
    assert prose("`a < b` or\n    return `x`") == "<code>a &lt; b</code> or\n    <code>return <code>x</code></code>"


def test_nothing_is_endless() -> None:
    long = attacked("x" * 3_000_000)
    assert len(feedback(long, TD, say, [("td2.py", "y" * 3_000_000)], "z" * 3_000_000)) < 60_000
    assert len(class_report([long] * 5, TD, say, feedback_name=lambda i: "1")) < 60_000
    many = feedback(one(), TD, say, [("td2.py", "x\n" * 1_000_000)])
    assert len(many) < 500_000
    assert f"{1_000_000 - LINES} {ENGLISH['more_lines']}" in many
    cells = feedback(replace(one(), notes=long.notes[:1] * 1000), TD, say, [("cell", "x\n" * 1000)] * 2000)
    assert len(cells) < 1_000_000


def test_the_page_holds_nobody_else() -> None:
    everyone = class_of()
    for mine in everyone[:3]:
        page = feedback(mine, TD, say)
        others = {other.name for other in everyone} - {mine.name}
        assert not [name for name in others if name in page]


# The class's page


def test_the_class_at_a_glance() -> None:
    text = " ".join(Page(PAGES["class en"]).text.split())
    scores = [r.score for r in class_of() if r.score is not None]
    assert "48 students" in text
    assert f"{number('en')(sum(scores) / len(scores))} Mean" in text.replace("Mean", " Mean").replace("  ", " ")
    assert f"{len(scores)} with a score" in text
    for phrase in ("Needs you (5)", "Three files could be meant", "Checks, hardest first", "graded, late"):
        assert phrase in text


def test_names_link_to_pages() -> None:
    page = class_report([report("a b/é", "Ada", P)], TD, say, feedback_name=lambda i: i.replace("/", "%2F"))
    assert 'href="feedback/a%20b%252F%C3%A9.html"' in page
    assert 'href="f' not in class_report([report("a", "Ada", P)], TD, say)
    assert 'href="f' not in class_report([report("\ud83d", "Ada", P)], TD, say, feedback_name=str)


def test_histogram_counts_everybody_once() -> None:
    assert numbers.histogram([0.0, 0.99, 1.0, 9.99, 10.0, 5.0], 10.0) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]
    assert numbers.histogram([0.1 + 0.2, 2.9999999999999996], 3.0, 3) == [1, 0, 1]
    assert sum(numbers.histogram([r.score for r in class_of() if r.score is not None], 10.0)) == 44


def test_hardest_checks_come_first_and_our_faults_do_not_count() -> None:
    reports = [report("1", "A", P, W), report("2", "B", P, W), report("3", "C", P, F), report("4", "D", W, P)]
    reports.append(report("5", "E", W, W, status=Status.CRASHED))
    hardest, easiest = numbers.success(reports)
    assert (hardest.id, hardest.students, hardest.full, hardest.rate) == (
        "softmax_is_stable",
        3,
        1,
        pytest.approx(1 / 3),
    )
    assert hardest.outcomes == {Outcome.WRONG: 2, Outcome.PASS: 1}
    assert hardest.message is not None
    assert hardest.message[1:] == (LOOKS_LIKE, 2)
    assert (easiest.id, easiest.full, easiest.message) == ("softmax_sums_to_one", 3, None)


def test_who_needs_a_person_and_who_no_longer_does() -> None:
    def by_hand(of: Report, score: float) -> Report:
        return replace(of, score=score, adjustments=({"kind": "override", "points": score},))

    reports = class_of(0)
    assert [why for why, _ in numbers.needs(reports)] == ["grader_fault", "unreadable", "crashed", "zero", "empty"]
    assert numbers.needs([by_hand(r, 0.0) for r in reports]) == []
    assert ENGLISH["nothing_needed"] in class_report([one()], TD, say)


def test_mean_and_median_of_nobody() -> None:
    assert numbers.mean([]) is numbers.median([]) is None
    assert numbers.scores([report("1", "A", status=Status.ABSENT, score=0.0)]) == []
    assert ENGLISH["nobody"] in PAGES["nobody"]
