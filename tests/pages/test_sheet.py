"""The page to mark on: what stands on it, and that nothing but its own script can run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from grader.exports import marking
from grader.exports.grades import csv_line
from grader.exports.marking import Entry, Mark, Member
from grader.pages import sheet_words
from grader.pages.marking import exact
from grader.pages.sheet import MOST_PIECES, Known, Row, sheet
from grader.pages.text import LINES
from student_template.runner.reading import Cell
from tests.pages.pages_samples import ATTACKS
from tests.pages.parsed import Page
from tests.pages.sheet_samples import COMMAND, ENTRIES, QUESTIONS, page, td

SCRIPTS = re.compile(r"<script([^>]*)>(.*?)</script>", re.DOTALL)


def skeleton(html):
    ((_, text),) = [found for found in SCRIPTS.findall(html) if "application/json" in found[0]]
    return json.loads(text)


def article(html, row, column):
    """One article, without the template that it opens."""
    return re.search(rf'<article class="question" data-row="{row}" data-column="{column}".*?</article>', html, re.S)[0]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_policy_allows_the_one_script_and_nothing_else(language):
    html = page(language)
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)[1]
    (_, script) = SCRIPTS.findall(html)
    assert script[0] == ""
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "style-src 'unsafe-inline'",
        f"script-src 'sha256-{digest}'",
    ]
    for tag, attributes in Page(html).elements:
        assert tag not in ("iframe", "object", "embed", "img", "link", "form", "base", "a")
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "href", "action")}
    assert not re.search(r"fetch|XMLHttp|sendBeacon|WebSocket|EventSource|innerHTML|eval|https?:", script[1])


def test_the_table_that_the_page_fills_in_is_the_csv_s():
    found = skeleton(page())
    lines = [csv_line(cells) for cells in (found["titles"], *found["rows"])]
    assert "\ufeff" + "".join(lines) == marking.marking_csv(ENTRIES, QUESTIONS)
    assert found["command"] == COMMAND and found["file"] == "td2-marks.csv"


def test_what_is_kept_is_for_the_same_table_alone():
    key = skeleton(page())["key"]
    rows = [Row(entry.id, (("1", "A"),), False, {}, (), {}) for entry in ENTRIES]

    def key_of(entries, questions=QUESTIONS):
        of = replace(td(), manual=tuple(questions))
        return skeleton(sheet(of, questions, marking.table(entries, questions), rows[: len(entries)], ""))["key"]

    marked = [
        replace(one, members=tuple(replace(m, marks={"proof": Mark(1.0)}) for m in one.members)) for one in ENTRIES
    ]
    assert key_of(marked) == key and re.fullmatch("surdix mark td2 [0-9a-f]{16}", key)
    assert len({key, key_of(ENTRIES[:2]), key_of(ENTRIES, QUESTIONS[:1])}) == 3


def test_boxes_stand_where_their_cells_are():
    html = page()
    titles = skeleton(html)["titles"]
    boxes = [(tag, a) for tag, a in Page(html).elements if tag in ("input", "textarea")]
    assert len(boxes) == 2 * len(QUESTIONS) * len(ENTRIES)
    for tag, attributes in boxes:
        title = titles[int(attributes["data-column"])]
        assert title.endswith(" comment") == (tag == "textarea")
        if tag == "input":
            assert f"(of {attributes['data-most']})" in title
    first = article(html, 0, 3)
    assert 'value="0.5"' in first and ">=k, &#34;0&#34;?</textarea>" in first
    assert 'value="0,5"' in article(page("fr"), 0, 3) and 'data-points="0,125"' in page("fr")
    assert 'value=""' in article(html, 1, 3)


def test_an_answer_is_shown_first_and_all_of_it_once():
    html = page()
    proof, report = article(html, 0, 3), article(html, 0, 5)
    assert "The labels &lt;b&gt;sum&lt;/b&gt; to $1$." in proof and "checked = True" in proof
    assert "before" not in proof and "after" not in proof and "after = 1" in report
    assert sheet_words.ENGLISH["picture"] in proof and sheet_words.ENGLISH["picture"] not in report
    assert '<details data-from="all0">' in proof
    template = re.search('<template id="all0">.*?</template>', html, re.S)[0]
    for cell in ("A title", "before = 1", "checked = True", "after = 1"):
        assert cell in template
    assert html.count("before = 1") == 1
    assert 'counter-reset:line 1"' in article(html, 1, 5)  # numbers are those of the file
    assert "cellule 4" in page("fr")


def test_where_the_part_is_not_found_all_is_opened_and_it_is_said():
    html = page()
    team, nobody = article(html, 3, 3), article(html, 2, 3)
    assert sheet_words.ENGLISH["no_part"] in team and '<details data-from="all3" open>' in team
    assert "data.csv" in team and "Anna</bdi>: 0.5; <bdi>Ben</bdi>: –" in team
    assert sheet_words.ENGLISH["nothing"] in nobody and "<details" not in nobody
    assert sheet_words.ENGLISH["no_part"] in article(html, 1, 3)


def test_a_page_can_be_heard_as_well_as_seen():
    elements = Page(page()).elements
    ids = Counter(a["id"] for _, a in elements if "id" in a)
    assert set(ids.values()) == {1}
    for _, attributes in elements:
        for name in ("aria-labelledby", "aria-describedby", "data-from"):
            assert name not in attributes or attributes[name] in ids
    levels = [int(tag[1]) for tag, _ in elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and set(levels[1:]) == {2, 3}


@pytest.mark.parametrize("text", ATTACKS)
def test_hostile_text_is_text(text):
    def made(text):
        entry = Entry(text, (Member(text, text, {"proof": Mark(0.5, text)}), Member("2", text)), team=True)
        cells = [Cell(f"## Question 2.6 {text}", f"# Question 2.6 {text}\n{text}", code) for code in (True, False)]
        known = {one.id: Known("0.5", text, ((text, "0.5"),)) for one in QUESTIONS}
        row = Row(text, ((text, text), ("2", text)), True, {text: cells}, (text,), known)
        return sheet(td(), QUESTIONS, marking.table([entry], QUESTIONS), [row], text)

    html, calm = made(text), made("harmless")
    tags, calm_tags = (Counter(tag for tag, _ in Page(one).elements if tag != "code") for one in (html, calm))
    if "<img" not in text:  # which is told as a picture, in a paragraph of its own
        assert tags == calm_tags
    assert {name for _, a in Page(html).elements for name in a} == {name for _, a in Page(calm).elements for name in a}
    outside = re.sub("<textarea.*?</textarea>", "", html, flags=re.DOTALL)  # a comment is shown as it will be recorded
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", Page(outside).text)
    assert len(SCRIPTS.findall(html)) == 2
    html.encode("utf-8", "backslashreplace")


def test_nothing_is_endless():
    cells = [
        Cell("", "# Question 2.6\n" + "x\n" * 1_000_000),
        *[Cell("", "y" * 3_000_000)] * 50,
        *[Cell("", "z")] * 5000,
    ]
    row = Row("1", (("1", "A"),), False, {"td2.py": cells}, ("f",) * 1000, {})
    html = sheet(td(), QUESTIONS, marking.table(ENTRIES[:1], QUESTIONS), [row], "")
    assert len(html) < 1_500_000
    assert f"{1_000_001 - LINES} more lines are not shown" in html
    assert f"{5_051 - MOST_PIECES + 1} more lines are not shown" in html


def test_points_are_shown_with_all_their_decimals():
    assert [exact(points) for points in (0.0, 0.125, 1.0, 10.0, 1 / 3)] == [
        "0",
        "0.125",
        "1",
        "10",
        "0.3333333333333333",
    ]
