"""`surdix similar`: a private page of its own that says where to look, and no verdict."""

import re

import pytest

from grader.contract import Excerpt, Found, Group, Passage
from grader.pages import similar_words
from grader.pages.similar import Whose
from grader.pages.similar import page as page_of
from tests.cli.conftest import GOOD
from tests.cli.test_bad_usage import one_line
from tests.pages.pages_samples import assignment
from tests.pages.parsed import Page
from tests.similarity.disguise import disguised
from tests.similarity.test_pairs import one_of_its_own

LONG = (
    GOOD
    + "\n\nclass Scale:\n"
    + "".join(
        f"    def step_{number}(self, x, rate):\n"
        f'        """Step {number}."""\n'
        f"        moved = x - rate * np.maximum(x, {number}) ** 2  # <b>bold</b>\n"
        f"        return np.where(moved > {number}, moved.clip(0, {number}), x.mean(axis=0))\n"
        for number in range(8)
    )
)
ROSTER = "student_id,name,team\nann,Ann <i>,\nbob,Bob,\ncleo,Cleo,\ndave,Dave,\n"


@pytest.fixture
def graded(surdix, class_folder, tmp_path):
    """Four students; bob has ann's code in other words."""
    others = {name: GOOD + one_of_its_own(number) for number, name in enumerate(("cleo", "dave"))}
    (tmp_path / "roster.csv").write_text(ROSTER)
    folder = class_folder(ann=LONG, bob=disguised(LONG), **others)
    out = tmp_path / "out"
    done = surdix("grade", "tdm", folder, "--out", out, "--roster", tmp_path / "roster.csv")
    assert done.status == 0, done.err
    return out


def test_a_pair_is_on_a_private_page_and_nowhere_else(surdix, graded, course):
    report = (graded / "report.html").read_text()
    done = surdix("similar", graded, "--course", course.folder)
    assert done.status == 0, done.err
    path = graded / "similar" / "pairs.html"
    assert done.out.splitlines() == [
        "Hand-ins compared: 4.",
        "Groups that share more than the handout explains: 1 (of 2 hand-ins). A place to look, not a verdict:",
        str(path),
    ]
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    html = path.read_text()
    page = Page(html)
    assert "A place to look, not a verdict." in page.text and "For you alone" in page.text
    assert "Ann <i> (ann) and Bob (bob)" in page.text and "Cleo" not in page.text
    assert "<b>bold</b>" not in html and "<i>" not in html and "<b>bold</b>" in page.text
    assert ("mark", {}) in page.elements and "in 2 of 4 hand-ins. Nobody else wrote this." in page.text
    again = (graded.parent / "class", "--out", graded, "--roster", graded.parent / "roster.csv")
    assert surdix("grade", "tdm", *again).status == 0
    assert (graded / "report.html").read_text() == report and "similar" not in report
    for made in (*graded.glob("results/*"), *graded.glob("feedback/*"), graded / "grades.csv"):
        assert "pairs.html" not in made.read_text()


def test_it_goes_where_it_is_told_to_in_french_and_purge_removes_its_own(surdix, graded, course, tmp_path):
    to = tmp_path / "new" / "newer" / "mine.html"
    assert surdix("similar", graded, "--to", to, "--course", course.folder).status == 0
    assert [path.stat().st_mode & 0o777 for path in (to, to.parent, to.parent.parent)] == [0o600, 0o700, 0o700]
    assert not (graded / "similar").exists()
    assert surdix("similar", graded, "--course", course.folder).status == 0
    assert to.read_text() == (graded / "similar" / "pairs.html").read_text()
    assert surdix("purge", graded, "--yes").status == 0
    assert sorted(path.name for path in graded.iterdir()) == ["statistics.json"]
    one_line(surdix("similar", graded, "--course", course.folder), "nothing was graded here")


def test_a_ring_and_who_was_not_compared_are_named(surdix, class_folder, course, tmp_path):
    """Four friends in a class of twelve, one who wrote little, and one whose code breaks off."""
    friends = dict.fromkeys(("ann", "bob", "cleo", "dave"), LONG)
    others = {f"other{number}": GOOD + one_of_its_own(number) for number in range(8)}
    others["other0"] = "if 1:\n        x = 1\n    y = 1\n" + others["other0"]
    out = tmp_path / "out"
    folder = class_folder(**friends, **others, little=GOOD)
    assert surdix("grade", "tdm", folder, "--out", out).status == 0
    done = surdix("similar", out, "--course", course.folder)
    assert done.out.splitlines()[:4] == [
        "Hand-ins compared: 12.",
        "Not read to their end, since they are very long or break off: other0.",
        "Too short to tell anything: little.",
        "Groups that share more than the handout explains: 1 (of 4 hand-ins). A place to look, not a verdict:",
    ]
    page = Page((out / "similar" / "pairs.html").read_text())
    assert "4 hand-ins share this" in page.text and "ann, bob, cleo and dave" in page.text
    assert page.text.count("Passage 1") == 1 and "in 4 of 12 hand-ins. Nobody else wrote this." in page.text
    assert "read, which may be not at all: other0." in page.text and "Too short to tell anything: little." in page.text


def test_it_follows_no_link_out_of_the_folder(surdix, graded, course, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (graded / "similar").symlink_to(tmp_path / "elsewhere")
    one_line(surdix("similar", graded, "--course", course.folder), "similar: this leads elsewhere")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_it_takes_no_place_of_ours(surdix, graded, course):
    before = (graded / "results").stat().st_mode, (graded / "report.html").read_bytes()
    for to, why in (
        *((graded / name, "this is where results are") for name in ("report.html", "results/x.html", "viva/ann.html")),
        *((graded / name, "ends in .html") for name in ("grades.csv", "gradebook.sqlite")),
    ):
        one_line(surdix("similar", graded, "--to", to, "--course", course.folder), why)
    assert before == ((graded / "results").stat().st_mode, (graded / "report.html").read_bytes())


def test_teams_are_not_compared_with_themselves(surdix, class_folder, course, tmp_path):
    (tmp_path / "roster.csv").write_text("student_id,name,team\nann,Ann,team-1\nbob,Bob,team-1\ncleo,Cleo,team-2\n")
    texts = {"team-1": LONG, "team-2": GOOD + one_of_its_own(1)}
    out = tmp_path / "out"
    done = surdix("grade", "tdm", class_folder(**texts), "--out", out, "--roster", tmp_path / "roster.csv")
    assert done.status == 0, done.err
    done = surdix("similar", out, "--course", course.folder)
    assert done.out.startswith("Hand-ins compared: 2.\n") and "explains: 0." in done.out
    assert (
        "Groups of which each two share at least 30% of what the shorter one adds to the handout: 0."
        in Page((out / "similar" / "pairs.html").read_text()).text
    )


ROWS = (("", "<script>alert(1)</script>\x1b[31m\u202e", "</mark>" + "x" * 10_000), ("", "y", ""))
SIDE = Excerpt("<img src=x>", 3, ROWS)
PASSAGES = (Passage(SIDE, SIDE, 2), Passage(SIDE, SIDE, 9))
PAIR, RING = Group(("1", "2"), 0.96, 0.96, PASSAGES), Group(("1", "2", "3"), 0.4, 0.7, PASSAGES)
FOUND = Found((PAIR, RING) * 20, above=50, compared=30, short=("3",), partly=("1", "2"), common=7, threshold=0.4)
WHOSE = {"1": Whose('"><script>Ada', "<b>Bo</b>"), "2": Whose("Bo\u202e"), "3": Whose("<i>Cy", "<i>Bo</i>")}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hostile_text_is_text_and_bounded(language):
    made = assignment(language=language)
    html = page_of(made, FOUND, WHOSE)
    page = Page(html)
    assert not {"script", "img", "b", "i", "a"} & {tag for tag, values in page.elements if "href" not in values}
    assert "\x1b" not in html and "\u202e" not in html
    assert "<script>alert(1)</script>" in page.text and max(map(len, html.splitlines())) < 2_000
    assert len(html) < 1_000_000
    links = {values["href"] for _, values in page.elements if "href" in values}
    assert links == {f"#group-{number}" for number in range(1, 41)}
    told = similar_words.LANGUAGES[language]
    assert all(
        told[key] in page.text
        for key in ("no_verdict", "private", "rare", "common", "only_first", "partly", "too_short", "side_by_side")
    )
    assert re.search("96\u202f?\xa0?.?%", page.text)
